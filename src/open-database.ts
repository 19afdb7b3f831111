import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.js";
import { startEmbeddedPostgres } from "./platform/embedded-postgres/index.js";
import { StartupError } from "./platform/errors.js";

/** A database that answers, and what leaving it takes. */
export interface OpenDatabase {
  readonly url: string;
  readonly migrationUrl: string;
  readonly isEmbedded: boolean;
  /** Where this installation keeps its files: DATA_DIR, or the fallback that its PostgreSQL took. */
  readonly filesDir: string;
  /** Signs development tokens: made once, when it is first asked for, and kept with the data. */
  developmentSecret: () => Promise<string>;
  /** Stops the embedded server, unless another process uses it still. */
  leave: () => Promise<void>;
}

/**
 * One's own PostgreSQL where DATABASE_URL names one, else the embedded one: started, or joined
 * where another process of ours runs it.
 */
export async function openDatabase(
  { database, dataDir }: Pick<Config, "database" | "dataDir">,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  if (database) {
    return {
      ...database,
      isEmbedded: false,
      filesDir: dataDir,
      developmentSecret: () => keptSecret(dataDir),
      leave: () => Promise.resolve(),
    };
  }
  const wanted = join(dataDir, "postgres");
  const embedded = await startEmbeddedPostgres({ dataDir: wanted, logger: say });
  return {
    url: embedded.appUrl,
    migrationUrl: embedded.ownerUrl,
    isEmbedded: true,
    filesDir: embedded.dataDir === wanted ? dataDir : embedded.dataDir,
    developmentSecret: () => Promise.resolve(embedded.tokenSecret),
    leave: () => embedded.stop(),
  };
}

async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, "token-secret");
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new StartupError(
      `DATA_DIR ${dataDir} cannot hold the development secret; choose another folder, or set AUTH_SECRET.`,
      { cause },
    );
  });
  // wx: whoever comes first makes the secret, everyone else reads it.
  await writeFile(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    },
  );
  return readFile(file, "utf8");
}
