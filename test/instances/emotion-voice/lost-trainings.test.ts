import { AfterRevoking, ownerOf } from "../../../src/instances/index.js";
import { voicesInTrainingStore } from "../../../src/instances/emotion-voice/training/voices-in-training.store.js";
import { type TestApp, testApp } from "../../support/app.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { Trainings, ada } from "./trainings.js";

let app: TestApp;
let trainings: Trainings;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  trainings = await Trainings.begin(app);
  await trainings.record("neutral", 30);
  await app.services.emotionVoices.train(ada, { templateIds: [] });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const jobs = () =>
  app.superuser<{ data: object }>("SELECT data, group_id FROM jobs.job WHERE name = 'train-voice'");
const loseJobs = () => app.superuser("DELETE FROM jobs.job");

test("a training that lost its job is queued again, once", async () => {
  const before = await jobs();
  await loseJobs();
  const held = await holdRow(app.testDatabase, "SELECT FROM platform.users FOR UPDATE");

  // Both workers have found the lost training when they wait for the lock.
  const requeued = [app.requeueLost(), app.requeueLost()];
  await untilBlocked(app.testDatabase, 2);
  await held.release();
  const lost = await Promise.all(requeued);

  expect(before).toEqual([{ data: await trainings.order(), group_id: "ada" }]);
  expect(lost.map((each) => each.trainings).sort()).toEqual([0, 1]);
  expect(await jobs()).toEqual(before);
});

test("a training that has a job is not queued again", async () => {
  expect((await app.requeueLost()).trainings).toBe(0);
  expect(await jobs()).toHaveLength(1);
});

test("a voice without a training leaves the list", async () => {
  await app.superuser("UPDATE instances.user_emotion_voices SET training_status = 'ready'");
  await loseJobs();

  await app.requeueLost();

  expect([await trainings.listed(), await jobs()]).toEqual([[], []]);
});

test("a suspended training waits for the next consent", async () => {
  await app.services.consents.revoke(ada, AfterRevoking.Keep);
  await loseJobs();

  const { trainings: queued } = await app.requeueLost();
  const waiting = await jobs();
  await trainings.agree();

  expect([queued, waiting.length]).toEqual([0, 0]);
  expect(await jobs()).toHaveLength(1);
});

test("a user cannot add a voice to the list for another user", async () => {
  const adding = app.database.write("ben", (tx) =>
    voicesInTrainingStore.add(tx, ownerOf("ada"), "1"),
  );

  await expect(adding).rejects.toThrow("row-level security");
});
