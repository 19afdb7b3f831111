import { AbandonedError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { gate, untilSleeping } from "../../../support/blocked.js";
import { cloneDatabase } from "../../../support/test-database.js";

let app: TestApp;
beforeAll(async () => {
  // With one connection, every transaction gets the connection of the previous transaction.
  app = await testApp({ database: await cloneDatabase(), poolSize: 1 });
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

test("a connection on which a statement still runs serves no other transaction", async () => {
  const before = await pidNow();

  await app.database.read({ viewer: null }, async (tx) => {
    await tx.query("SELECT 1");
    // This BEGIN runs after COMMIT was sent and before COMMIT is answered. This BEGIN would leave a
    // transaction open.
    setImmediate(() => void tx.query("BEGIN").catch(() => undefined));
  });

  const after = await pidNow();
  expect(after).toBeDefined();
  expect(after).not.toBe(before);
});
