import pg from "pg";
import { StartupError } from "../platform/errors.js";

/** The role that owns `legacy_sync` and writes migrated rows. It may not log in. */
export const SYNC_ROLE = "fabula_legacy";

/** Who runs a statement: the role of the transition, the owner of the legacy tables, or the owner of our tables. */
export const Actor = { Sync: "sync", Legacy: "legacy", Owner: "owner" } as const;
export type Actor = (typeof Actor)[keyof typeof Actor];

/** Opens a connection of its own, with settings that no default of the database can change. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "fabula migrate" });
  // The next statement reports the loss of the connection.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    const { host } = new URL(url);
    throw new StartupError(
      `Cannot reach the database at ${host}; is it running, and is DATABASE_URL right?`,
      { cause },
    );
  }
  await client.query("SET search_path = pg_catalog, pg_temp; SET TimeZone = 'UTC'");
  return client;
}

/** Runs `work` in one transaction. A failure of `work` undoes all of it. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

export const quoted = (name: string): string => pg.escapeIdentifier(name);
