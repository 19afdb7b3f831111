import type pg from "pg";
import { Role } from "../../platform/database/connection/settings.js";
import { ACTING, SYNC_ROLE, quoted } from "../connection.js";

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
  /** True if the owner of our tables may create schemas, or if the login may grant this right. */
  readonly ownerMakesSchemas: boolean;
}

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
       has_database_privilege(current_database(), 'CREATE') AS "makesSchemas",
       (SELECT pg_has_role(d.datdba, 'USAGE') FROM pg_database d WHERE d.datname = current_database())
         OR coalesce((SELECT has_database_privilege(o.oid, current_database(), 'CREATE')
           FROM pg_roles o WHERE o.rolname = '${Role.Owner}'), false) AS "ownerMakesSchemas"
     FROM pg_roles r WHERE r.rolname = current_user`,
  );
  const [facts] = rows;
  if (!facts) throw new Error("The database did not report its current user.");
  return facts;
}

async function readRoles(client: pg.Client, names: readonly string[]): Promise<RoleFacts[]> {
  const { rows } = await client.query<RoleFacts>(
    `SELECT n.role, r.oid IS NOT NULL AS exists,
       r.oid IS NOT NULL AND pg_has_role(r.oid, ${ACTING}) AS "isUsable"
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
    ...(login.ownerMakesSchemas ? [] : [`GRANT CREATE ON DATABASE ${database} TO ${Role.Owner};`]),
  ];
}
