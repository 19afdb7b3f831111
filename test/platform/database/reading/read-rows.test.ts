import {
  meterClient,
  newSqlMeter,
} from "../../../../src/platform/database/connection/metered-client.js";
import { plainRow, queryAs, readRows } from "../../../../src/platform/database/reading/columns.js";
import type { Tx } from "../../../../src/platform/database/transactions/database.js";
import { AbandonedError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { untilSleeping } from "../../../support/blocked.js";
import { cloneDatabase } from "../../../support/test-database.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ database: await cloneDatabase(), poolSize: 1 });
});
afterAll(async () => {
  await app.close();
  await app.testDatabase.drop();
});

class Thing {
  readonly id!: number;
  readonly name!: string | null;
}

const SELECT = "SELECT $1::int AS id, NULL::text AS name";
const things = (tx: Tx): Promise<Thing[]> => readRows(tx, Thing, SELECT, [7]);

test("a row that decodes a column when it is read has the columns of a plain row", async () => {
  for (let n = 0; n < 3; n += 1) {
    const [rows, expected] = await app.database.read({ viewer: null }, (tx) =>
      Promise.all([things(tx), queryAs(tx, Thing, SELECT, [7])]),
    );

    expect(rows.map(plainRow)).toEqual(expected);
    expect(rows[0]).toBeInstanceOf(Thing);
    expect(rows[0]).toMatchObject({ id: 7, name: null });
    expect(Object.keys(rows[0] ?? {})).toEqual([]);
  }
});

test("in a transaction that writes, rows are plain", async () => {
  const [row] = await app.database.write(null, things);

  expect(row).toBeInstanceOf(Thing);
  expect(Object.entries(row ?? {})).toEqual([
    ["id", 7],
    ["name", null],
  ]);
  expect(row && plainRow(row)).toBe(row);
});

test("the meter counts the statement and its rows", async () => {
  const meter = newSqlMeter();

  await meterClient(meter, "things", () => app.database.read({ viewer: null }, things));

  expect(meter.statements).toMatchObject([{ sql: SELECT, path: "things", rows: 1 }]);
});

test("an aborted read stops its statement", async () => {
  const leaving = new AbortController();
  const reading = app.database.read(
    { viewer: null },
    (tx) => readRows(tx, Thing, "SELECT 1 AS id, pg_sleep(60)", []),
    leaving.signal,
  );
  await untilSleeping(app.testDatabase, 1);

  leaving.abort();

  await expect(reading).rejects.toBeInstanceOf(AbandonedError);
  await untilSleeping(app.testDatabase, 0);
  expect(await app.database.read({ viewer: null }, things)).toHaveLength(1);
});

test("after the end of a transaction, no statement is sent", async () => {
  const late = await app.database.read({ viewer: null }, (tx) => Promise.resolve(() => things(tx)));

  await expect(late()).rejects.toThrow("has ended");
});
