import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { issueDevelopmentToken } from "../../src/http/tokens.js";
import type { Cluster } from "./cluster.js";
import { startFlags } from "../start-flags.js";
import { type ServerProcess, startServer } from "./processes.js";

/** Fabula's own server process, with the settings of production. */
export interface FabulaServer extends ServerProcess {
  /** Returns the headers of a request of `user`. */
  headersOf(user: string): Promise<Readonly<Record<string, string>>>;
}

// A bench sends all its requests as few users, so it needs a larger budget than a real user has.
const BUDGET = { COST_BUCKET: "1000000000", COST_PER_SECOND: "1000000" };

export async function startFabula(
  { urls }: Cluster,
  settings: Readonly<Record<string, string>>,
  flags: readonly string[],
): Promise<FabulaServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "fabula-page-"));
  const server = await startServer({
    path: fileURLToPath(new URL("../../src/main.js", import.meta.url)),
    flags: [...startFlags(), ...flags],
    environment: {
      ...{ DATABASE_URL: urls.appUrl, MIGRATION_DATABASE_URL: urls.ownerUrl },
      ...{ AUTH_SECRET: urls.tokenSecret, INLINE_WORKER: "false", LOG_LEVEL: "warn" },
      ...{ HOST: "127.0.0.1", DATA_DIR: dataDir, ...BUDGET, ...settings },
    },
  });
  return {
    ...server,
    headersOf: async (user) => {
      const token = await issueDevelopmentToken(urls.tokenSecret, {
        ...{ subject: user, displayName: user },
      });
      return { authorization: `Bearer ${token}` };
    },
    close: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
