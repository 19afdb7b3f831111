import { PgBossQueue, installQueues } from "../../src/jobs/pg-boss.js";
import { Priority, type SendOptions } from "../../src/jobs/queue.port.js";
import { type TestApp, silent, testApp } from "../support/app.js";
import { LETTER, type Letter } from "./letters.js";

let app: TestApp;
let sender: PgBossQueue;
beforeAll(async () => {
  app = await testApp();
  await installQueues(app.testDatabase.ownerUrl, [LETTER]);
  sender = await connect();
});
afterEach(async () => {
  await app.clean();
  await app.superuser("DELETE FROM jobs.turn");
});
afterAll(async () => {
  await sender.stop(1_000);
  await app.close();
});

const connect = async () => {
  const queue = new PgBossQueue({ url: app.testDatabase.appUrl, logger: silent });
  await queue.connect();
  return queue;
};

const send = (id: number, options: SendOptions) =>
  app.database.write(null, (tx) => sender.enqueue(tx, LETTER, { id }, options));

/** Sends `count` jobs of the group with the ids `first`, `first + 1` and so on, one after the other. */
async function sendMany(group: string, first: number, count: number): Promise<void> {
  for (let id = first; id < first + count; id += 1) await send(id, { group });
}

/**
 * Returns a job that records the order in which its jobs begin. Each job ends when the test lets it end.
 */
function desk(slots: Pick<Letter, "concurrency" | "reserved"> = {}) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  let wake: () => void = () => undefined;
  const job: Letter = {
    ...LETTER,
    ...slots,
    run: async ({ id }) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      begun.push(id);
      ends.push(() => {
        resolve(undefined);
      });
      wake();
      await promise;
      return `Delivered letter ${id}`;
    },
    giveUp: ({ id }) => Promise.resolve(`Returned letter ${id}`),
  };
  const untilBegun = async (count: number): Promise<readonly number[]> => {
    while (begun.length < count) await new Promise<void>((resume) => (wake = resume));
    return begun;
  };
  let ended = 0;
  return {
    job,
    untilBegun,
    /** Lets the job end that began first and has not ended. */
    endOne: () => ends[ended++]?.(),
    /**
     * Ends one job after the other until `count` jobs have begun. Returns the ids of the jobs in the
     * order in which they began.
     */
    async runUntil(count: number): Promise<readonly number[]> {
      while (begun.length < count) {
        const next = untilBegun(begun.length + 1);
        this.endOne();
        await next;
      }
      return begun;
    },
    endAll: () => {
      for (; ended < ends.length; ended += 1) ends[ended]?.();
    },
  };
}

async function running(box: ReturnType<typeof desk>, work: () => Promise<void>): Promise<void> {
  const runner = await connect();
  await runner.start([box.job]);
  try {
    await work();
  } finally {
    box.endAll();
    await runner.stop(1);
  }
}

test("groups take turns, and within a group the oldest job begins first", async () => {
  await sendMany("ada", 10, 3);
  await sendMany("ben", 20, 2);
  await sendMany("cleo", 30, 1);
  const box = desk();

  await running(box, async () => {
    await box.untilBegun(1);

    expect(await box.runUntil(6)).toEqual([10, 20, 30, 11, 21, 12]);
  });
});

test("the only job of a group begins after the jobs under way, and the next group's after that", async () => {
  await sendMany("ada", 100, 30);
  const box = desk({ concurrency: 4 });

  await running(box, async () => {
    const underWay = [...(await box.untilBegun(4))].sort();
    await send(1, { group: "ben" });
    await send(2, { group: "cleo" });
    const begun = await box.runUntil(7);

    expect(underWay).toEqual([100, 101, 102, 103]);
    expect(begun.slice(4)).toEqual([1, 2, 104]);
  });
});

test("a group that sends its next job at each begin does not overtake a group that waits", async () => {
  await sendMany("ada", 100, 4);
  const box = desk();

  await running(box, async () => {
    await box.untilBegun(1);
    for (let round = 1; round <= 3; round += 1) {
      await send(round, { group: "ben" });
      await box.runUntil(2 * round);
      await box.runUntil(2 * round + 1);
    }

    expect(await box.untilBegun(7)).toEqual([100, 1, 101, 2, 102, 3, 103]);
  });
});

test("a group keeps its place while its queue drains and fills again", async () => {
  const box = desk();
  await running(box, async () => {
    await sendMany("ada", 100, 3);
    await box.untilBegun(1);
    await box.runUntil(3);
    await sendMany("ada", 103, 2);
    await sendMany("ben", 1, 2);

    expect((await box.runUntil(7)).slice(3)).toEqual([1, 103, 2, 104]);
  });
  const kept = await app.superuser<{ group_id: string }>("SELECT group_id FROM jobs.turn");

  expect(kept.length).toBeLessThanOrEqual(2);
});

test("jobs of one group that are sent at the same time have a turn each", async () => {
  const ids = Array.from({ length: 20 }, (_, id) => id);

  await Promise.all(ids.map((id) => send(id, { group: "ada" })));

  const [turns] = await app.superuser(
    "SELECT count(DISTINCT priority)::int AS count, -min(priority) AS last FROM jobs.job WHERE name = $1",
    [LETTER.name],
  );
  expect(turns).toEqual({ count: 20, last: 19 });
});

const retryNow = () =>
  app.superuser("UPDATE jobs.job SET start_after = now() WHERE name = $1 AND state = 'retry'", [
    LETTER.name,
  ]);

const untilWaiting = async (count: number): Promise<void> => {
  const [row] = await app.superuser<{ count: number }>(
    "SELECT count(*)::int AS count FROM jobs.job WHERE name = $1 AND state = 'retry'",
    [LETTER.name],
  );
  if (row?.count !== count) await untilWaiting(count);
};

test("jobs that failed and wait for their next try do not keep their old turns", async () => {
  const failing: Letter = {
    ...LETTER,
    retryLimit: 5,
    run: () => Promise.reject(new Error("The ink ran dry.")),
    giveUp: () => Promise.resolve("Returned a letter"),
  };
  await sendMany("ada", 100, 3);
  const first = await connect();
  await first.start([failing]);
  await untilWaiting(3);
  await first.stop(1_000);

  await send(1, { group: "ben" });
  await send(2, { group: "cleo" });
  await retryNow();
  const box = desk();
  await running(box, async () => {
    await box.untilBegun(1);

    expect(await box.runUntil(5)).toEqual([1, 2, 100, 101, 102]);
  });
});

test("jobs whose worker is gone come back, and other groups wait for one of them only", async () => {
  await sendMany("ada", 100, 4);
  const lost = desk({ concurrency: 3 });
  const dying = await connect();
  await dying.start([lost.job]);
  await lost.untilBegun(3);
  await send(1, { group: "ben" });
  await send(2, { group: "cleo" });

  await dying.stop(1);
  await untilWaiting(3);
  await retryNow();
  const box = desk();
  await running(box, async () => {
    await box.untilBegun(1);

    expect(await box.runUntil(5)).toEqual([100, 1, 2, 101, 102]);
  });
  lost.endAll();
});

test("short jobs begin before long ones, and neither waits for the other", async () => {
  const short = { group: "ben", priority: Priority.High };
  await sendMany("ada", 100, 3);
  for (const id of [1, 2, 3]) await send(id, short);
  const box = desk({ concurrency: 1, reserved: { high: 1, normal: 1 } });

  await running(box, async () => {
    const begun = [...(await box.untilBegun(3))].sort();

    expect(begun).toEqual([1, 100, 2].sort());
  });
});

test("a job without a group waits for no group's second job", async () => {
  await sendMany("ada", 100, 2);
  await send(1, {});
  const box = desk();

  await running(box, async () => {
    await box.untilBegun(1);

    expect(await box.runUntil(3)).toEqual([100, 1, 101]);
  });
});
