import { sharedBuckets } from "../../../src/platform/buckets/bucket.store.js";
import { type BucketStore, TokenBuckets } from "../../../src/platform/buckets/token-buckets.js";
import { type TestApp, testApp } from "../../support/app.js";

const size = { capacity: 40_000, perSecond: 4_000 };

/** Returns a clock that stands still until the test moves it. */
function standingClock() {
  let nowMs = 1_000_000;
  return { now: () => new Date(nowMs), advance: (ms: number) => (nowMs += ms) };
}

test("a bucket grants an amount up to its level, reports the wait for more, and refills", () => {
  const clock = standingClock();
  const buckets = new TokenBuckets({ size, clock });

  expect(buckets.take("ada", 30_000)).toEqual({ isTaken: true, remaining: 10_000, waitMs: 0 });
  expect(buckets.take("ada", 20_000)).toEqual({ isTaken: false, remaining: 10_000, waitMs: 2_500 });
  expect(buckets.take("ben", 40_000).isTaken).toBe(true);
  clock.advance(2_500);
  expect(buckets.take("ada", 20_000)).toEqual({ isTaken: true, remaining: 0, waitMs: 0 });
  clock.advance(3_600_000);
  expect(buckets.remainingOf("ada")).toBe(40_000);
});

test("a debt is refilled before the next grant, and an amount of 0 is always granted", () => {
  const clock = standingClock();
  const buckets = new TokenBuckets({ size, clock });

  buckets.charge("ada", 44_000);

  expect(buckets.remainingOf("ada")).toBe(0);
  expect(buckets.take("ada", 4_000)).toEqual({ isTaken: false, remaining: 0, waitMs: 2_000 });
  expect(buckets.take("ada", 0).isTaken).toBe(true);
});

test("a clock that goes back does not lower the level", () => {
  const clock = standingClock();
  const buckets = new TokenBuckets({ size, clock });
  buckets.take("ada", 10_000);

  clock.advance(-3_600_000);

  expect(buckets.remainingOf("ada")).toBe(30_000);
});

describe("the store", () => {
  /** Returns a store that reports each call, and answers when the test allows it. */
  function heldStore(left: Readonly<Record<string, number>>) {
    const asked: ReadonlyMap<string, number>[] = [];
    const first = Promise.withResolvers<undefined>();
    const answered = Promise.withResolvers<undefined>();
    const store: BucketStore = {
      settle: async (spent) => {
        asked.push(spent);
        first.resolve(undefined);
        await answered.promise;
        return new Map(Object.entries(left));
      },
    };
    return { store, asked, isAsked: first.promise, answer: () => answered.resolve(undefined) };
  }

  test("receives all amounts in one call, and no second call during a call", async () => {
    const { store, asked, isAsked, answer } = heldStore({ ada: 20_000 });
    const buckets = new TokenBuckets({ size, clock: standingClock(), store });

    for (let round = 0; round < 100; round += 1) buckets.take("ada", 10);
    buckets.take("ben", 5);
    expect(asked).toEqual([]);
    await isAsked;
    buckets.take("ada", 7);
    answer();
    await buckets.close();

    const all = { ada: 1_000, ben: 5 };
    expect(asked.map((spent) => Object.fromEntries(spent))).toEqual([all, { ada: 7 }]);
    expect(buckets.remainingOf("ada")).toBe(20_000 - 7);
    expect(buckets.remainingOf("ben")).toBe(39_995);
  });

  test("receives the amounts of a failed call again later", async () => {
    const asked: ReadonlyMap<string, number>[] = [];
    const failures: unknown[] = [];
    const failed = Promise.withResolvers<undefined>();
    const store: BucketStore = {
      settle: (spent) => {
        asked.push(spent);
        return asked.length === 1 ? Promise.reject(new Error("away")) : Promise.resolve(new Map());
      },
    };
    const onFailure = (error: unknown) => {
      failures.push(error);
      failed.resolve(undefined);
    };
    const buckets = new TokenBuckets({ size, clock: standingClock(), store, onFailure });

    buckets.take("ada", 10);
    await failed.promise;
    buckets.take("ada", 5);
    await buckets.close();

    expect(asked.map((spent) => spent.get("ada"))).toEqual([10, 15]);
    expect(failures).toHaveLength(1);
  });
});

test("a store that fails again and again is reported once, until it works again", async () => {
  const works = [false, false, true, false];
  let failures = 0;
  let settled = Promise.withResolvers<undefined>();
  const store: BucketStore = {
    settle: () => {
      // Resolve in a later turn of the event loop, so that the buckets get the answer before the test
      // continues.
      setImmediate(() => {
        settled.resolve(undefined);
      });
      return works.shift() ? Promise.resolve(new Map()) : Promise.reject(new Error("away"));
    },
  };
  const onFailure = () => (failures += 1);
  const clock = { atMs: 0, now: () => new Date(clock.atMs) };
  const buckets = new TokenBuckets({ size, clock, store, onFailure });
  const reported: number[] = [];

  while (works.length > 0) {
    settled = Promise.withResolvers();
    clock.atMs += 1_000;
    buckets.take("ada", 10);
    await settled.promise;
    reported.push(failures);
  }
  await buckets.close();

  expect(reported).toEqual([1, 1, 1, 2]);
});

test("a clock that is set back by a day does not delay the store by a day", async () => {
  const asked: number[] = [];
  let settled = Promise.withResolvers<undefined>();
  const store: BucketStore = {
    settle: (spent) => {
      asked.push(spent.get("ada") ?? 0);
      // The buckets learn of the answer before the test does.
      setImmediate(() => {
        settled.resolve(undefined);
      });
      return Promise.resolve(new Map());
    },
  };
  const clock = standingClock();
  const buckets = new TokenBuckets({ size, clock, store });
  buckets.take("ada", 10);
  await settled.promise;

  settled = Promise.withResolvers();
  clock.advance(-24 * 3_600_000);
  buckets.take("ada", 20);
  await settled.promise;
  await buckets.close();

  expect(asked).toEqual([10, 20]);
});

describe("buckets that processes share", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp();
  });
  afterAll(() => app.close());

  test("know what other processes spent", async () => {
    const store = sharedBuckets(app.database);
    const spend = (amount: number) => store.settle(new Map([["user:ada", amount]]), size);
    const [one, other] = [await spend(30_000), await spend(5_000)];

    expect(one.get("user:ada")).toBe(10_000);
    expect(other.get("user:ada")).toBeGreaterThanOrEqual(5_000);
    expect(other.get("user:ada")).toBeLessThan(10_000);
    const rows = await app.superuser<{ key: string }>("SELECT key FROM platform.cost_buckets");
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain("ada");
  });

  test("have a debt of at most their capacity, and are deleted when they are full", async () => {
    const store = sharedBuckets(app.database);
    const owed = await store.settle(new Map([["user:cleo", 10 ** 9]]), size);
    await app.superuser(
      "UPDATE platform.cost_buckets SET settled_at = settled_at - interval '1 hour'",
    );

    await sharedBuckets(app.database).settle(new Map([["user:dora", 1]]), size);

    expect(owed.get("user:cleo")).toBeLessThanOrEqual(0);
    expect(await app.superuser("SELECT FROM platform.cost_buckets")).toHaveLength(1);
  });
});
