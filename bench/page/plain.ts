import { fileURLToPath } from "node:url";
import type { Cluster } from "./cluster.js";
import { type ServerProcess, startServer } from "./processes.js";

/** A statement of the plain server. If the first row has the column `page`, this text is the whole answer. */
export interface PlainStatement {
  readonly name: string;
  readonly text: string;
}

interface PlainOptions {
  readonly flags?: readonly string[];
  readonly isSuperuser?: boolean;
}

/** Starts the server of hand-written statements. As the superuser, it is not bound by row-level security. */
export const startPlainServer = (
  { urls, superUrl }: Cluster,
  statements: ReadonlyMap<string, PlainStatement>,
  { flags = [], isSuperuser = false }: PlainOptions = {},
): Promise<ServerProcess> =>
  startServer({
    path: fileURLToPath(new URL("../plain-server.js", import.meta.url)),
    flags,
    environment: {
      DATABASE_URL: isSuperuser ? superUrl : urls.appUrl,
      ROLE: isSuperuser ? "postgres" : "fabula_app",
      STATEMENTS: JSON.stringify(Object.fromEntries(statements)),
    },
  });
