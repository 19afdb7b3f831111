import { Socket } from "node:net";
import fc from "fast-check";
import pg from "pg";
import { PooledClient } from "../../../../src/platform/database/connection/pooled-client.js";
import { plainRow } from "../../../../src/platform/database/reading/columns.js";
import { type TestDatabase, cloneDatabase } from "../../../support/test-database.js";

let testDatabase: TestDatabase;
let clients: pg.Client[];
beforeAll(async () => {
  testDatabase = await cloneDatabase();
});
beforeEach(() => {
  clients = [];
});
afterEach(() => Promise.all(clients.map((client) => client.end())));
afterAll(() => testDatabase.drop());

async function connect(stream?: () => Socket): Promise<PooledClient> {
  const { appUrl: connectionString } = testDatabase;
  const client = new PooledClient({ connectionString, pipeline: true, ...(stream && { stream }) });
  clients.push(client);
  await client.connect();
  return client;
}

/** Rows whose columns are decoded when they are read, as plain objects. */
async function readPlain(client: PooledClient, text: string, values: readonly unknown[] = []) {
  const rows = await client.readRows({ text, values, base: Object });
  return rows.map(plainRow);
}

/** Plain rows of our client. */
const query = async (client: PooledClient, text: string, values: readonly unknown[] = []) =>
  (await client.query<object>(text, [...values])).rows;

/** A client of the driver, to compare our client with. */
async function connectDriver(): Promise<pg.Client> {
  const client = new pg.Client(testDatabase.appUrl);
  clients.push(client);
  await client.connect();
  return client;
}

const words = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", ""));
const numbers = fc.integer().map(String);
const bigNumbers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const times = fc
  .date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-30") })
  .map((date) => date.toISOString());
const json = fc.json().filter((value) => !value.includes("\\u0000"));
const lists = fc.array(fc.integer()).map((values) => `{${values.join(",")}}`);

/** Types of columns, and texts of their values. */
const TYPES: Record<string, fc.Arbitrary<string>> = {
  boolean: fc.boolean().map(String),
  smallint: fc.integer({ min: -32_768, max: 32_767 }).map(String),
  integer: numbers,
  bigint: bigNumbers,
  oid: fc.nat().map(String),
  real: fc.float().map(String),
  "double precision": fc.double().map(String),
  numeric: bigNumbers.map((value) => `${value}.50`),
  text: words,
  "varchar(9)": words,
  "char(3)": fc.constantFrom("", "a", "abc"),
  uuid: fc.uuid(),
  date: times,
  timestamp: times,
  timestamptz: times,
  jsonb: json,
  json,
  interval: fc.nat().map((seconds) => `${seconds} seconds`),
  bytea: fc.constantFrom("\\x", "\\x00ff"),
  tsvector: fc.constantFrom("", "'fox':3 'quick':2"),
  "integer[]": lists,
  "bigint[]": lists,
  "double precision[]": lists,
  "text[]": fc.array(words).map((values) => `{${values.map(quoted).join(",")}}`),
  "timestamptz[]": times.map((time) => `{NULL,"${time}"}`),
};

const quoted = (value: string): string => `"${value.replace(/["\\]/g, "\\$&")}"`;

const columns = Object.keys(TYPES).map((type, at) => `$${at + 1}::${type} AS "${type}"`);

test("columns of all types have the values of the driver", async () => {
  const driver = await connectDriver();
  const client = await connect();
  client.prepareStatements();
  const select = `SELECT ${columns.join(", ")}`;
  const aRow = fc.tuple(...Object.values(TYPES).map((texts) => fc.option(texts)));

  await fc.assert(
    fc.asyncProperty(aRow, async (values) => {
      const { rows } = await driver.query(select, values);
      expect(await readPlain(client, select, values)).toEqual(rows);
      expect(await query(client, select, values)).toEqual(rows);
    }),
    { numRuns: 200 },
  );
});

test("the result of a statement is that of the driver", async () => {
  const driver = await connectDriver();
  const client = await connect();
  client.prepareStatements();
  for (const each of [driver, client]) {
    await each.query("CREATE TEMPORARY TABLE things (id int, name text)");
    for (let n = 0; n < 4; n += 1) await each.query("INSERT INTO things VALUES ($1, 'a')", [n]);
  }
  const statements = [
    "INSERT INTO things VALUES ($1, 'b'), (5, NULL) RETURNING *",
    "UPDATE things SET name = 'c' WHERE id = $1",
    "DELETE FROM things WHERE id = $1 RETURNING name, id, name",
    "SELECT id, name FROM things WHERE id > $1 ORDER BY id",
    "SELECT name FROM things WHERE id = 1000 + $1::int",
    "SELECT FROM things WHERE id < $1",
  ];

  for (let round = 0; round < 3; round += 1)
    for (const sql of statements)
      expect(factsOf(await client.query(sql, [round]))).toEqual(
        factsOf(await driver.query(sql, [round])),
      );
});

const factsOf = ({ command, rowCount, rows, fields }: pg.QueryResult) => ({
  command,
  rowCount,
  rows: rows.map((row: object) => Object.entries(row)),
  fields: fields.map(({ name, dataTypeID }) => [name, dataTypeID]),
});

test("each read of a column gives the same object", async () => {
  const client = await connect();
  const select = `SELECT now() AS time, '{"a": 1}'::jsonb AS json, '{1,2}'::int[] AS list`;

  const [row] = (await client.readRows({ text: select, values: [], base: Object })) as {
    time: Date;
    json: object;
    list: number[];
  }[];

  for (const column of ["time", "json", "list"] as const) {
    expect(row?.[column]).toBeInstanceOf(Object);
    expect(row?.[column]).toBe(row?.[column]);
  }
});

test("short texts that repeat and texts that differ little keep their values", async () => {
  const client = await connect();
  const driver = await connectDriver();
  const select = `SELECT n % 97 AS a, (n % 97)::text AS b, n::bigint AS c, repeat('é', n % 20) AS d,
      CASE n % 3 WHEN 0 THEN 'ready' WHEN 1 THEN 'react' END AS e, md5(n::text) AS f
    FROM generate_series(1, $1::int) AS g (n)`;

  const { rows } = await driver.query(select, [3_000]);

  expect(await readPlain(client, select, [3_000])).toEqual(rows);
  expect(await query(client, select, [3_000])).toEqual(rows);
});

test("rows belong to the class for which they were read", async () => {
  class Thing {
    readonly id!: number;
    get greeting(): string {
      return `thing ${this.id}`;
    }
  }
  const client = await connect();

  const [row] = await client.readRows({ text: "SELECT 7 AS id", values: [], base: Thing });

  expect(row).toBeInstanceOf(Thing);
  expect(row?.constructor).toBe(Thing);
  expect(row).toHaveProperty("greeting", "thing 7");
  const plain = plainRow(row ?? {});
  expect(plain).toBeInstanceOf(Thing);
  expect(Object.entries(plain)).toEqual([["id", 7]]);
});

test("of several columns with the same name, the last one counts", async () => {
  const client = await connect();
  const select = `SELECT 1 AS a, 'x' AS b, 2 AS a WHERE $1`;

  expect(await readPlain(client, select, [true])).toEqual([{ a: 2, b: "x" }]);
  expect(await query(client, select, [true])).toEqual([{ a: 2, b: "x" }]);
});

test("a row can have no columns, and an answer no rows", async () => {
  const client = await connect();

  expect(await readPlain(client, "SELECT FROM generate_series(1, 3)")).toEqual([{}, {}, {}]);
  expect(await readPlain(client, "SELECT 1 AS a WHERE false")).toEqual([]);
  expect(await readPlain(client, "SELECT 1 AS a WHERE $1", [false])).toEqual([]);
});

/** A socket that gives its bytes in small chunks. */
const chopped = (size: number): Socket =>
  new (class extends Socket {
    override push(bytes: Buffer | null): boolean {
      if (bytes === null) return super.push(bytes);
      let wantsMore = true;
      for (let at = 0; at < bytes.length; at += size)
        wantsMore = super.push(bytes.subarray(at, at + size));
      return wantsMore;
    }
  })();

const SERIES = `SELECT n, repeat('ä', n) AS text, NULL AS nothing, now() AS time
  FROM generate_series($1::int, 40) AS g (n)`;

test.each([1, 2, 7, 64])("rows can come in chunks of %d bytes", async (size) => {
  const client = await connect(() => chopped(size));

  const rows = await client.readRows({ text: SERIES, values: [1], base: Object });

  expect(rows).toHaveLength(40);
  expect(rows[39]).toMatchObject({ n: 40, text: "ä".repeat(40), nothing: null });
});

test("a row can be larger than a chunk", async () => {
  const client = await connect();
  const select = `SELECT n, repeat('ä', 2000000) AS text FROM generate_series(1, 3) AS g (n)`;

  const rows = await client.readRows({ text: select, values: [], base: Object });

  for (const [at, row] of rows.entries())
    expect(row).toMatchObject({ n: at + 1, text: "ä".repeat(2_000_000) });
  expect(rows).toHaveLength(3);
});

test("several statements of both kinds can wait for their answers", async () => {
  const client = await connect();
  client.prepareStatements();
  const select = "SELECT n, $1::text AS word FROM generate_series(1, 3) AS g (n)";

  for (const word of ["a", "b", "c"]) {
    const expected = [1, 2, 3].map((n) => ({ n, word }));
    const answers = await Promise.all([
      readPlain(client, select, [word]),
      query(client, select, [word]),
      query(client, "SELECT 5 AS five"),
      readPlain(client, select, [word]),
      readPlain(client, "SELECT 6 AS six"),
      query(client, select, [word]),
    ]);
    expect(answers).toEqual([expected, expected, [{ five: 5 }], expected, [{ six: 6 }], expected]);
  }
});

test("a prepared statement can give rows of several classes", async () => {
  class One {
    readonly n!: number;
  }
  class Other extends One {}
  const client = await connect();
  client.prepareStatements();

  for (const base of [One, One, One, Other, Other, One]) {
    const rows = await client.readRows({ text: "SELECT $1::int AS n", values: [5], base });
    expect(rows[0]).toBeInstanceOf(base);
    expect(rows[0]).toMatchObject({ n: 5 });
  }
});

test("a failure in the middle of the rows fails this statement only", async () => {
  const client = await connect();
  client.prepareStatements();
  const select = "SELECT 100 / ($1 - n) AS n FROM generate_series(1, 1000) AS g (n)";

  for (const readRows of [readPlain, query]) {
    for (const bad of [500, 501, 502]) {
      const failing = readRows(client, select, [bad]);
      const next = readRows(client, "SELECT $1::int AS n", [1]);
      await expect(failing).rejects.toMatchObject({ code: "22012", message: "division by zero" });
      expect(await next).toEqual([{ n: 1 }]);
    }
    expect(await readRows(client, select, [2_000])).toHaveLength(1_000);
  }
});

test("a lost connection fails the statements that wait for rows", async () => {
  const client = await connect();
  client.on("error", () => undefined);
  const waiting = readPlain(client, "SELECT pg_sleep(60)");
  const next = readPlain(client, "SELECT 1 AS n");
  const failures = Promise.allSettled([waiting, next]);

  await client.destroy();

  expect(await failures).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
});

test("a prepared statement whose columns have changed is described again", async () => {
  const client = await connect();
  client.prepareStatements();
  await testDatabase.superuser("CREATE TABLE public.changing (id int, name text)");
  await testDatabase.superuser("GRANT SELECT ON public.changing TO fabula_app");
  await testDatabase.superuser("INSERT INTO public.changing VALUES (1, '7')");
  const select = "SELECT * FROM public.changing WHERE id = $1";
  for (let n = 0; n < 3; n += 1)
    expect(await readPlain(client, select, [1])).toEqual([{ id: 1, name: "7" }]);

  await testDatabase.superuser("ALTER TABLE public.changing ALTER name TYPE int USING name::int");
  await expect(readPlain(client, select, [1])).rejects.toMatchObject({ code: "0A000" });

  for (let n = 0; n < 3; n += 1)
    expect(await readPlain(client, select, [1])).toEqual([{ id: 1, name: 7 }]);
});

test("a statement with a value that the driver cannot send fails alone", async () => {
  const client = await connect();
  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;

  const failing = query(client, "SELECT $1::jsonb AS value", [cyclic]);
  const next = query(client, "SELECT $1::int AS n", [1]);

  await expect(failing).rejects.toThrow("circular");
  expect(await next).toEqual([{ n: 1 }]);
});
