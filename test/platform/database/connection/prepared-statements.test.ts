import { dataSourceFor } from "../../../../ormconfig.js";
import { Role } from "../../../../src/platform/database/connection/data-source.js";
import { Database, type Tx } from "../../../../src/platform/database/transactions/database.js";
import { requestReads } from "../../../../src/platform/database/transactions/request-reads.js";
import { type TestDatabase, cloneDatabase } from "../../../support/test-database.js";

let testDatabase: TestDatabase;
let databases: Database[];
beforeAll(async () => {
  testDatabase = await cloneDatabase();
});
beforeEach(() => {
  databases = [];
});
afterEach(() => Promise.all(databases.map(({ dataSource }) => dataSource.destroy())));
afterAll(() => testDatabase.drop());

/** A database with few connections. */
async function databaseWith(
  options: { readonly hasOwnSessions: boolean },
  poolSize = 1,
): Promise<Database> {
  const { appUrl: url } = testDatabase;
  const dataSource = dataSourceFor({ url, role: Role.App, poolSize });
  // The pool has a spare connection. Every transaction uses the connection that was free last.
  await dataSource.initialize();
  const database = new Database(dataSource, options);
  databases.push(database);
  return database;
}

const countIn = async (tx: Tx): Promise<number> => {
  const rows = await tx.query<{ count: number }[]>(
    "SELECT count(*)::int AS count FROM pg_prepared_statements",
  );
  return rows[0]?.count ?? 0;
};
const preparedIn = (database: Database): Promise<number> =>
  database.read({ viewer: null }, countIn);
const ask = (database: Database, sql: string, value: unknown): Promise<unknown> =>
  database.read({ viewer: null }, (tx) => tx.query(sql, [value]));

test("a statement with values is prepared when it comes again, and later calls use it", async () => {
  const database = await databaseWith({ hasOwnSessions: true });

  const answers = [];
  for (const value of [1, 2, 3, 4]) answers.push(await ask(database, "SELECT $1::int AS n", value));

  expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }], [{ n: 4 }]]);
  // This statement, and the statement that sets the scope of a transaction.
  expect(await preparedIn(database)).toBe(2);
});

test("PostgreSQL plans a prepared statement once, also if the plan looks dear without its values", async () => {
  const database = await databaseWith({ hasOwnSessions: true });
  const page = "SELECT relname FROM pg_class ORDER BY oid LIMIT $1";

  for (let n = 1; n < 12; n += 1) await ask(database, page, 1);

  const plans = await database.read({ viewer: null }, (tx) =>
    tx.query(
      `SELECT generic_plans::int AS kept, custom_plans::int AS again, current_setting('jit') AS jit
       FROM pg_prepared_statements WHERE statement = $1`,
      [page],
    ),
  );
  expect(plans).toEqual([{ kept: 10, again: 0, jit: "off" }]);
});

test("no statement is prepared if a pooler may share the session", async () => {
  const database = await databaseWith({ hasOwnSessions: false });

  for (const value of [1, 2, 3]) await ask(database, "SELECT $1::int AS n", value);

  expect(await preparedIn(database)).toBe(0);
});

test("a connection keeps a limited number of prepared statements", async () => {
  const database = await databaseWith({ hasOwnSessions: true });

  for (let n = 0; n < 250; n += 1)
    for (const value of [1, 2]) await ask(database, `SELECT $1::int + ${n} AS n`, value);

  const count = await preparedIn(database);
  expect(count).toBeGreaterThan(150);
  expect(count).toBeLessThanOrEqual(200);
});

test("statements that come once do not push out the statements that come again", async () => {
  const database = await databaseWith({ hasOwnSessions: true });
  const often = "SELECT $1::int AS often";

  for (let n = 0; n < 250; n += 1) {
    await ask(database, often, n);
    await ask(database, `SELECT $1::int + ${n} AS n`, n);
  }

  const rows = await database.read({ viewer: null }, (tx) =>
    tx.query<{ statement: string }[]>("SELECT statement FROM pg_prepared_statements"),
  );
  expect(rows.map(({ statement }) => statement)).toContain(often);
});

test("a statement works again after a migration changed the type of its column", async () => {
  const database = await databaseWith({ hasOwnSessions: true });
  await testDatabase.superuser("CREATE TABLE public.prepared (id int, name text)");
  await testDatabase.superuser("GRANT SELECT ON public.prepared TO fabula_app");
  await testDatabase.superuser("INSERT INTO public.prepared VALUES (1, '7')");
  const sql = "SELECT name FROM public.prepared WHERE id = $1";
  for (let n = 0; n < 3; n += 1) await ask(database, sql, 1);

  await testDatabase.superuser("ALTER TABLE public.prepared ALTER name TYPE int USING name::int");

  const { signal } = new AbortController();
  const read = requestReads(database, { viewer: null }, signal);
  expect(await read((tx) => tx.query(sql, [1]))).toEqual([{ name: 7 }]);
  expect(await ask(database, sql, 1)).toEqual([{ name: 7 }]);
});

/** Runs `work` on this number of connections at the same time. */
async function onEach<T>(count: number, work: (start: () => Promise<void>) => Promise<T>) {
  const { promise: all, resolve } = Promise.withResolvers<undefined>();
  let begun = 0;
  const start = async (): Promise<void> => {
    if (++begun === count) resolve(undefined);
    await all;
  };
  return Promise.all(Array.from({ length: count }, () => work(start)));
}

test("a migration under several connections fails neither a read nor a write", async () => {
  const database = await databaseWith({ hasOwnSessions: true }, 3);
  await testDatabase.superuser("CREATE TABLE public.shared (id int, name text, note text)");
  await testDatabase.superuser("GRANT SELECT, UPDATE ON public.shared TO fabula_app");
  await testDatabase.superuser("INSERT INTO public.shared VALUES (1, '7', '8')");
  const [name, note] = ["name", "note"].map(
    (column) => `SELECT ${column} FROM public.shared WHERE id = $1`,
  ) as [string, string];
  const askBoth = async (tx: Tx) => [
    await tx.query<object[]>(name, [1]),
    await tx.query<object[]>(note, [1]),
  ];
  const warm = () =>
    onEach(3, (start) =>
      database.read({ viewer: null }, async (tx) => {
        const answers = await askBoth(tx);
        await start();
        return answers;
      }),
    );
  for (let n = 0; n < 3; n += 1) await warm();
  const retype = (type: string) =>
    testDatabase.superuser(
      `ALTER TABLE public.shared ALTER name TYPE ${type} USING name::${type}, ALTER note TYPE ${type} USING note::${type}`,
    );

  await retype("int");
  const read = requestReads(database, { viewer: null }, new AbortController().signal);
  const answers = await Promise.all([
    read((tx) => tx.query<object[]>(name, [1])),
    read((tx) => tx.query<object[]>(note, [1])),
  ]);
  expect(answers).toEqual([[{ name: 7 }], [{ note: 8 }]]);

  for (let n = 0; n < 3; n += 1) await warm();
  await retype("text");
  expect(await database.write(null, askBoth)).toEqual([[{ name: "7" }], [{ note: "8" }]]);
});
