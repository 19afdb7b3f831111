import { StartupError } from "../errors.js";
import type { Database } from "./database.js";
import { explainConnectionError } from "./roles.js";
import { Role } from "./settings.js";

interface SessionFacts {
  readonly role: string;
  readonly isSuperuser: boolean;
  readonly bypassesRls: boolean;
  readonly encoding: string;
  readonly isReadOnly: boolean;
}

// This query runs in the same kind of transaction as a request, because such transactions must be
// safe.
const FACTS = `SELECT current_user AS role, r.rolsuper AS "isSuperuser", r.rolbypassrls AS "bypassesRls",
    pg_encoding_to_char(d.encoding) AS encoding,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS "isReadOnly"
  FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`;

/**
 * @throws StartupError with one sentence about the first reason why this database is unsafe or
 * unusable
 */
export async function checkDatabase(database: Database, role: Role = Role.App): Promise<void> {
  const [facts] = await database.read({ viewer: null }, (tx) => tx.query<SessionFacts[]>(FACTS));
  const problem = facts ? problemIn(facts, role) : "The database did not report its current user.";
  if (problem !== null) throw new StartupError(problem);
}

/**
 * Connects a database whose transactions act as `role`, and checks it.
 * @throws StartupError that says what to do
 */
export async function connectDatabase(
  database: Database,
  { role, url }: { readonly role: Role; readonly url: string },
): Promise<void> {
  try {
    await database.dataSource.initialize();
    await checkDatabase(database, role);
  } catch (error) {
    throw explainConnectionError(error, url);
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
