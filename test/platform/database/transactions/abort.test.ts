import type { QueryRunner } from "typeorm";
import { AbandonedError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { gate, untilSleeping } from "../../../support/blocked.js";
import { cloneDatabase } from "../../../support/test-database.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({
    database: await cloneDatabase(),
    // With one connection, every transaction gets the connection of the previous transaction.
    poolSize: 1,
    // No statement of these tests ends by its timeout.
    databaseLimits: { statementTimeoutMs: 600_000 },
  });
});
afterAll(async () => {
  await app.close();
  await app.testDatabase.drop();
});

const PID = "SELECT pg_backend_pid() AS pid";
const pidNow = async (): Promise<number | undefined> => {
  const rows = await app.database.read({ viewer: null }, (tx) => tx.query<{ pid: number }[]>(PID));
  return rows[0]?.pid;
};

test("an aborted read stops its statement in PostgreSQL and frees its connection", async () => {
  const before = await pidNow();
  const leaving = new AbortController();
  const reading = app.database.read(
    { viewer: null },
    (tx) => tx.query("SELECT pg_sleep(60)"),
    leaving.signal,
  );
  await untilSleeping(app.testDatabase, 1);

  leaving.abort();

  await expect(reading).rejects.toBeInstanceOf(AbandonedError);
  await untilSleeping(app.testDatabase, 0);
  expect(await pidNow()).toBe(before);
});

test("a read aborted between two statements does not send the second one", async () => {
  const leaving = new AbortController();
  const left = gate();
  let hasFailed = false;
  const reading = app.database.read(
    { viewer: null },
    async (tx) => {
      await tx.query("SELECT 1");
      await left.opened;
      await tx.query("SELECT pg_sleep(60)").catch(() => (hasFailed = true));
    },
    leaving.signal,
  );

  leaving.abort();
  await expect(reading).rejects.toBeInstanceOf(AbandonedError);
  left.open();

  expect(await pidNow()).toBeDefined();
  expect(hasFailed).toBe(true);
});

test("the request to stop a statement never stops the next transaction on the connection", async () => {
  const failures: unknown[] = [];
  for (let round = 0; round < 100; round += 1) {
    const leaving = new AbortController();
    const reading = app.database.read(
      { viewer: null },
      (tx) => tx.query("SELECT pg_sleep(0.001)"),
      leaving.signal,
    );
    const next = app.database.read({ viewer: null }, (tx) => tx.query("SELECT pg_sleep(0.001)"));
    setImmediate(() => {
      leaving.abort();
    });
    await reading.catch((error: unknown) => {
      if (!(error instanceof AbandonedError)) failures.push(error);
    });
    await next.catch((error: unknown) => failures.push(error));
  }

  expect(failures).toEqual([]);
});

test("a read whose client has left does not wait for a connection", async () => {
  const done = gate();
  const holding = app.database.read({ viewer: null }, () => done.opened);
  const leaving = new AbortController();
  const waiting = app.database.read({ viewer: null }, () => pidNow(), leaving.signal);

  leaving.abort();

  await expect(waiting).rejects.toBeInstanceOf(AbandonedError);
  done.open();
  await holding;
});

test("a write whose client has left before it begins does not begin", async () => {
  const done = gate();
  const holding = app.database.read({ viewer: null }, () => done.opened);
  const leaving = new AbortController();
  let hasBegun = false;
  const waiting = app.database.write("ada", async () => void (hasBegun = true), leaving.signal);

  leaving.abort();

  await expect(waiting).rejects.toBeInstanceOf(AbandonedError);
  done.open();
  await holding;
  expect(await pidNow()).toBeDefined();
  expect(hasBegun).toBe(false);
});

test("a write that has begun finishes although its client has left", async () => {
  const leaving = new AbortController();

  await app.database.write(
    "ada",
    async (tx) => {
      leaving.abort();
      await tx.query("INSERT INTO platform.users (id) VALUES ('ada')");
    },
    leaving.signal,
  );

  expect(await app.superuser("SELECT FROM platform.users")).toHaveLength(1);
});

test.each([
  // This statement would leave a transaction open.
  "BEGIN",
  // The next transaction would wait for this statement.
  "SELECT pg_sleep(60)",
])("a connection on which %s still runs serves no other transaction", async (statement) => {
  const before = await pidNow();

  await app.database.read({ viewer: null }, async (tx) => {
    await tx.query("SELECT 1");
    // The statement runs after COMMIT was sent and before COMMIT is answered.
    const { runner } = tx as unknown as { readonly runner: QueryRunner };
    setImmediate(() => void runner.query(statement).catch(() => undefined));
  });

  const after = await pidNow();
  expect(after).toBeDefined();
  expect(after).not.toBe(before);
});
