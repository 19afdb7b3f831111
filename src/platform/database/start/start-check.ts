import { StartupError, UnavailableError } from "../../errors.js";
import type { Database } from "../transactions/database.js";
import { explainConnectionError } from "./roles.js";
import { openClient, refuseSharedSessions, refusesTransactions, unreachable } from "./sessions.js";
import { Role } from "../connection/settings.js";

interface SessionFacts {
  readonly role: string;
  readonly isSuperuser: boolean;
  readonly bypassesRls: boolean;
  readonly encoding: string;
  readonly isReadOnly: boolean;
  readonly server: string;
}

// Different for each database, and for each start of a server.
const SERVER = `(SELECT d.oid || ' ' || extract(epoch FROM pg_postmaster_start_time())
    FROM pg_catalog.pg_database d WHERE d.datname = current_database())`;

// This query runs in a transaction like those of requests, because the check is about such transactions.
// Another client can have made a shared session read-only. Each transaction sets its own mode, so the
// query ignores the current value and reads the default value (reset_val).
const FACTS = `SELECT current_user AS role, r.rolsuper AS "isSuperuser", r.rolbypassrls AS "bypassesRls",
    pg_encoding_to_char(d.encoding) AS encoding,
    pg_is_in_recovery() OR (SELECT reset_val = 'on' FROM pg_settings
      WHERE name = 'default_transaction_read_only') AS "isReadOnly",
    ${SERVER} AS server
  FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`;

/** The addresses of one database. */
interface Addresses {
  /** The address for transactions. A pooler may be on the way. */
  readonly url: string;
  /**
   * The address for notifications and the job queue, which need sessions of their own. If the address
   * is absent, connectDatabase checks only `url`.
   */
  readonly directUrl?: string;
}

/**
 * Connects a database whose transactions act as `role`, and checks it.
 * @throws StartupError that says what to do
 */
export async function connectDatabase(
  database: Database,
  { role, url, directUrl }: Addresses & { readonly role: Role },
): Promise<void> {
  const { dataSource } = database;
  await dataSource.initialize().catch((cause: unknown) => {
    throw unreachable(url, cause);
  });
  try {
    const server = await checkDatabase(database, role);
    if (directUrl !== undefined) await checkDirect(directUrl, server);
  } catch (error) {
    await dataSource.destroy();
    throw (await explainRefusal(error, url)) ?? explainConnectionError(error, url);
  }
}

/** A pooler that refuses a transaction closes the connection, which looks like an outage. */
async function explainRefusal(error: unknown, url: string): Promise<StartupError | null> {
  if (!(error instanceof UnavailableError && (await refusesTransactions(url)))) return null;
  return new StartupError(
    "The pooler of DATABASE_URL does not allow transactions; set its pool mode to transaction or session.",
    { cause: error },
  );
}

/**
 * Returns the identity of the server and its database.
 * @throws StartupError with one sentence about the first reason why this database is unsafe or
 * unusable
 */
export async function checkDatabase(database: Database, role: Role = Role.App): Promise<string> {
  const [facts] = await database.read({ viewer: null }, (tx) => tx.query<SessionFacts[]>(FACTS));
  const problem = facts ? problemIn(facts, role) : "The database did not report its current user.";
  if (problem !== null) throw new StartupError(problem);
  return facts?.server ?? "";
}

async function checkDirect(directUrl: string, server: string): Promise<void> {
  await refuseSharedSessions(directUrl, "Notifications and the job queue", "DIRECT_DATABASE_URL");
  if ((await readDirectServer(directUrl)) !== server) {
    throw new StartupError(
      "DIRECT_DATABASE_URL and DATABASE_URL lead to different databases; set both to the same database.",
    );
  }
}

/** The roles of the sessions that need the direct address: notifications, and the job queue. */
const SESSION_ROLES = [Role.App, Role.Queue];

async function readDirectServer(url: string): Promise<string | undefined> {
  const client = await openClient(url);
  try {
    for (const role of SESSION_ROLES) await client.query(`BEGIN; SET LOCAL ROLE ${role}; ROLLBACK`);
    const { rows } = await client.query<{ server: string }>(`SELECT ${SERVER} AS server`);
    return rows[0]?.server;
  } catch (error) {
    throw explainConnectionError(error, url);
  } finally {
    await client.end();
  }
}

function problemIn(facts: SessionFacts, role: Role): string | null {
  if (facts.role !== role) {
    return `Transactions run as ${facts.role} instead of ${role}; grant ${role} to the user of DATABASE_URL.`;
  }
  if (facts.isSuperuser || facts.bypassesRls) {
    return `The role ${role} ignores row-level security; run ALTER ROLE ${role} NOSUPERUSER NOBYPASSRLS as a superuser.`;
  }
  if (facts.encoding !== "UTF8") {
    return `The database is encoded in ${facts.encoding}; create it with ENCODING 'UTF8'.`;
  }
  return facts.isReadOnly
    ? "The database is read-only; set DATABASE_URL to the primary server."
    : null;
}
