import { PgBossQueue, installQueues } from "../../src/jobs/pg-boss.js";
import { type TestApp, silent, testApp } from "../support/app.js";
import { LETTER, testQueue } from "./queue.contract.js";

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

test("the queue connects as the app's role", async () => {
  const queue = await connect();

  const roles = await app.superuser(
    `SELECT DISTINCT usename FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'fabula-jobs'`,
  );

  expect(roles).toEqual([{ usename: "fabula_app" }]);
  await queue.stop(1_000);
});

test("installing the queues again changes nothing", async () => {
  const queues = () =>
    app.superuser("SELECT name, retry_limit, dead_letter FROM jobs.queue ORDER BY name");
  const before = await queues();

  await installQueues(app.testDatabase.ownerUrl, [LETTER]);

  expect(await queues()).toEqual(before);
});
