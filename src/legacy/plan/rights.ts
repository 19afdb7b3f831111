import type pg from "pg";
import { Role } from "../../platform/database/connection/settings.js";
import { SYNC_ROLE, quoted } from "../connection.js";

/** What the login may do. */
export interface Rights {
  readonly login: string;
  /** True if the login may act as the owner of the legacy tables. */
  readonly actsAsOwner: boolean;
  /** The statements that a superuser must run. Empty if the login has all rights. */
  readonly missing: readonly string[];
}

interface RoleFacts {
  readonly role: string;
  readonly exists: boolean;
  readonly isUsable: boolean;
}

interface LoginFacts {
  readonly login: string;
  readonly database: string;
  readonly isSuperuser: boolean;
  readonly makesRoles: boolean;
  readonly makesSchemas: boolean;
}

/** Since PostgreSQL 16, a member of a role may lack the right to act as the role. */
const PRIVILEGE = `CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END`;

const SERVER_ROLES = [Role.App, Role.Worker, Role.Queue] as const;

/** Says which rights the commands need that the login does not have. */
export async function readRights(client: pg.Client, owner: string): Promise<Rights> {
  const login = await readLogin(client);
  const roles = await readRoles(client, [Role.Owner, ...SERVER_ROLES, SYNC_ROLE, owner]);
  const actsAsOwner = roles.some(({ role, isUsable }) => role === owner && isUsable);
  return { login: login.login, actsAsOwner, missing: missingStatements(login, roles) };
}

async function readLogin(client: pg.Client): Promise<LoginFacts> {
  const { rows } = await client.query<LoginFacts>(
    `SELECT r.rolname AS login, current_database() AS database, r.rolsuper AS "isSuperuser",
       r.rolcreaterole OR r.rolsuper AS "makesRoles",
       has_database_privilege(current_database(), 'CREATE') AS "makesSchemas"
     FROM pg_roles r WHERE r.rolname = current_user`,
  );
  const [facts] = rows;
  if (!facts) throw new Error("The database did not report its current user.");
  return facts;
}

async function readRoles(client: pg.Client, names: readonly string[]): Promise<RoleFacts[]> {
  const { rows } = await client.query<RoleFacts>(
    `SELECT n.role, r.oid IS NOT NULL AS exists,
       r.oid IS NOT NULL AND pg_has_role(r.oid, ${PRIVILEGE}) AS "isUsable"
     FROM unnest($1::text[]) WITH ORDINALITY AS n (role, place) LEFT JOIN pg_roles r ON r.rolname = n.role
     ORDER BY n.place`,
    [names],
  );
  return rows;
}

function missingStatements(login: LoginFacts, roles: readonly RoleFacts[]): string[] {
  if (login.isSuperuser) return [];
  const database = quoted(login.database);
  const user = quoted(login.login);
  const absent = login.makesRoles ? [] : roles.filter(({ exists }) => !exists);
  // A login that makes a role may act as the role.
  const unusable = roles.filter(
    ({ isUsable, exists }) => !isUsable && (exists || !login.makesRoles),
  );
  const isNew = (role: string): boolean => absent.some((each) => each.role === role);
  return [
    ...absent.map(({ role }) => `CREATE ROLE ${quoted(role)} NOLOGIN NOSUPERUSER NOBYPASSRLS;`),
    ...(isNew(Role.App) || isNew(Role.Worker) ? [`GRANT ${Role.App} TO ${Role.Worker};`] : []),
    ...unusable.map(({ role }) => `GRANT ${quoted(role)} TO ${user};`),
    ...(login.makesSchemas ? [] : [`GRANT CREATE ON DATABASE ${database} TO ${user};`]),
    ...(isNew(Role.Owner) ? [`GRANT CREATE ON DATABASE ${database} TO ${Role.Owner};`] : []),
  ];
}
