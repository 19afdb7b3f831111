import { type TestApp, testApp } from "../../../support/app.js";
import { holdRow, untilBlocked } from "../../../support/blocked.js";
import { AnalysisStatus } from "../../../../src/reference/index.js";

let app: TestApp;
let worker: TestApp | undefined;
beforeAll(async () => {
  app = await testApp();
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await app.clean();
});
afterAll(() => app.close());

const startWorker = async () => {
  worker = await testApp({ worker: true, database: app.testDatabase });
};

test.each(["pending", "running"])(
  "an analysis that is %s and lost its job is queued again",
  async (status) => {
    const story = await app.given.story({ publish: true });
    await app.superuser("UPDATE reference.story_analyses SET status = $1", [status]);
    await app.superuser("DELETE FROM jobs.job");

    await startWorker();

    await app.analysed(story);
  },
);

test("two workers queue a lost analysis once", async () => {
  await app.given.story({ publish: true });
  await app.superuser("DELETE FROM jobs.job");
  const held = await holdRow(app.testDatabase, "SELECT FROM reference.story_analyses FOR UPDATE");

  // Both workers have found the lost analysis when they wait for the lock.
  const requeued = [app.requeueLost(), app.requeueLost()];
  await untilBlocked(app.testDatabase, 2);
  await held.release();
  const lost = await Promise.all(requeued);

  const jobs = await app.superuser("SELECT data FROM jobs.job");

  expect(lost.map(({ analyses }) => analyses).sort()).toEqual([0, 1]);
  expect(jobs).toHaveLength(1);
});

test("a lost analysis is queued again in the turn of its author", async () => {
  const jobs = () => app.superuser("SELECT group_id, priority > 0 AS is_short FROM jobs.job");
  const long = Array.from({ length: 20_001 }, (_, index) => `word${index}`).join(" ");
  await app.given.story({ author: "ada", text: long, publish: true });
  const before = await jobs();
  await app.superuser("DELETE FROM jobs.job");

  await app.requeueLost();

  expect(before).toEqual([{ group_id: "ada", is_short: false }]);
  expect(await jobs()).toEqual(before);
});

test("a new narration requests a failed analysis again", async () => {
  const story = await app.given.story({ publish: true });
  const [analysis] = await app.superuser<{ id: number }>("SELECT id FROM reference.story_analyses");
  await app.analyses.fail(analysis?.id ?? 0, "The analyser gave up.");
  await app.superuser("DELETE FROM jobs.job");

  const narration = await app.given.narration({ owner: "ada", story });

  expect(await app.superuser("SELECT status FROM reference.story_analyses")).toEqual([
    { status: AnalysisStatus.Pending },
  ]);
  await startWorker();
  await app.analysed(story);
  expect((await app.given.script(narration)).length).toBeGreaterThan(0);
});
