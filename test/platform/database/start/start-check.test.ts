import pg from "pg";
import { prepareDatabase } from "../../../../src/app.js";
import { createDataSource } from "../../../../src/platform/database/connection/data-source.js";
import { Database } from "../../../../src/platform/database/transactions/database.js";
import { ensureRoles } from "../../../../src/platform/database/start/roles.js";
import { Role } from "../../../../src/platform/database/connection/settings.js";
import {
  checkDatabase,
  connectDatabase,
} from "../../../../src/platform/database/start/start-check.js";
import { type PoolerOptions, startPooler } from "../../../support/pooler.js";
import { type TestDatabase, cloneDatabase, fromSetup } from "../../../support/test-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

async function checked(url: string): Promise<void> {
  const dataSource = createDataSource({ url, role: Role.App, poolSize: 1 }, [], []);
  await dataSource.initialize();
  try {
    await checkDatabase(new Database(dataSource));
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Returns the URL with these session settings. Another client or an administrator could have made the
 * settings.
 */
function withOptions(url: string, options: string): string {
  const changed = new URL(url);
  changed.searchParams.set("options", options);
  return changed.href;
}

test("a superuser's login acts as the app's role in every transaction", async () => {
  const dataSource = createDataSource({ url: database.superUrl, role: Role.App }, [], []);
  await dataSource.initialize();
  const app = new Database(dataSource);
  const sql = "SELECT current_user AS role, current_setting('is_superuser') AS super";

  const read = await app.read({ viewer: null }, (tx) => tx.query<object[]>(sql));
  const written = await app.write(null, (tx) => tx.query<object[]>(sql));
  await dataSource.destroy();

  expect([read, written]).toEqual([
    [{ role: "fabula_app", super: "off" }],
    [{ role: "fabula_app", super: "off" }],
  ]);
  await expect(checked(database.superUrl)).resolves.toBeUndefined();
});

test.each([
  ["row_security", "off"],
  ["search_path", "platform"],
  ["DateStyle", "German"],
  ["TimeZone", "Asia/Tokyo"],
  ["standard_conforming_strings", "off"],
  ["client_encoding", "LATIN1"],
  ["app.user_id", "somebody"],
])("a session left with %s = %s does not reach a transaction", async (name, value) => {
  const url = withOptions(database.superUrl, `-c ${name}=${value}`);
  const dataSource = createDataSource({ url, role: Role.App, poolSize: 1 }, [], []);
  await dataSource.initialize();
  const app = new Database(dataSource);
  const sql = `SELECT current_setting($1, true) AS now`;

  const [inside] = await app.write(null, (tx) => tx.query<{ now: string }[]>(sql, [name]));
  await dataSource.destroy();

  expect(inside?.now).not.toBe(value);
  await expect(checked(url)).resolves.toBeUndefined();
});

test("a database that its administrator made read-only is refused with one sentence", async () => {
  const url = withOptions(database.superUrl, "-c default_transaction_read_only=on");
  const client = new pg.Client({ connectionString: url });
  await client.connect();

  const prepared = ensureRoles(client);

  await expect(prepared).rejects.toThrow("The database is read-only;");
  await expect(checked(url)).rejects.toThrow("The database is read-only;");
  await client.end();
});

test("a database in another encoding is refused with one sentence", async () => {
  const name = `${database.name}_latin`;
  const client = new pg.Client({ connectionString: fromSetup("TEST_PG_SUPER_URL") });
  await client.connect();
  await client.query(
    `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER 'libc' TEMPLATE template0`,
  );
  const url = new URL(database.superUrl);
  url.pathname = `/${name}`;

  const refused = checked(url.href);

  await expect(refused).rejects.toThrow("encoded in SQL_ASCII; create it with ENCODING 'UTF8'");
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await client.end();
});

test("a login that may not act as the app's role is refused, also at the direct address", async () => {
  const login = "lonely_login";
  await database.superuser(`DROP ROLE IF EXISTS ${login}`);
  await database.superuser(`CREATE ROLE ${login} LOGIN PASSWORD 'lonely'`);
  const url = new URL(database.superUrl);
  url.username = login;
  url.password = "lonely";

  await expect(checked(url.href)).rejects.toThrow('permission denied to set role "fabula_app"');
  await expect(opened(database.appUrl, url.href)).rejects.toThrow(
    "The database user lonely_login may not act as fabula_app, fabula_worker, fabula_queue.",
  );
  await database.superuser(`DROP ROLE ${login}`);
});

test("a database whose transactions act as another role is refused with one sentence", async () => {
  const dataSource = createDataSource({ url: database.appUrl, role: Role.Worker }, [], []);
  await dataSource.initialize();

  const refused = checkDatabase(new Database(dataSource, { role: Role.Worker }), Role.App);

  await expect(refused).rejects.toThrow(
    "Transactions run as fabula_worker instead of fabula_app; grant fabula_app to the user of",
  );
  await dataSource.destroy();
});

test.each([Role.App, Role.Queue])(
  "a login that may act as %s alone is refused at the direct address",
  async (role) => {
    const login = `only_${role}_${database.name}`;
    await database.superuser(`CREATE ROLE ${login} LOGIN PASSWORD 'partial' IN ROLE ${role}`);
    const url = new URL(database.superUrl);
    url.username = login;
    url.password = "partial";

    await expect(opened(database.appUrl, url.href)).rejects.toThrow(
      `The database user ${login} may not act as`,
    );
    await database.superuser(`DROP ROLE ${login}`);
  },
);

async function opened(databaseUrl: string, directUrl: string): Promise<void> {
  const options = { url: databaseUrl, role: Role.App, poolSize: 1 };
  const dataSource = createDataSource(options, [], []);
  const addresses = { url: databaseUrl, directUrl };
  await connectDatabase(new Database(dataSource), { role: Role.App, ...addresses });
  await dataSource.destroy();
}

async function withPooler(
  options: PoolerOptions,
  work: (pooledUrl: string) => Promise<void>,
): Promise<void> {
  const pooler = await startPooler(database.superUrl, options);
  await work(pooler.url).finally(() => pooler.close());
}

test("a pooler that shares sessions is enough for transactions only", async () => {
  await withPooler({ mode: "transaction" }, async (pooledUrl) => {
    await expect(opened(pooledUrl, database.appUrl)).resolves.toBeUndefined();
    await expect(opened(pooledUrl, pooledUrl)).rejects.toThrow(
      /^Notifications and the job queue need sessions of their own.* set DIRECT_DATABASE_URL to/,
    );
    await expect(prepareDatabase(pooledUrl)).rejects.toThrow(
      /^Migrations need sessions .* set MIGRATION_DATABASE_URL or DIRECT_DATABASE_URL to/,
    );
  });
});

test("a pooler that keeps a session for each client is enough for everything", async () => {
  await withPooler({ mode: "session", sessions: 20 }, async (pooledUrl) => {
    await expect(prepareDatabase(pooledUrl)).resolves.toMatchObject({ migrations: [] });
    // The migrations left the owner's role and settings in the sessions.
    await expect(prepareDatabase(pooledUrl)).resolves.toMatchObject({ migrations: [] });
    await expect(opened(pooledUrl, pooledUrl)).resolves.toBeUndefined();
  });
});

test("a pooler that allows no transactions is refused with one sentence", async () => {
  await withPooler({ mode: "statement" }, async (pooledUrl) => {
    await expect(opened(pooledUrl, database.appUrl)).rejects.toThrow(
      "The pooler of DATABASE_URL does not allow transactions;",
    );
    await expect(opened(database.appUrl, pooledUrl)).rejects.toThrow("set DIRECT_DATABASE_URL to");
  });
});

test("a startup parameter that the pooler refuses is named", async () => {
  await withPooler({ startup: "refuses" }, async (pooledUrl) => {
    await expect(opened(withOptions(pooledUrl, "-c role=x"), database.appUrl)).rejects.toThrow(
      /^Cannot reach the database .*\(unsupported startup parameter: options\)/,
    );
  });
});

test("two addresses that lead to different databases are refused", async () => {
  const other = await cloneDatabase();

  await expect(opened(database.appUrl, other.appUrl)).rejects.toThrow(
    "DIRECT_DATABASE_URL and DATABASE_URL lead to different databases;",
  );
  await other.drop();
});
