import { once } from "node:events";
import type { JobQueue, JobRunner } from "../../src/jobs/queue.port.js";
import { NotFoundError, ProviderError } from "../../src/platform/errors.js";
import type { Database } from "../../src/platform/database/transactions/database.js";
import { LETTER, type Letter, letterBox } from "./letters.js";

/** A queue under test, with the one job `LETTER` installed. */
export interface QueueUnderTest {
  readonly database: Database;
  /**
   * Connects another queue to the same jobs, as another process would. The tests stop this queue at
   * their end.
   */
  connect(): Promise<JobQueue & JobRunner>;
  /** Returns the number of LETTER jobs that are not done, given up or cancelled. */
  waiting(): Promise<number>;
  /** Returns everything that the queue stores, as text. */
  kept(): Promise<string>;
}

type Connection = JobQueue & JobRunner;

/** The values that the tests of one queue share. */
interface Desk {
  readonly queue: QueueUnderTest;
  connect(): Promise<Connection>;
  send(sender: JobQueue, id: number): Promise<void>;
}

/** Tests for every implementation of the queue. */
export function testQueue(open: () => Promise<QueueUnderTest>): void {
  let queue: QueueUnderTest;
  let connected: Connection[] = [];
  beforeAll(async () => {
    queue = await open();
  });
  afterEach(async () => {
    await Promise.all(connected.map((one) => one.stop(5_000)));
    connected = [];
  });
  const desk = (): Desk => ({
    queue,
    connect: async () => {
      const one = await queue.connect();
      connected.push(one);
      return one;
    },
    send: (sender, id) => queue.database.write(null, (tx) => sender.enqueue(tx, LETTER, { id })),
  });
  testSending(desk);
  testWaiting(desk);
  testFailing(desk);
  testRunning(desk);
  testStopping(desk);
  testLeaving(desk);
}

function testSending(desk: () => Desk): void {
  test("a job sent in a transaction that commits runs, with its payload", async () => {
    const { connect, send } = desk();
    const runner = await connect();
    const box = letterBox();
    await runner.start([box.job]);

    await send(runner, 7);

    expect(await box.done).toBe(7);
  });

  test("a job sent in a transaction that fails does not exist", async () => {
    const { queue, connect } = desk();
    const sender = await connect();

    const failing = queue.database.write(null, async (tx) => {
      await sender.enqueue(tx, LETTER, { id: 1 });
      throw new Error("Changed my mind.");
    });

    await expect(failing).rejects.toThrow("Changed my mind.");
    expect(await queue.waiting()).toBe(0);
  });

  test("a job sent without a running worker runs when a worker starts", async () => {
    const { queue, connect, send } = desk();
    const sender = await connect();
    await send(sender, 3);
    const waiting = await queue.waiting();
    const box = letterBox();

    await (await connect()).start([box.job]);

    expect(waiting).toBe(1);
    expect(await box.done).toBe(3);
  });

  test("sending an invalid payload throws", async () => {
    const { queue, connect } = desk();
    const sender = await connect();

    const sending = queue.database.write(null, (tx) =>
      sender.enqueue(tx, LETTER, { id: "seven" as unknown as number }),
    );

    await expect(sending).rejects.toThrow("expected number");
    expect(await queue.waiting()).toBe(0);
  });
}

function testWaiting(desk: () => Desk): void {
  test("a delayed job exists once per key, and does not run before its time", async () => {
    const { queue, connect, send } = desk();
    const runner = await connect();
    const box = letterBox();
    await runner.start([box.job]);
    const sendLater = (id: number, key: string) =>
      queue.database.write(null, (tx) =>
        runner.enqueue(tx, LETTER, { id }, { later: { seconds: 3600, key } }),
      );
    await sendLater(1, "ada");
    await sendLater(2, "ada");
    await sendLater(3, "bob");

    await send(runner, 4);
    await box.done;

    expect(box.tries).toEqual([4]);
    // The queue may not have stored yet that job 4 is done.
    expect(await queue.waiting()).toBeGreaterThanOrEqual(2);
    expect(await queue.waiting()).toBeLessThanOrEqual(3);
  });
}

function testFailing(desk: () => Desk): void {
  test("a job that throws runs again", async () => {
    const { connect, send } = desk();
    const runner = await connect();
    const box = letterBox((_id, tries) => {
      if (tries === 1) throw new Error("The ink ran dry.");
    });
    await runner.start([box.job]);

    await send(runner, 5);

    expect(await box.done).toBe(5);
    expect(box.tries).toEqual([5, 5]);
  });

  test("a job that throws on every try is given up, and the queue does not store a bug's message", async () => {
    const { connect, send } = desk();
    const runner = await connect();
    const box = letterBox(() => {
      throw new TypeError("addresses[0] is undefined");
    });
    await runner.start([box.job]);

    await send(runner, 6);

    const { message, errorId } = await box.givenUp;
    expect(message).toBeNull();
    expect(errorId).toMatch(/^[0-9a-f-]{36}$/);
    expect(box.tries).toEqual([6, 6]);
    expect(await desk().queue.kept()).not.toContain("addresses");
  });

  test("a job with an expected failure is given up with the failure's message", async () => {
    const { connect, send } = desk();
    const runner = await connect();
    const box = letterBox(() => {
      throw new ProviderError("The post office is on strike.", true);
    });
    await runner.start([box.job]);

    await send(runner, 6);

    expect((await box.givenUp).message).toBe("The post office is on strike.");
    expect(box.tries).toEqual([6, 6]);
  });

  test("a failure that is not retryable is given up after the first try", async () => {
    const { connect, send } = desk();
    const runner = await connect();
    const box = letterBox(() => {
      throw new NotFoundError("No such address.");
    });
    await runner.start([box.job]);

    await send(runner, 8);

    expect((await box.givenUp).message).toBe("No such address.");
    expect(box.tries).toEqual([8]);
  });
}

function testRunning(desk: () => Desk): void {
  test("two runners share the jobs, and each job runs once", async () => {
    const { connect, send } = desk();
    const ids = Array.from({ length: 6 }, (_, id) => id);
    const all = Promise.withResolvers<undefined>();
    const ran: number[] = [];
    const job: Letter = {
      ...LETTER,
      run: async ({ id }) => {
        ran.push(id);
        if (ran.length === ids.length) all.resolve(undefined);
        return `Delivered letter ${id}`;
      },
      giveUp: ({ id }) => Promise.resolve(`Returned letter ${id}`),
    };
    const runners = [await connect(), await connect()];
    for (const runner of runners) await runner.start([job]);

    for (const id of ids) await send(runners[0] ?? (await connect()), id);
    await all.promise;

    expect([...ran].sort()).toEqual(ids);
  });

  test("a short job does not wait for a long job if concurrency is 2", async () => {
    const { connect, send } = desk();
    const runner = await connect();
    const longBegun = Promise.withResolvers<undefined>();
    const finish = Promise.withResolvers<undefined>();
    const box = letterBox(async (id) => {
      if (id === 2) return;
      longBegun.resolve(undefined);
      await finish.promise;
    });
    await runner.start([{ ...box.job, concurrency: 2 }]);
    await send(runner, 1);
    await longBegun.promise;

    await send(runner, 2);

    expect(await box.done).toBe(2);
    finish.resolve(undefined);
  });
}

const untilAborted =
  (begun: PromiseWithResolvers<undefined>): Letter["run"] =>
  async (_letter, signal) => {
    begun.resolve(undefined);
    await once(signal, "abort");
    throw signal.reason;
  };

function testStopping(desk: () => Desk): void {
  test("a job that runs longer than the grace period is aborted, and another worker runs it", async () => {
    const { queue, connect, send } = desk();
    const leaving = await queue.connect();
    const begun = Promise.withResolvers<AbortSignal>();
    const hold = Promise.withResolvers<string>();
    const { job } = letterBox();
    await leaving.start([
      {
        ...job,
        run: (_letter, signal) => {
          begun.resolve(signal);
          return hold.promise;
        },
      },
    ]);
    await send(leaving, 4);
    const signal = await begun.promise;

    await leaving.stop(1_000);

    expect(signal.aborted).toBe(true);
    const box = letterBox();
    await (await connect()).start([box.job]);
    expect(await box.done).toBe(4);
    hold.resolve("Too late.");
  });

  test("a job that is aborted at the end of the grace period does not use up a try", async () => {
    const { queue, connect, send } = desk();
    const leaving = [await queue.connect(), await queue.connect()];
    for (const [index, runner] of leaving.entries()) {
      const begun = Promise.withResolvers<undefined>();
      await runner.start([{ ...letterBox().job, run: untilAborted(begun) }]);
      if (index === 0) await send(runner, 11);
      await begun.promise;
      await runner.stop(100);
    }

    // LETTER runs again after only one try that threw. If the two stops counted as throws, the job would
    // be given up.
    const box = letterBox();
    await (await connect()).start([box.job]);
    expect(await box.done).toBe(11);
  });

  test("a stopped queue still sends jobs", async () => {
    const { queue, connect, send } = desk();
    const stopped = await queue.connect();
    await stopped.stop(100);

    await send(stopped, 12);

    const box = letterBox();
    await (await connect()).start([box.job]);
    expect(await box.done).toBe(12);
  });
}

function testLeaving(desk: () => Desk): void {
  test("stopping does not wait for a job with isResumed, and the next worker runs it", async () => {
    const { queue, connect, send } = desk();
    const leaving = await queue.connect();
    const begun = Promise.withResolvers<undefined>();
    const { job } = letterBox();
    await leaving.start([{ ...job, isResumed: true, run: untilAborted(begun) }]);
    await send(leaving, 10);
    await begun.promise;

    // If this stop waited for the job, the stop would take the whole grace period of an hour.
    await leaving.stop(3_600_000);

    const box = letterBox();
    await (await connect()).start([box.job]);
    expect(await box.done).toBe(10);
  });

  test("stopping waits for the running job", async () => {
    const { queue, send } = desk();
    const runner = await queue.connect();
    const begun = Promise.withResolvers<undefined>();
    const finish = Promise.withResolvers<undefined>();
    const box = letterBox(async () => {
      begun.resolve(undefined);
      await finish.promise;
    });
    await runner.start([box.job]);
    await send(runner, 9);
    await begun.promise;

    const stopped = runner.stop(5_000);
    finish.resolve(undefined);
    await stopped;

    expect(await box.done).toBe(9);
    expect(await queue.waiting()).toBe(0);
  });
}
