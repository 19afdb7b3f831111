import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../platform/embedded-postgres/index.js";
import type { Stopping } from "../../platform/process/process.js";
import { connect } from "../connection.js";
import { createLegacyTables, generateLegacyData } from "./generator.js";

/** The role that owns the legacy tables of the demo, and as which the old application writes. */
export const DEMO_OWNER = "legacy_app";
const NARRATIONS = 2_000;

/** A database that processes of ours can open, with the rights of its administrator. */
interface DemoDatabase {
  readonly url: string;
  readonly directUrl: string;
  readonly migrationUrl: string;
  readonly isEmbedded: boolean;
  readonly filesDir: string;
  readonly developmentSecret: () => Promise<string>;
  readonly leave: () => Promise<void>;
}

/**
 * Starts a PostgreSQL of its own in a temporary folder, with a small legacy database. The end of the process
 * removes all of it.
 */
export async function startDemoDatabase(
  stopping: Stopping,
  say: (line: string) => void,
): Promise<DemoDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "fabula-migrate-demo-"));
  // The server may run as another user, who must be able to enter the folder.
  await chmod(folder, 0o755);
  stopping(() => rm(folder, { recursive: true, force: true }));
  say("Starting a PostgreSQL of its own");
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    logger: () => undefined,
  });
  stopping(() => server.stop());
  const url = new URL(server.superUrl);
  url.pathname = "/demo";
  const admin = await connect(server.superUrl);
  await admin.query("CREATE DATABASE demo");
  await admin.query(`CREATE ROLE ${DEMO_OWNER} NOLOGIN NOSUPERUSER`);
  await admin.end();
  say(`Making a legacy database with ${NARRATIONS} narrations`);
  const client = await connect(url.href);
  await client.query(`GRANT CREATE ON SCHEMA public TO ${DEMO_OWNER}`);
  await createLegacyTables(client, DEMO_OWNER);
  await generateLegacyData(client, DEMO_OWNER, { seed: "demo", narrations: NARRATIONS });
  await client.end();
  const address = { url: url.href, directUrl: url.href, migrationUrl: url.href };
  return {
    ...{ ...address, isEmbedded: true, filesDir: folder },
    developmentSecret: () => Promise.resolve(server.tokenSecret),
    // The cleanups above stop the server.
    leave: () => Promise.resolve(),
  };
}
