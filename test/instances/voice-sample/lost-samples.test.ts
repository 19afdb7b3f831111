import { AfterRevoking, ownerOf } from "../../../src/instances/index.js";
import { samplesInProcessingStore } from "../../../src/instances/voice-sample/samples-in-processing.store.js";
import { type TestApp, testApp } from "../../support/app.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { Recordings, ada, orderOf } from "./recordings.js";

let app: TestApp;
let recordings: Recordings;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  recordings = await Recordings.begin(app);
});
afterEach(() => app.clean());
afterAll(() => app.close());

const jobs = () =>
  app.superuser<{ data: object }>(
    "SELECT data, group_id FROM jobs.job WHERE name = 'process-voice-sample'",
  );
const loseJobs = () => app.superuser("DELETE FROM jobs.job");
const listed = () => app.superuser("SELECT * FROM platform.samples_in_processing");

test("recordings that lost their jobs are queued again, once each", async () => {
  for (let count = 0; count < 2; count++) await recordings.add();
  const before = await jobs();
  await loseJobs();
  const held = await holdRow(
    app.testDatabase,
    "SELECT FROM instances.user_voice_samples FOR UPDATE",
  );

  // Both workers have found the lost recordings when they wait for the lock.
  const requeued = [app.requeueLost(), app.requeueLost()];
  await untilBlocked(app.testDatabase, 2);
  await held.release();
  const lost = await Promise.all(requeued);

  const byText = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
  expect(before).toHaveLength(2);
  expect(lost.reduce((sum, { recordings: count }) => sum + count, 0)).toBe(2);
  expect(byText(await jobs())).toEqual(byText(before));
});

test("a recording that was processed or deleted leaves the list, and is not queued again", async () => {
  const processed = await recordings.add();
  const deleted = await recordings.add();
  const before = await listed();
  await recordings.processing().run(orderOf(processed));
  const between = await listed();
  await app.services.voiceSamples.remove(ada, deleted);
  await loseJobs();

  await app.requeueLost();

  expect([before.length, between.length]).toEqual([2, 1]);
  expect(await listed()).toEqual([]);
  expect(await jobs()).toEqual([]);
});

test("a suspended recording waits for the next consent", async () => {
  await recordings.add();
  await app.services.consents.revoke(ada, AfterRevoking.Keep);
  await loseJobs();

  const { recordings: queued } = await app.requeueLost();
  const waiting = await jobs();
  await recordings.agree();

  expect([queued, waiting.length]).toEqual([0, 0]);
  expect(await jobs()).toHaveLength(1);
});

test("a user cannot add a recording to the list for another user", async () => {
  const adding = app.database.write("ben", (tx) =>
    samplesInProcessingStore.add(tx, ownerOf("ada"), "1"),
  );

  await expect(adding).rejects.toThrow("row-level security");
});
