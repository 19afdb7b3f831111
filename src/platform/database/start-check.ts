import { StartupError } from "../errors.js";
import type { Database } from "./database.js";
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
export async function checkDatabase(database: Database): Promise<void> {
  const [facts] = await database.read({ viewer: null }, (tx) => tx.query<SessionFacts[]>(FACTS));
  const problem = facts ? problemIn(facts) : "The database did not report its current user.";
  if (problem !== null) throw new StartupError(problem);
}

function problemIn(facts: SessionFacts): string | null {
  if (facts.role !== Role.App) {
    return `Transactions run as ${facts.role} instead of ${Role.App}; grant ${Role.App} to the user of DATABASE_URL.`;
  }
  if (facts.isSuperuser || facts.bypassesRls) {
    return `The role ${Role.App} ignores row-level security; run ALTER ROLE ${Role.App} NOSUPERUSER NOBYPASSRLS as a superuser.`;
  }
  if (facts.encoding !== "UTF8") {
    return `The database is encoded in ${facts.encoding}; create it with ENCODING 'UTF8'.`;
  }
  return facts.isReadOnly
    ? "The database is read-only; set DATABASE_URL to the primary server."
    : null;
}
