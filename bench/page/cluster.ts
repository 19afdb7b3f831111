import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { prepareDatabase } from "../../src/app.js";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/platform/embedded-postgres/index.js";
import { useIdKey } from "../../src/graphql/relay/id-key.js";
import type { IdKey } from "../../src/platform/ids/id-key.store.js";
import type { SeedSize } from "./seed-size.js";
import { seed, seededSize } from "./seed.js";

/** A seeded PostgreSQL of this bench. */
export interface Cluster {
  readonly urls: Pick<EmbeddedPostgres, "appUrl" | "ownerUrl" | "tokenSecret">;
  /** The URL of the superuser, in the database of the app. */
  readonly superUrl: string;
  /** The process that starts all other processes of PostgreSQL. */
  readonly pid: number;
  readonly logFile: string;
  close(): Promise<void>;
}

// Autovacuum would use CPU in the middle of a measurement. The seed vacuums once.
const SETTINGS = { autovacuum: "off", fsync: "off", max_wal_size: "128MB" };

/**
 * Starts a PostgreSQL and fills it, if it is empty.
 * @param kept the folder to use again; if undefined, the bench makes a folder and removes it at the end
 */
export async function openCluster(
  kept: string | undefined,
  size: SeedSize,
  say: (line: string) => void,
): Promise<Cluster> {
  const folder = kept === undefined ? await mkdtemp(join(tmpdir(), "fabula-page-")) : resolve(kept);
  await mkdir(folder, { recursive: true });
  // PostgreSQL may run as another user, who must be able to enter the folder.
  await chmod(folder, 0o755);
  const dataDir = join(folder, "postgres");
  const server = await startEmbeddedPostgres({ dataDir, logger: say, settings: SETTINGS });
  const superUrl = new URL(server.superUrl);
  superUrl.pathname = "/fabula";
  await prepareDatabase(server.ownerUrl);
  const found = await seededSize(superUrl.href);
  if (found === null) await seed(superUrl.href, size, say);
  else say(`Uses ${found.stories} stories and ${found.narrations} narrations of ${folder}`);
  await useIdsOf(superUrl.href);
  const pidFile = await readFile(join(server.dataDir, "data", "postmaster.pid"), "utf8");
  return {
    urls: server,
    superUrl: superUrl.href,
    pid: Number.parseInt(pidFile, 10),
    logFile: server.logFile,
    close: async () => {
      await server.stop();
      if (kept === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Lets the bench make and read the public ids of the database. */
async function useIdsOf(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<IdKey>(
    'SELECT k.key, k.last_plain AS "lastPlain" FROM platform.id_key k',
  );
  await client.end();
  if (rows[0]) useIdKey(rows[0]);
}
