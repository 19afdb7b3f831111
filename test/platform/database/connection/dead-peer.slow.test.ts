import { dataSourceFor } from "../../../../ormconfig.js";
import { Role } from "../../../../src/platform/database/connection/data-source.js";
import { Database } from "../../../../src/platform/database/transactions/database.js";
import { PostgresNotifier } from "../../../../src/platform/database/listening/postgres-notifier.js";
import { UnavailableError } from "../../../../src/platform/errors.js";
import { silent } from "../../../support/app.js";
import { untilSleeping } from "../../../support/blocked.js";
import { type FreezingProxy, freezingProxy } from "../../../support/frozen-proxy.js";
import { type TestDatabase, cloneDatabase } from "../../../support/test-database.js";

let testDatabase: TestDatabase;
let proxy: FreezingProxy;
let database: Database;
beforeAll(async () => {
  testDatabase = await cloneDatabase();
  proxy = await freezingProxy(testDatabase.appUrl);
  const url = proxy.through(testDatabase.appUrl);
  const dataSource = dataSourceFor({ url, role: Role.App, poolSize: 1, answerTimeoutMs: 3_000 });
  await dataSource.initialize();
  database = new Database(dataSource, { statementTimeoutMs: 5_000, beginTimeoutMs: 1_000 });
});
afterAll(async () => {
  await database.dataSource.destroy();
  await proxy.close();
  await testDatabase.drop();
});

const ONE = [{ one: 1 }];
const readOne = () => database.read({ viewer: null }, (tx) => tx.query("SELECT 1 AS one"));

test("a read on an idle connection whose peer is gone fails, and the next read succeeds", async () => {
  expect(await readOne()).toEqual(ONE);

  proxy.freeze();

  await expect(readOne()).rejects.toBeInstanceOf(UnavailableError);
  expect(await readOne()).toEqual(ONE);
});

test("a write on an idle connection whose peer is gone fails, and the next write succeeds", async () => {
  const writeOne = () => database.write(null, (tx) => tx.query("SELECT 1 AS one"));
  expect(await writeOne()).toEqual(ONE);

  proxy.freeze();

  await expect(writeOne()).rejects.toBeInstanceOf(UnavailableError);
  expect(await writeOne()).toEqual(ONE);
});

test("if the peer disappears during a statement, the read fails and PostgreSQL ends the statement", async () => {
  const reading = database.read({ viewer: null }, (tx) => tx.query("SELECT pg_sleep(60)"));
  const failed = expect(reading).rejects.toBeInstanceOf(UnavailableError);
  await untilSleeping(testDatabase, 1);

  proxy.freeze();

  await failed;
  expect(await readOne()).toEqual(ONE);
  await untilSleeping(testDatabase, 0);
});

test("the health check fails on a dead connection and succeeds on a new connection", async () => {
  expect(await database.isUp()).toBe(true);

  proxy.freeze();

  expect(await database.isUp()).toBe(false);
  expect(await database.isUp()).toBe(true);
});

test("a notifier whose peer is gone connects again and wakes every listener", async () => {
  const heartbeat = { everyMs: 50, timeoutMs: 1_000 };
  const notifier = new PostgresNotifier(proxy.through(testDatabase.appUrl), silent, heartbeat);
  await notifier.connect();
  const rain = notifier.listen("weather", "rain");
  const woken = rain.next();

  proxy.freeze();

  expect(await woken).toEqual({ done: false, value: undefined });
  const heard = rain.next();
  await database
    .write(null, (tx) => notifier.notify(tx, "weather", "rain"))
    .catch(() => database.write(null, (tx) => notifier.notify(tx, "weather", "rain")));
  expect(await heard).toEqual({ done: false, value: undefined });
  await notifier.close();
});
