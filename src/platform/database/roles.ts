import { StartupError } from "../errors.js";
import type pg from "pg";
import { Role } from "./data-source.js";

const OLDEST_SERVER_VERSION = 150_000;

/** A database this server cannot use as it is. The message carries the statements that mend it. */
export class DatabaseSetupError extends StartupError {}

/**
 * Sees to it that both roles exist, that the one logged in may act as the owner, and that the
 * owner may create schemas.
 * @throws DatabaseSetupError with the statements to run, where this login may not do it itself.
 */
export async function ensureRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; database: string; login: string }>(
    "SELECT current_setting('server_version_num') AS version, current_database() AS database, current_user AS login",
  );
  const [server] = rows;
  if (!server) throw new DatabaseSetupError("The database did not say who it is.");
  if (Number(server.version) < OLDEST_SERVER_VERSION) {
    throw new DatabaseSetupError(
      `Fabula needs PostgreSQL 15 or later; this server reports ${server.version}.`,
    );
  }
  const statements = setupStatements(server.database, server.login, Number(server.version));
  for (const { isDone, sql, isOptional = false } of statements) {
    const done = await client.query<{ done: boolean }>(`SELECT (${isDone}) AS done`);
    if (done.rows[0]?.done) continue;
    try {
      await client.query(sql);
    } catch (cause) {
      if (isOptional) continue;
      throw new DatabaseSetupError(adviceFor(server.login, statements), { cause });
    }
  }
}

interface SetupStatement {
  /** A boolean SQL expression: true where nothing is left to do. */
  readonly isDone: string;
  readonly sql: string;
  /** Not needed where another login than this one runs the server. */
  readonly isOptional?: boolean;
}

// Since PostgreSQL 16 who creates a role is its member, and still may not act as it.
const VERSION_WITH_SET_OPTION = 160_000;

function setupStatements(database: string, login: string, version: number): SetupStatement[] {
  const privilege = version < VERSION_WITH_SET_OPTION ? "MEMBER" : "SET";
  const createRole = (role: Role): SetupStatement => ({
    isDone: `EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}')`,
    sql: `CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS`,
  });
  const grantRole = (role: Role): SetupStatement => ({
    isDone: `pg_has_role('${role}', '${privilege}')`,
    sql: `GRANT ${role} TO ${quoted(login)}`,
  });
  return [
    createRole(Role.Owner),
    createRole(Role.App),
    grantRole(Role.Owner),
    {
      isDone: `has_database_privilege('${Role.Owner}', current_database(), 'CREATE')`,
      sql: `GRANT CREATE ON DATABASE ${quoted(database)} TO ${Role.Owner}`,
    },
    { ...grantRole(Role.App), isOptional: true },
  ];
}

/** The same error, or the statement to run where the login of `url` may not act as the app. */
export function explainConnectionError(error: unknown, url: string): unknown {
  if (!(error instanceof Error && error.message.includes("permission denied to set role")))
    return error;
  const login = decodeURIComponent(new URL(url).username);
  return new DatabaseSetupError(
    `The database user ${login} may not work as ${Role.App}. Run this once as a superuser, then start again:\n  GRANT ${Role.App} TO ${quoted(login)};`,
    { cause: error },
  );
}

function adviceFor(login: string, statements: readonly SetupStatement[]): string {
  return [
    `The database user ${login} may not prepare this database. Run these once as a superuser, then start again:`,
    ...statements.filter(({ isOptional }) => !isOptional).map(({ sql }) => `  ${sql};`),
    `  GRANT ${Role.App} TO ${quoted(login)};  -- or to the user of DATABASE_URL`,
  ].join("\n");
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
