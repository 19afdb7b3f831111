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
 * Sweeps Ada's sound as if this many days had passed. Returns how many next sweeps this sweep queued.
 */
async function sweepAfter(days: number): Promise<number> {
  let next = 0;
  const enqueue = async (): Promise<void> => {
    next += 1;
  };
  const { jobDatabase: database } = app;
  const { storage } = studio;
  await new SoundSweep({ database, storage, clock: later(days), enqueue }).run("ada");
  return next;
}

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

  const isYoung = await sweepAfter(1);
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
