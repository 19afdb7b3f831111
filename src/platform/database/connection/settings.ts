import type pg from "pg";

/**
 * The database roles. `Owner` owns the schemas and migrates them. `App` serves requests. `Worker` runs
 * jobs: it has the rights of the app, and alone writes analyses. `Queue` has rights to the queue only.
 */
export const Role = {
  Owner: "fabula_owner",
  App: "fabula_app",
  Worker: "fabula_worker",
  Queue: "fabula_queue",
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/**
 * The settings that decide the rights and the meaning of a statement. A pooler may drop the options
 * of a connection. An administrator may change the defaults. Another client of a shared session may
 * leave the session in any state. So every transaction sets all of these settings.
 */
const SETTINGS = {
  row_security: "on",
  // With this path, a name without a schema never means another user's function, operator or
  // temporary table.
  search_path: "pg_catalog, pg_temp",
  standard_conforming_strings: "on",
  // The driver can read times only in this form. In another form, the driver would swap days and
  // months.
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  // With 0 or less, PostgreSQL would round floating-point numbers.
  extra_float_digits: "1",
  // With a short timeout from another client, a locked row would look like an outage.
  lock_timeout: "0",
} as const;

export interface Timeouts {
  /** Absent if the caller sets the timeout itself. */
  readonly statementMs?: number;
  readonly idleInTransactionMs: number;
}

const NO_TIMEOUTS: Timeouts = { statementMs: 0, idleInTransactionMs: 0 };

// Parameters come after this statement, because PostgreSQL reads them in the client's encoding.
const ENCODING = "SET LOCAL client_encoding = 'UTF8'";
const READ_COMMITTED = "ISOLATION LEVEL READ COMMITTED";

/**
 * Sets what the next statement needs. The role has the right to call the functions of the server. With
 * this search path, names without a schema are PostgreSQL's own.
 */
const actAs = (role: Role): string =>
  `SET LOCAL ROLE ${role}; SET LOCAL row_security = on; SET LOCAL search_path = ${SETTINGS.search_path}`;

/** Begins a transaction of `role` that reads. */
export const beginRead = (role: Role): string =>
  `BEGIN ${READ_COMMITTED} READ ONLY; ${ENCODING}; ${actAs(role)}`;

/** The first statement of a transaction that writes. TypeORM has already begun the transaction. */
export const allowWrites = (role: Role): string =>
  `SET TRANSACTION ${READ_COMMITTED} READ WRITE; ${ENCODING}; ${actAs(role)}`;

/**
 * Returns calls of set_config, to use in a SELECT after the beginning of a transaction. The settings end
 * with the transaction.
 */
export function transactionSettings(timeouts: Timeouts): string {
  const {
    role: _role,
    search_path: _path,
    row_security: _security,
    ...rest
  } = settingsOf(Role.App, timeouts);
  return calls(rest, true);
}

/**
 * Gives a connection the settings until the connection ends. Use this only for a connection with
 * its own session. Never use it with a pooler that shares sessions.
 */
export async function setSession(client: pg.ClientBase, role: Role): Promise<void> {
  const defaults = {
    client_encoding: "UTF8",
    default_transaction_read_only: "off",
    default_transaction_isolation: "read committed",
  };
  await client.query(`SELECT ${calls({ ...settingsOf(role, NO_TIMEOUTS), ...defaults }, false)}`);
}

const settingsOf = (role: Role, timeouts: Timeouts): Record<string, string> => ({
  role,
  ...SETTINGS,
  ...(timeouts.statementMs === undefined
    ? {}
    : { statement_timeout: String(timeouts.statementMs) }),
  idle_in_transaction_session_timeout: String(timeouts.idleInTransactionMs),
});

const calls = (settings: Record<string, string>, endsWithTransaction: boolean): string =>
  Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', ${endsWithTransaction})`)
    .join(", ");
