import pg from "pg";
import { StartupError } from "../platform/errors.js";

/** The role that owns `legacy_sync` and writes migrated rows. It may not log in. */
export const SYNC_ROLE = "fabula_legacy";

/** Who runs a statement: the role of the transition, the owner of the legacy tables, or the owner of our tables. */
export const Actor = { Sync: "sync", Legacy: "legacy", Owner: "owner" } as const;
export type Actor = (typeof Actor)[keyof typeof Actor];

/** Rows of ours do not depend on the defaults of a database or a login. */
const SETTINGS = `SET search_path = pg_catalog, pg_temp; SET TimeZone = 'UTC'; SET DateStyle = 'ISO';
  SET extra_float_digits = 1; SET row_security = on; SET standard_conforming_strings = on`;

/**
 * Opens a connection of its own, with settings that no default of the database can change. `command` is a part of
 * its name in pg_stat_activity.
 */
export async function connect(url: string, command = ""): Promise<pg.Client> {
  const application_name = `fabula migrate ${command}`.trim();
  const client = new pg.Client({ connectionString: url, application_name });
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
  await client.query(SETTINGS);
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

/** Runs `work` in one transaction as a role. */
export const inTransactionAs = <T>(
  client: pg.Client,
  role: string,
  work: () => Promise<T>,
): Promise<T> =>
  inTransaction(client, async () => {
    await client.query(`SET LOCAL ROLE ${quoted(role)}`);
    return work();
  });

/** The SQLSTATE of an error of PostgreSQL. */
export const sqlStateOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/** The server stopped, or ended this connection, or cannot be reached any more. */
export const isLostConnection = (error: Error): boolean =>
  /^(08|57P0[123])|^E(CONN|PIPE)/.test(sqlStateOf(error) ?? "") ||
  /^Connection terminated|not queryable|Client was closed/.test(error.message);

/** Data exceptions, violated constraints, and values that are too long or too deep: the same row fails again. */
export const isAboutData = (error: unknown): error is Error =>
  /^(2[23]|54)/.test(sqlStateOf(error) ?? "");

/**
 * SQL of the privilege that lets a login act as a role. Since PostgreSQL 16, the creator of a role is a member of the
 * role, but may not act as the role.
 */
export const ACTING =
  "CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END";

export const quoted = (name: string): string => pg.escapeIdentifier(name);
