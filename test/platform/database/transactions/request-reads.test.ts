import { NarrationEntity } from "../../../../src/instances/narration/narration.entity.js";
import {
  meterClient,
  newSqlMeter,
} from "../../../../src/platform/database/connection/metered-client.js";
import type { Reader } from "../../../../src/platform/database/reading/loaders.js";
import { Database, type Tx } from "../../../../src/platform/database/transactions/database.js";
import { WaveCount } from "../../../../src/platform/database/transactions/wave-count.js";
import { requestReads } from "../../../../src/platform/database/transactions/request-reads.js";
import {
  AbandonedError,
  InvalidInputError,
  UnauthenticatedError,
} from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { untilSleeping } from "../../../support/blocked.js";
import { cloneDatabase } from "../../../support/test-database.js";

let app: TestApp;
beforeAll(async () => {
  // With one connection, a request that waits for a second connection would wait forever.
  app = await testApp({ database: await cloneDatabase(), poolSize: 1 });
});
afterEach(() => app.clean());
afterAll(async () => {
  await app.close();
  await app.testDatabase.drop();
});

const readsOf = (
  viewer: string | null,
  {
    shareTokenHashes = [] as string[],
    leaving = new AbortController(),
    waves = new WaveCount(),
  } = {},
): Reader => requestReads(app.database, { viewer, shareTokenHashes }, leaving.signal, waves);

/** Knows that the request probably needs `count` waves. */
function wavesOf(count: number): WaveCount {
  const waves = new WaveCount();
  waves.expect(count);
  return waves;
}

/** Resolves after one turn of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The time at which a transaction began. No two transactions of these tests have the same time. */
const beginningIn = async (tx: Tx): Promise<string | undefined> =>
  (await tx.query<{ now: string }[]>("SELECT now()::text AS now"))[0]?.now;
const failIn = (tx: Tx): Promise<unknown> => tx.query("SELECT 1 / 0");
const tokensIn = async (tx: Tx): Promise<string | undefined> =>
  (
    await tx.query<{ tokens: string }[]>(
      "SELECT current_setting('app.share_token_hashes') AS tokens",
    )
  )[0]?.tokens;

test("reads at the same time, and reads one after another, share one transaction", async () => {
  const read = readsOf("ada");

  const [first, second] = await Promise.all([read(beginningIn), read(beginningIn)]);
  const third = await read(beginningIn);

  expect(new Set([first, second, third]).size).toBe(1);
});

test("reads at the same time return together, so that the reads after them are together too", async () => {
  const read = readsOf("ada");
  const returned: string[] = [];

  const fast = read((tx) => tx.query("SELECT 1")).then(async () => {
    returned.push("fast");
    await turn();
    returned.push("a turn later");
  });
  const slow = read((tx) => tx.query("SELECT pg_sleep(0.02)")).then(() => returned.push("slow"));
  await Promise.all([fast, slow]);

  expect(returned).toEqual(["fast", "slow", "a turn later"]);
});

test("a request that waits for anything else holds no connection", async () => {
  const read = readsOf("ada");
  const first = await read(beginningIn);
  await turn();

  // The pool has one connection.
  await app.database.write("ada", (tx) => tx.query("SELECT 1"));
  const second = await read(beginningIn);

  expect(second).not.toBe(first);
});

test("a write right after a read gets the connection of the read", async () => {
  const read = readsOf("ada");
  await read(beginningIn);

  await app.database.write("ada", (tx) => tx.query("SELECT 1"));

  expect(await read(beginningIn)).toBeDefined();
});

test("requests of two viewers at the same time each see their own rows", async () => {
  const story = await app.given.story({ analyse: true });
  for (const owner of ["ada", "ben"]) await app.given.narration({ owner, story, title: owner });
  const titlesIn = (tx: Tx) =>
    tx.query<{ title: string }[]>("SELECT title FROM instances.user_story_narrations");

  const seen = await Promise.all(
    ["ada", "ben", "ada", "ben"].map(async (viewer) => {
      const read = readsOf(viewer);
      return [await read(titlesIn), await read(titlesIn)].flat().map(({ title }) => title);
    }),
  );

  expect(seen).toEqual([
    ["ada", "ada"],
    ["ben", "ben"],
    ["ada", "ada"],
    ["ben", "ben"],
  ]);
});

test("a share token that comes between two reads is valid for the second read", async () => {
  const shareTokenHashes: string[] = [];
  const read = readsOf(null, { shareTokenHashes });
  const first = await read(async (tx) => [await beginningIn(tx), await tokensIn(tx)]);

  shareTokenHashes.push("a", "b");
  const second = await read(async (tx) => [await beginningIn(tx), await tokensIn(tx)]);

  expect(first[1]).toBe("");
  expect(second).toEqual([first[0], "a,b"]);
});

test("a failed statement fails only its own read; the other reads run again", async () => {
  const read = readsOf("ada");

  const [before, failed, after, failedToo, last] = await Promise.allSettled([
    read(beginningIn),
    read(failIn),
    read(beginningIn),
    read(failIn),
    read(beginningIn),
  ]);

  expect(before).toMatchObject({ status: "fulfilled" });
  for (const { reason } of [failed, failedToo] as PromiseRejectedResult[])
    expect(String(reason)).toMatch("division by zero");
  expect([after, last]).toMatchObject([{ status: "fulfilled" }, { status: "fulfilled" }]);
  expect(await read(beginningIn)).toBeDefined();
});

test("work that refuses its input leaves the transaction to the other reads", async () => {
  const read = readsOf("ada");

  const [first, refused, second] = await Promise.allSettled([
    read(beginningIn),
    read(() => Promise.reject(new InvalidInputError("No."))),
    read(beginningIn),
  ]);

  expect(refused).toMatchObject({ reason: { message: "No." } });
  expect(second).toEqual(first);
});

test("all reads of a deactivated user fail with the reason", async () => {
  await app.superuser("INSERT INTO platform.users (id, is_active) VALUES ('dora', false)");
  const read = readsOf("dora");

  const answers = await Promise.allSettled([read(beginningIn), read(failIn), read(beginningIn)]);

  for (const answer of answers as PromiseRejectedResult[])
    expect(answer.reason).toBeInstanceOf(UnauthenticatedError);
  expect(await readsOf("ada")(beginningIn)).toBeDefined();
});

describe("a request that knows how many waves it needs", () => {
  test("ends its transaction in the round trip of the last wave", async () => {
    const meter = newSqlMeter();
    const waves = wavesOf(2);

    await meterClient(meter, "page", async () => {
      const read = readsOf("ada", { waves });
      await read(beginningIn);
      await Promise.all([read(beginningIn), read(beginningIn)]);
    });
    // The pool has one connection.
    await readsOf("ben")(beginningIn);

    expect(meter).toMatchObject({ roundTrips: 2, statements: Array(3).fill({ path: "page" }) });
    expect(waves.count).toBe(2);
  });

  test("reads its viewer's rows with any further statement, in another transaction", async () => {
    await app.superuser("INSERT INTO platform.users (id) VALUES ('ada'), ('ben')");
    const story = await app.given.story({ analyse: true });
    for (const owner of ["ada", "ben"]) await app.given.narration({ owner, story, title: owner });
    const read = readsOf("ada", { waves: wavesOf(1) });
    const titleIn = async (tx: Tx) => (await tx.find(NarrationEntity)).map(({ title }) => title);

    const [first, titles] = await read(async (tx) => [await beginningIn(tx), await titleIn(tx)]);
    const later = await read(beginningIn);

    expect(titles).toEqual(["ada"]);
    expect(new Set([first, later]).size).toBe(2);
    expect(await readsOf("ben")(titleIn)).toEqual(["ben"]);
  });

  test("reads again what failed, and gives its connection back", async () => {
    const read = readsOf("ada", { waves: wavesOf(1) });

    const [before, failed, after] = await Promise.allSettled([
      read(beginningIn),
      read(failIn),
      read(beginningIn),
    ]);

    expect([before.status, failed.status, after.status]).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await readsOf("ben")(beginningIn)).toBeDefined();
  });

  test("stops its statement after COMMIT was sent, and never the statement of the next request", async () => {
    const sleepIn = (tx: Tx): Promise<unknown> => tx.query("SELECT pg_sleep(0.001)");
    const failures: unknown[] = [];
    for (let round = 0; round < 100; round += 1) {
      const leaving = new AbortController();
      const reading = readsOf("ada", { leaving, waves: wavesOf(1) })(sleepIn);
      const next = readsOf("ben", { waves: wavesOf(1) })(sleepIn);
      for (let turns = round % 6; turns > 0; turns -= 1) await turn();
      leaving.abort();
      await reading.catch((error: unknown) => {
        if (!(error instanceof AbandonedError)) failures.push(error);
      });
      await next.catch((error: unknown) => failures.push(error));
    }

    expect(failures).toEqual([]);
  });

  test("gives its connection back soon after an abort, although COMMIT waits for the statement", async () => {
    const leaving = new AbortController();
    const read = readsOf("ada", { leaving, waves: wavesOf(1) });
    const reading = read((tx) => tx.query("SELECT pg_sleep(60)"));
    await untilSleeping(app.testDatabase, 1);

    leaving.abort();

    await expect(reading).rejects.toBeInstanceOf(AbandonedError);
    expect(await readsOf("ben")(beginningIn)).toBeDefined();
  });

  test("reads more behind a statement that takes longer than a connection has to prove that it is alive", async () => {
    const beginTimeoutMs = 500;
    const options = { hasOwnSessions: true, beginTimeoutMs };
    const database = new Database(app.database.dataSource, options);
    const { signal } = new AbortController();
    const read = requestReads(database, { viewer: "ada" }, signal, wavesOf(1));

    const [beginnings] = await Promise.all([
      read(async (tx) => [await beginningIn(tx), await beginningIn(tx)]),
      read((tx) => tx.query("SELECT pg_sleep($1 / 1000.0)", [2 * beginTimeoutMs])),
    ]);

    expect(new Set(beginnings).size).toBe(2);
  });

  test("stops its statement after an abort, although another BEGIN waits for the statement", async () => {
    const leaving = new AbortController();
    const options = { hasOwnSessions: true, statementTimeoutMs: 60_000, waitTimeoutMs: 2_000 };
    const database = new Database(app.database.dataSource, options);
    const read = requestReads(database, { viewer: "ada" }, leaving.signal, wavesOf(1));
    const sent = Promise.withResolvers<undefined>();
    const reading = [
      read((tx) => tx.query("SELECT pg_sleep(60)")),
      read(async (tx) => {
        await turn();
        const further = beginningIn(tx);
        sent.resolve(undefined);
        await further;
      }),
    ];
    await sent.promise;
    await untilSleeping(app.testDatabase, 1);

    leaving.abort();

    for (const answer of (await Promise.allSettled(reading)) as PromiseRejectedResult[])
      expect(answer.reason).toBeInstanceOf(AbandonedError);
    expect(await database.read({ viewer: "ben" }, beginningIn)).toBeDefined();
  });

  test("presents a share token that comes after the last wave", async () => {
    const shareTokenHashes: string[] = [];
    const read = readsOf(null, { shareTokenHashes, waves: wavesOf(1) });
    await read(tokensIn);

    shareTokenHashes.push("a");

    expect(await read(tokensIn)).toBe("a");
  });
});

test("an abort stops the running statement, and frees the connection", async () => {
  const leaving = new AbortController();
  const read = readsOf("ada", { leaving });
  const reading = [
    read((tx) => tx.query("SELECT pg_sleep(60)")),
    read((tx) => tx.query("SELECT pg_sleep(60)")),
  ];
  await untilSleeping(app.testDatabase, 1);

  leaving.abort();

  for (const answer of (await Promise.allSettled(reading)) as PromiseRejectedResult[])
    expect(answer.reason).toBeInstanceOf(AbandonedError);
  await expect(read(beginningIn)).rejects.toBeInstanceOf(AbandonedError);
  expect(await readsOf("ada")(beginningIn)).toBeDefined();
});

test("a statement after the end of its transaction is refused", async () => {
  const read = readsOf("ada");
  let late: Tx | undefined;
  await read(async (tx) => {
    late = tx;
    await beginningIn(tx);
  });
  await turn();
  await readsOf("ben")(beginningIn);

  await expect(late?.query("SELECT 1")).rejects.toThrow("has ended");
});
