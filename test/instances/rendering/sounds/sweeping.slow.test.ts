import { Readable } from "node:stream";
import { SoundSweep, ownerOf } from "../../../../src/instances/index.js";
import type { Clock } from "../../../../src/platform/clock.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { edited, narrated } from "../narrated.js";
import { Studio } from "../studio.js";

let app: TestApp;
let studio: Studio;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  studio = await Studio.open(app, { joins: true });
});
afterEach(async () => {
  await studio.close();
  await app.clean();
});
afterAll(() => app.close());

const later = (days: number): Clock => ({
  now: () => new Date(Date.now() + days * 24 * 3_600_000),
});

/**
 * Sweeps Ada's sound as if this many days had passed. Returns how many next sweeps of each kind this sweep
 * queued.
 */
async function sweep(days: number, isAfterDeletion = false) {
  const queued = { weekly: 0, soon: 0 };
  const enqueue = async (): Promise<void> => void (queued.weekly += 1);
  const enqueueAfterDeletion = async (): Promise<void> => void (queued.soon += 1);
  const { jobDatabase: database } = app;
  const { storage } = studio;
  const use = { database, storage, clock: later(days), enqueue, enqueueAfterDeletion };
  await new SoundSweep({ ...use, enqueueCleanup: () => Promise.resolve() }).run(
    "ada",
    isAfterDeletion,
  );
  return queued;
}

const sweepAfter = async (days: number): Promise<number> => (await sweep(days)).weekly;

async function blobsOfAda(): Promise<readonly string[]> {
  const { publicId } = await app.given.user("ada");
  return Readable.from(studio.storage.list(publicId)).toArray() as Promise<string[]>;
}

async function rowsOfAda(): Promise<number> {
  return (await app.superuser("SELECT FROM instances.user_renditions")).length;
}

/** Renders a narration of Ada, with one sentence in Ada's own words. */
async function rendered() {
  const narration = await narrated(app);
  await edited(app, narration, { index: 0, text: "These words are mine." });
  return studio.render(narration);
}

test("a sweep keeps files, renditions and published sound that are in use", async () => {
  const narration = await rendered();
  await app.services.publishing.publish(ownerOf("ada"), narration, "public");
  await edited(app, narration, { index: 0, text: "Other words of mine." });
  await studio.render(narration);
  const before = await blobsOfAda();

  await sweepAfter(30);

  // No script contains the edition's old words any more, but the edition still uses their sound.
  expect(await rowsOfAda()).toBe(1);
  expect(await blobsOfAda()).toEqual(before);
});

test("a sweep deletes the sound of a deleted narration, and then no sweep follows", async () => {
  const narration = await rendered();
  await app.services.narrations.delete(ownerOf("ada"), narration);

  const isYoung = await sweepAfter(0.4);
  const kept = await blobsOfAda();
  const isOld = await sweepAfter(8);

  expect(kept).toHaveLength(6);
  expect(isYoung).toBe(1);
  expect(await rowsOfAda()).toBe(0);
  expect(await blobsOfAda()).toEqual([]);
  expect(isOld).toBe(0);
  expect(await app.superuser("SELECT FROM reference.renditions")).not.toEqual([]);
});

test("a sweep deletes the files of an earlier render and blobs stored before a crash", async () => {
  const first = await rendered();
  const { publicId } = await app.given.user("ada");
  const crashed = new TextEncoder().encode("half a render");
  const { key } = await studio.storage.put(crashed, { contentType: "audio/wav", owner: publicId });
  await edited(app, first, { index: 0, text: "Other words of mine." });
  const second = await studio.render(first);

  await sweepAfter(8);

  const blobs = await blobsOfAda();
  expect(blobs).not.toContain(key);
  expect(blobs).not.toContain(first.audio?.mp3);
  expect(blobs).toContain(second.audio?.mp3);
  expect(blobs).toHaveLength(6);
});

test("the sound of a deleted narration is gone within a day, also of a cancelled render", async () => {
  const narration = await rendered();
  await app.superuser("UPDATE instances.user_narration_segments SET recipe_key = NULL");
  await app.services.narrations.delete(ownerOf("ada"), await app.given.reread(narration));

  const early = await sweep(0.25, true);
  const kept = await blobsOfAda();
  const second = await sweep(0.51, true);

  expect(early).toEqual({ weekly: 1, soon: 1 });
  expect(kept).not.toEqual([]);
  expect(second).toEqual({ weekly: 0, soon: 0 });
  expect(await blobsOfAda()).toEqual([]);
  expect(await rowsOfAda()).toBe(0);
});

test("deleting and unpublishing queue a sweep that runs within hours", async () => {
  const narration = await rendered();
  const { publishing, narrations } = app.services;
  const published = await publishing.publish(ownerOf("ada"), narration, "public");

  const unpublished = await publishing.unpublish(ownerOf("ada"), published);
  const waiting = await app.superuser(
    `SELECT data, start_after - now() < interval '6.1 hours' AS soon FROM jobs.job WHERE name = 'sweep-sound'`,
  );
  await app.superuser("DELETE FROM jobs.job");
  await narrations.delete(ownerOf("ada"), unpublished);

  const sweeps = [{ data: { userId: "ada", isAfterDeletion: true }, soon: true }];
  expect(waiting).toEqual(sweeps);
  expect(await app.superuser("SELECT data FROM jobs.job")).toEqual([{ data: sweeps[0]?.data }]);
});

test("a sweep after a deletion keeps the renditions of a render under way", async () => {
  const narration = await rendered();
  await app.superuser("UPDATE instances.user_narration_segments SET recipe_key = NULL");
  await app.superuser("UPDATE instances.user_narration_renders SET finished_at = NULL");
  const before = await rowsOfAda();

  await sweep(2, true);

  expect(narration.status).toBe("ready");
  expect(await rowsOfAda()).toBe(before);
});

test("all sound of an erased user is deleted, and a worker looks for erased users itself", async () => {
  await rendered();
  const { publicId } = await app.given.user("ada");
  await app.superuser("UPDATE platform.users SET erased_at = now() WHERE id = 'ada'");

  await app.requeueLost();
  const jobs = await app.superuser("SELECT data FROM jobs.job WHERE name = 'sweep-sound'");
  await sweep(0.51, true);

  expect(jobs).toEqual([{ data: { userId: "ada", isAfterDeletion: true } }]);
  expect(await Readable.from(studio.storage.list(publicId)).toArray()).toEqual([]);
  expect(await app.superuser("SELECT FROM reference.renditions")).not.toEqual([]);
});
