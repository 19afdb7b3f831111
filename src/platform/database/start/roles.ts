import { StartupError } from "../../errors.js";
import type pg from "pg";
import { Role } from "../connection/settings.js";

const OLDEST_SERVER_VERSION = 150_000;

/**
 * Thrown if the server cannot use this database yet. The message says what to do. If statements can
 * prepare the database, the message contains them.
 */
export class DatabaseSetupError extends StartupError {}

interface ServerFacts {
  readonly version: string;
  readonly database: string;
  readonly login: string;
  readonly encoding: string;
  readonly isReadOnly: boolean;
}

const SERVER_FACTS = `SELECT current_setting('server_version_num') AS version,
    current_database() AS database, current_user AS login,
    current_setting('server_encoding') AS encoding,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS "isReadOnly"`;

/**
 * Creates the roles if they are missing, lets the login act as them, and lets the owner create
 * schemas.
 * @throws DatabaseSetupError with the statements to run, if this login may not run them itself
 */
export async function ensureRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<ServerFacts>(SERVER_FACTS);
  const [server] = rows;
  if (!server)
    throw new DatabaseSetupError("The database did not report its version; check DATABASE_URL.");
  refuseUnfitServer(server);
  const statements = setupStatements(server.database, server.login, Number(server.version));
  for (const statement of statements) {
    if (await isDone(client, statement)) continue;
    const failed = await client.query(statement.sql).then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
    if (statement.isOptional) continue;
    // A GRANT of a login without the right to grant only warns.
    if (failed || !(await isDone(client, statement))) {
      throw new DatabaseSetupError(adviceFor(server.login, statements), failed);
    }
  }
}

async function isDone(client: pg.Client, statement: SetupStatement): Promise<boolean> {
  const { rows } = await client.query<{ done: boolean }>(`SELECT (${statement.isDone}) AS done`);
  return rows[0]?.done ?? false;
}

/**
 * Checks that the server can use the database.
 * @throws DatabaseSetupError with one sentence about the first reason why the server cannot be used
 */
function refuseUnfitServer(server: ServerFacts): void {
  if (Number(server.version) < OLDEST_SERVER_VERSION) {
    throw new DatabaseSetupError(
      `Fabula needs PostgreSQL 15 or later; this server reports ${server.version}. Upgrade it, or use another server.`,
    );
  }
  if (server.isReadOnly) {
    throw new DatabaseSetupError(
      "The database is read-only; set MIGRATION_DATABASE_URL and DATABASE_URL to a primary server that allows writes.",
    );
  }
  if (server.encoding !== "UTF8") {
    throw new DatabaseSetupError(
      `The database is encoded in ${server.encoding}; create it with ENCODING 'UTF8'.`,
    );
  }
}

interface SetupStatement {
  /** A boolean SQL expression: true if the statement is not needed. */
  readonly isDone: string;
  readonly sql: string;
  /**
   * True if the setup continues when the statement fails. The statement is not needed if the server
   * logs in as another user than this login.
   */
  readonly isOptional?: boolean;
}

// Since PostgreSQL 16, the creator of a role is a member of the role, but may not act as the role.
const VERSION_WITH_SET_OPTION = 160_000;

/** The roles that the server's login acts as. */
const SERVER_ROLES = [Role.App, Role.Worker, Role.Queue] as const;

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
    ...[Role.Owner, ...SERVER_ROLES].map(createRole),
    {
      isDone: `pg_has_role('${Role.Worker}', '${Role.App}', 'USAGE')`,
      sql: `GRANT ${Role.App} TO ${Role.Worker}`,
    },
    grantRole(Role.Owner),
    {
      isDone: `has_database_privilege('${Role.Owner}', current_database(), 'CREATE')`,
      sql: `GRANT CREATE ON DATABASE ${quoted(database)} TO ${Role.Owner}`,
    },
    ...SERVER_ROLES.map((role) => ({ ...grantRole(role), isOptional: true })),
  ];
}

/**
 * Returns a DatabaseSetupError with the statement to run if the login of `url` has no right to act as
 * the server's roles. Otherwise returns `error`.
 */
export function explainConnectionError(error: unknown, url: string): unknown {
  if (!(error instanceof Error && error.message.includes("permission denied to set role")))
    return error;
  const login = decodeURIComponent(new URL(url).username);
  return new DatabaseSetupError(
    `The database user ${login} may not act as ${SERVER_ROLES.join(", ")}. Run this once as a superuser, then start again:\n  ${grantServerRoles(login)};`,
    { cause: error },
  );
}

function adviceFor(login: string, statements: readonly SetupStatement[]): string {
  return [
    `The database user ${login} may not prepare this database. Run these once as a superuser, then start again:`,
    ...statements.filter(({ isOptional }) => !isOptional).map(({ sql }) => `  ${sql};`),
    `  ${grantServerRoles(login)};  -- or to the user of DATABASE_URL`,
  ].join("\n");
}

const grantServerRoles = (login: string): string =>
  `GRANT ${SERVER_ROLES.join(", ")} TO ${quoted(login)}`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
