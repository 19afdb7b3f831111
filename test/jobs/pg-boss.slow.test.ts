import { PgBoss } from "pg-boss";
import { PgBossQueue, installQueues } from "../../src/jobs/pg-boss.js";
import type { Logger } from "../../src/platform/process/logging.js";
import { type TestApp, silent, testApp } from "../support/app.js";
import { LETTER, hangingBox, letterBox } from "./letters.js";
import { testQueue } from "./queue.contract.js";

let app: TestApp;
afterEach(() => app.clean());
afterAll(() => app.close());

const connect = async () => {
  const queue = new PgBossQueue({ url: app.testDatabase.appUrl, logger: silent });
  await queue.connect();
  return queue;
};

testQueue(async () => {
  app = await testApp();
  await installQueues(app.testDatabase.ownerUrl, [LETTER]);
  return {
    database: app.database,
    connect,
    waiting: async () => {
      const [row] = await app.superuser<{ count: number }>(
        "SELECT count(*)::int AS count FROM jobs.job WHERE name = $1 AND state < 'completed'",
        [LETTER.name],
      );
      return row?.count ?? 0;
    },
    kept: async () => JSON.stringify(await app.superuser("SELECT * FROM jobs.job")),
  };
});

test("the queue's connections act as its own role", async () => {
  const queue = await connect();
  await queue.findWithoutJob(LETTER, [{ id: 1 }]);
  await app.superuser("REVOKE SELECT ON ALL TABLES IN SCHEMA jobs FROM fabula_queue");

  const reading = queue.findWithoutJob(LETTER, [{ id: 1 }]);

  await expect(reading).rejects.toThrow("permission denied");
  await app.superuser("GRANT SELECT ON ALL TABLES IN SCHEMA jobs TO fabula_queue");
  await queue.stop(1_000);
});

test("installing the queues again changes nothing", async () => {
  const queues = () =>
    app.superuser("SELECT name, retry_limit, dead_letter FROM jobs.queue ORDER BY name");
  const before = await queues();

  await installQueues(app.testDatabase.ownerUrl, [LETTER]);

  expect(await queues()).toEqual(before);
});

/**
 * Simulates the death of the worker of the running job. Makes the worker's last heartbeat so old that
 * another worker gets the job.
 */
async function loseWorker(boss: PgBoss): Promise<void> {
  await app.superuser(
    "UPDATE jobs.job SET heartbeat_on = heartbeat_on - interval '1 hour' WHERE state = 'active' AND name = $1",
    [LETTER.name],
  );
  // Make the queue look for dead workers now, because the queue itself looks only every few seconds.
  await app.superuser("UPDATE jobs.queue SET monitor_claim_on = NULL, monitor_on = NULL");
  await boss.supervise(LETTER.name);
  await app.superuser("UPDATE jobs.job SET start_after = now() WHERE state = 'retry'");
}

async function withSupervisor(work: (boss: PgBoss) => Promise<void>): Promise<void> {
  const boss = new PgBoss({
    connectionString: app.testDatabase.ownerUrl,
    schema: "jobs",
    migrate: false,
    supervise: false,
    schedule: false,
    monitorIntervalSeconds: 1,
  });
  await boss.start();
  await work(boss);
  await boss.stop({ graceful: false, close: true });
}

test("a worker that dies does not use up the tries of a job that throws", async () => {
  const queue = await connect();
  const box = hangingBox();
  await queue.start([box.job]);
  await app.database.write(null, (tx) => queue.enqueue(tx, LETTER, { id: 1 }));

  await withSupervisor(async (boss) => {
    await box.begun(1);
    await loseWorker(boss);
    await box.begun(2);
  });
  box.throwFromNowOn();

  expect((await box.givenUp).message).toBeNull();
  // The worker of one try died. Two more tries threw, as many as LETTER allows.
  expect(box.tries()).toBe(3);
  await queue.stop(1_000);
});

test("a job whose workers died five times is given up", async () => {
  const queue = await connect();
  const box = hangingBox();
  await queue.start([box.job]);
  await app.database.write(null, (tx) => queue.enqueue(tx, LETTER, { id: 1 }));

  await withSupervisor(async (boss) => {
    for (let death = 1; death <= 5; death += 1) {
      await box.begun(death);
      await loseWorker(boss);
    }
  });

  expect(await box.givenUp).toMatchObject({ message: null });
  expect(box.tries()).toBe(5);
  box.throwFromNowOn();
  await queue.stop(1_000);
});

test("stopping five processes does not use up the tries of a job", async () => {
  const boxes = Array.from({ length: 6 }, () => hangingBox());
  for (const [index, box] of boxes.entries()) {
    const queue = await connect();
    await queue.start([{ ...box.job, isResumed: true }]);
    if (index === 0) await app.database.write(null, (tx) => queue.enqueue(tx, LETTER, { id: 1 }));
    await box.begun(1);
    await queue.stop(3_600_000);
    await app.superuser("UPDATE jobs.job SET start_after = now() WHERE state = 'retry'");
  }

  const states = await app.superuser("SELECT state FROM jobs.job");

  expect(states).toEqual([{ state: "retry" }]);
});

test("the queue names the payloads that no waiting or running job has", async () => {
  const queue = await connect();
  await app.database.write(null, (tx) => queue.enqueue(tx, LETTER, { id: 1 }));
  const payloads = [{ id: 1 }, { id: 2 }];
  const before = await queue.findWithoutJob(LETTER, payloads);

  await app.superuser("DELETE FROM jobs.job");

  expect(before).toEqual([{ id: 2 }]);
  expect(await queue.findWithoutJob(LETTER, payloads)).toEqual(payloads);
  await queue.stop(1_000);
});

test("the log names the error of a job, even if the queue cannot record the try", async () => {
  const logged = Promise.withResolvers<unknown>();
  const logger: Logger = {
    ...silent,
    error: (about: unknown) => {
      logged.resolve(about);
    },
  };
  const queue = new PgBossQueue({ url: app.testDatabase.appUrl, logger });
  await queue.connect();
  const { job } = letterBox(async () => {
    await app.superuser("REVOKE UPDATE ON jobs.job_common FROM fabula_queue");
    throw new Error("The ink ran dry.");
  });
  await queue.start([job]);
  await app.database.write(null, (tx) => queue.enqueue(tx, LETTER, { id: 1 }));

  const about = await logged.promise;
  await app.superuser("GRANT UPDATE ON jobs.job_common TO fabula_queue");

  expect(about).toMatchObject({ job: LETTER.name, err: new Error("The ink ran dry.") });
  await queue.stop(1_000);
});
