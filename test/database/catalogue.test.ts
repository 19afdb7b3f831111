import { golden } from "../support/golden.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";
import { catalogueOf } from "./catalogue.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

test("the catalogue of a fresh install equals the golden file", async () => {
  const catalogue = await catalogueOf(database);

  // If a migration changes the catalogue on purpose, record the change with UPDATE_GOLDEN=1 npm test.
  expect(catalogue).toBe(golden("catalogue.txt", catalogue));
});

test("every table is in the schema platform, reference, instances or jobs", async () => {
  const stray = await database.superuser(
    `SELECT schemaname, tablename FROM pg_tables
     WHERE schemaname NOT IN ('platform', 'reference', 'instances', 'jobs', 'pg_catalog', 'information_schema')`,
  );

  expect(stray).toEqual([]);
});

test("the primary key of every instance table begins with the owner", async () => {
  const keys = await database.superuser<{ table: string; first: string }>(
    `SELECT c.relname AS table, a.attname AS first FROM pg_class c
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
     WHERE c.relnamespace = 'instances'::regnamespace AND c.relkind IN ('r', 'p')`,
  );

  expect(keys.length).toBeGreaterThan(5);
  expect(keys.filter(({ first }) => first !== "user_id")).toEqual([]);
});

test("every unique index of an instance table includes the owner", async () => {
  const without = await database.superuser(
    `SELECT i.indexrelid::regclass::text AS index FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = 'instances'::regnamespace AND i.indisunique AND NOT EXISTS (
       SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND a.attnum = ANY (i.indkey))`,
  );

  expect(without).toEqual([]);
});

test("every foreign key between instance tables includes the owner", async () => {
  const keys = await database.superuser<{ name: string; from: string[]; to: string[] }>(
    `SELECT k.conname AS name,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) n JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n) AS from,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) n JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n) AS to
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
     WHERE k.contype = 'f' AND c.relnamespace = 'instances'::regnamespace AND t.relnamespace = 'instances'::regnamespace`,
  );

  expect(keys.length).toBeGreaterThan(2);
  for (const key of keys) {
    expect(key.from).toContain("user_id");
    expect(key.to).toContain("user_id");
  }
});

test("no reference table refers to an instance table, and platform tables have no foreign keys", async () => {
  const keys = await database.superuser(
    `SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
     WHERE k.contype = 'f' AND (
       (c.relnamespace = 'reference'::regnamespace AND t.relnamespace = 'instances'::regnamespace)
       OR c.relnamespace = 'platform'::regnamespace)`,
  );

  expect(keys).toEqual([]);
});

test("row-level security is forced on every instance table and checks only the owner", async () => {
  const tables = await database.superuser<{ table: string; forced: boolean; policies: string[] }>(
    `SELECT c.relname AS table, c.relrowsecurity AND c.relforcerowsecurity AS forced,
       ARRAY(SELECT pg_get_expr(p.polqual, p.polrelid) || ' / ' || pg_get_expr(p.polwithcheck, p.polrelid)
         FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
     FROM pg_class c WHERE c.relnamespace = 'instances'::regnamespace AND c.relkind IN ('r', 'p')`,
  );

  const owner =
    /^\(user_id = \( SELECT NULLIF\(current_setting\('app\.user_id'::text, true\), ''::text\) AS "?nullif"?\)\)$/;
  for (const { forced, policies } of tables) {
    expect(forced).toBe(true);
    expect(policies).toHaveLength(1);
    const [using = "", check] = policies[0]?.split(" / ") ?? [];
    expect(using).toMatch(owner);
    expect(check).toBe(using);
  }
});

test("no column is an identity column", async () => {
  const columns = await database.superuser(
    `SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attidentity <> '' AND c.relnamespace IN ('platform'::regnamespace, 'reference'::regnamespace, 'instances'::regnamespace)`,
  );

  expect(columns).toEqual([]);
});

test.each([
  ["fabula_app", []],
  ["fabula_worker", ["fabula_app"]],
  ["fabula_queue", []],
])("the role %s owns nothing and cannot bypass a policy", async (name, memberships) => {
  const [role] = await database.superuser(
    `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
       (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS relations,
       (SELECT count(*)::int FROM pg_namespace WHERE nspowner = r.oid) AS schemas,
       (SELECT count(*)::int FROM pg_proc WHERE proowner = r.oid) AS functions,
       ARRAY(SELECT m.roleid::regrole::text FROM pg_auth_members m WHERE m.member = r.oid) AS memberships
     FROM pg_roles r WHERE rolname = $1`,
    [name],
  );

  expect(role).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
    relations: 0,
    schemas: 0,
    functions: 0,
    memberships,
  });
});

test("no role of the server can create a table", async () => {
  const rows = await database.superuser(
    `SELECT role, schema FROM unnest(ARRAY['fabula_app', 'fabula_worker', 'fabula_queue']) AS role,
       unnest(ARRAY['access', 'platform', 'reference', 'instances', 'jobs', 'public']) AS schema
     WHERE has_schema_privilege(role, schema, 'CREATE')`,
  );

  expect(rows).toEqual([]);
});

test("every function that acts as its owner has a fixed search path and is not for everyone", async () => {
  const functions = await database.superuser<{ name: string; path: string[]; isPublic: boolean }>(
    `SELECT f.oid::regprocedure::text AS name, f.proconfig AS path,
       EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g
         WHERE g.grantee = 0) AS "isPublic"
     FROM pg_proc f WHERE f.prosecdef AND f.pronamespace <> 'pg_catalog'::regnamespace`,
  );

  expect(functions).not.toEqual([]);
  for (const { path, isPublic } of functions) {
    expect({ path, isPublic }).toEqual({
      path: ["search_path=pg_catalog, pg_temp"],
      isPublic: false,
    });
  }
});
