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
  /** True if the login may act as the role. */
  readonly isUsable: boolean;
  /** True if the login may grant the role, also to itself. */
  readonly isGrantable: boolean;
}

interface LoginFacts {
  readonly login: string;
  readonly database: string;
  readonly isSuperuser: boolean;
  readonly makesRoles: boolean;
  readonly makesSchemas: boolean;
  /** True if the login may let other roles make schemas. */
  readonly letsMakeSchemas: boolean;
  /** True if the owner of our schemas exists and may make schemas. */
  readonly ownerMakesSchemas: boolean;
}

const SERVER_ROLES = [Role.App, Role.Worker, Role.Queue] as const;

/** Says which rights the commands need that the login does not have. */
export async function readRights(client: pg.Client, owner: string): Promise<Rights> {
  const login = await readLogin(client);
  const roles = await readRoles(client, [Role.Owner, ...SERVER_ROLES, SYNC_ROLE, owner]);
  const actsAsOwner = roles.some(({ role, isUsable }) => role === owner && isUsable);
  // The commands grant our own roles to the login where they can. They never grant the owner of the legacy tables.
  const facts = roles.map((each) => ({
    ...each,
    isGrantable: each.isGrantable && each.role !== owner,
  }));
  return { login: login.login, actsAsOwner, missing: missingStatements(login, facts) };
}

async function readLogin(client: pg.Client): Promise<LoginFacts> {
  const { rows } = await client.query<LoginFacts>(
    `SELECT r.rolname AS login, current_database() AS database, r.rolsuper AS "isSuperuser",
       r.rolcreaterole OR r.rolsuper AS "makesRoles",
       has_database_privilege(current_database(), 'CREATE') AS "makesSchemas",
       has_database_privilege(current_database(), 'CREATE WITH GRANT OPTION') AS "letsMakeSchemas",
       EXISTS (SELECT FROM pg_roles o WHERE o.rolname = $1
         AND has_database_privilege(o.oid, current_database(), 'CREATE')) AS "ownerMakesSchemas"
     FROM pg_roles r WHERE r.rolname = current_user`,
    [Role.Owner],
  );
  const [facts] = rows;
  if (!facts) throw new Error("The database did not report its current user.");
  return facts;
}

async function readRoles(client: pg.Client, names: readonly string[]): Promise<RoleFacts[]> {
  const { rows } = await client.query<RoleFacts>(
    `SELECT n.role, r.oid IS NOT NULL AS exists,
       r.oid IS NOT NULL AND pg_has_role(r.oid, ${ACTING}) AS "isUsable",
       r.oid IS NOT NULL AND pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION') AS "isGrantable"
     FROM unnest($1::text[]) WITH ORDINALITY AS n (role, place) LEFT JOIN pg_roles r ON r.rolname = n.role
     ORDER BY n.place`,
    [names],
  );
  return rows;
}

function missingStatements(login: LoginFacts, roles: readonly RoleFacts[]): string[] {
  if (login.isSuperuser) return [];
  const user = quoted(login.login);
  const absent = login.makesRoles ? [] : roles.filter(({ exists }) => !exists);
  // A login that makes a role may act as the role.
  const unusable = roles.filter(
    ({ isUsable, isGrantable, exists }) =>
      !isUsable && !isGrantable && (exists || !login.makesRoles),
  );
  const isNew = (role: string): boolean => absent.some((each) => each.role === role);
  return [
    ...absent.map(({ role }) => `CREATE ROLE ${quoted(role)} NOLOGIN NOSUPERUSER NOBYPASSRLS;`),
    ...(isNew(Role.App) || isNew(Role.Worker) ? [`GRANT ${Role.App} TO ${Role.Worker};`] : []),
    ...unusable.map(({ role }) => `GRANT ${quoted(role)} TO ${user};`),
    ...schemaStatements(login, roles),
  ];
}

/** Lets the login make legacy_sync, and the owner of our schemas make the others. */
function schemaStatements(login: LoginFacts, roles: readonly RoleFacts[]): string[] {
  const { makesSchemas, letsMakeSchemas, ownerMakesSchemas } = login;
  const grant = `GRANT CREATE ON DATABASE ${quoted(login.database)} TO`;
  const user = quoted(login.login);
  if (ownerMakesSchemas || letsMakeSchemas) return makesSchemas ? [] : [`${grant} ${user};`];
  const ownerExists = roles.some(({ role, exists }) => role === Role.Owner && exists);
  // Nobody can grant a right to a role that the login makes later.
  if (!ownerExists && login.makesRoles) return [`${grant} ${user} WITH GRANT OPTION;`];
  return [...(makesSchemas ? [] : [`${grant} ${user};`]), `${grant} ${Role.Owner};`];
}
