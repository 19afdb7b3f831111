import { once } from "node:events";
import { watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { barrierAt } from "../../support/barrier.js";
import { longText } from "../../support/texts.js";
import { NARRATION_PROGRESS, RENDER_NARRATION } from "../harness/documents.js";
import { type FabulaProcess, endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { type SharedPlace, sharedPlace } from "../harness/shared-place.js";

/**
 * A narration with a place and an app of its own. The app runs no worker. The workers of a test store the
 * sound in the place.
 */
interface Scene extends SharedPlace {
  readonly app: ApiApp;
  readonly narration: NarrationEntity;
}

/** Ada's narration of a text. Ada replaced two sentences with her own words. */
async function scene(): Promise<Scene> {
  const shared = await sharedPlace();
  const app = await apiApp({ database: shared.database, poolSize: 3 });
  const story = await app.given.story({ text: longText(4), analyse: true });
  const made = await app.given.narration({ owner: "ada", story, title: "The Kill" });
  const edits = [2, 5].map((index) => ({ index, text: `These words are mine, all ${index}.` }));
  const owner = ownerOf(made.userId);
  const narration = await app.services.narrations.updateSegments(owner, made, edits);
  return { ...shared, app, narration };
}

const worker = ({ database, dataDir }: Scene): Promise<FabulaProcess> =>
  fabulaProcess("worker", database, { DATA_DIR: dataDir });

const idOf = ({ narration }: Scene) => toGlobalId("UserStoryNarration", narration.id);

async function ask({ app, narration }: Scene): Promise<void> {
  const input = { id: toGlobalId("UserStoryNarration", narration.id), version: narration.version };
  const answer = await app.as("ada").query(RENDER_NARRATION, { input });
  expect(answer.at("renderNarration.userErrors")).toEqual([]);
}

/** Follows a render until `segments` segments have sound. */
async function untilSpoken(place: Scene, segments: number): Promise<void> {
  const events = place.app.as("ada").subscribe(NARRATION_PROGRESS, { id: idOf(place) });
  for await (const event of events) {
    const made = event.at("narrationProgress.progress.renderedSegments");
    if (typeof made === "number" && made >= segments) return;
  }
}

/**
 * Returns every rendition, with the version of its row and the facts of its file. If a rendition is made
 * again, the version or the file changes.
 */
async function renditionsOf({ database, storageRoot }: Scene): Promise<Map<string, unknown>> {
  const rows = await database.superuser<{ recipe: string; key: string; version: string }>(
    `SELECT recipe_key AS recipe, blob_key AS key, xmin::text AS version FROM reference.renditions
     UNION ALL SELECT recipe_key, blob_key, xmin::text FROM instances.user_renditions`,
  );
  const made = rows.map(async ({ recipe, key, version }) => {
    const [, folder, name] = /^(shared\/|owned\/[^/]+)\/?([0-9a-f]{64})$/.exec(key) ?? [];
    if (folder === undefined || name === undefined)
      throw new Error(`${key} is not the key of a blob.`);
    const place = folder === "shared/" ? join("shared", name.slice(0, 2)) : folder;
    const { ino, mtimeMs } = await stat(join(storageRoot, place, name));
    return [recipe, { version, key, ino, mtimeMs }] as const;
  });
  return new Map(await Promise.all(made));
}

interface Outcome {
  readonly status: unknown;
  /** The sha256 of each file. */
  readonly files: Readonly<Record<string, string>>;
  readonly spoken: number;
}

async function outcomeOf({ database }: Scene): Promise<Outcome> {
  const [row] = await database.superuser<{ status: string; audio: object; spoken: number }>(
    `SELECT n.status, n.audio, r.rendered + r.reused AS spoken
     FROM instances.user_story_narrations n JOIN instances.user_narration_renders r ON r.narration_id = n.id`,
  );
  const files = Object.entries(row?.audio ?? {}).filter(([, key]) => typeof key === "string");
  return {
    status: row?.status,
    files: Object.fromEntries(files.map(([name, key]) => [name, String(key).slice(-64)])),
    spoken: row?.spoken ?? 0,
  };
}

async function close({ app, remove }: Scene): Promise<void> {
  await app.close();
  await remove();
}

/** Lets a worker finish the render. Returns the outcome. */
async function ended(place: Scene): Promise<Outcome> {
  const process = await worker(place);
  await place.app.as("ada").follow(NARRATION_PROGRESS, { id: idOf(place) });
  await process.stop();
  return outcomeOf(place);
}

/** The outcome that every interrupted run must reach. */
let uninterrupted: Outcome;
beforeAll(async () => {
  const whole = await scene();
  await ask(whole);
  uninterrupted = await ended(whole);
  await close(whole);
});

afterAll(endProcesses);

/**
 * Makes the worker of a queued render wait at a certain point. The returned barrier lets the worker
 * continue.
 */
type Interruption = (scene: Scene) => Promise<{ open(): Promise<void> }>;

/** Returns an interruption: after `spoken` segments are stored, the next write to `table` waits. */
const whileWritingTo =
  (table: string, { spoken = 0 } = {}): Interruption =>
  async (place) => {
    if (spoken > 0) await untilSpoken(place, spoken);
    const barrier = await barrierAt(place.database, table);
    await barrier.reached();
    return barrier;
  };

const whileJoining: Interruption = async (place) => {
  const barrier = await barrierAt(place.database, "instances.user_narration_segments");
  await untilSpoken(place, place.narration.segmentCount);
  const watcher = watch(join(place.storageRoot, "tmp"));
  const changed = once(watcher, "change");
  // The join may end before the watcher sees a file. In this case, the worker waits at the barrier.
  const writing = isWriting(place).then(async (is) => {
    if (!is) await changed;
  });
  await Promise.race([writing, barrier.reached()]);
  watcher.close();
  return barrier;
};

/**
 * Returns true if a joined file is being written. Call this function after all segments are spoken,
 * because tmp also contains files of segments until then.
 */
const isWriting = async ({ storageRoot }: Scene): Promise<boolean> =>
  (await readdir(join(storageRoot, "tmp"))).length > 0;

/** Kills a worker at a point of its render and lets another worker continue. */
async function killed(interruption: Interruption): Promise<Outcome> {
  const place = await scene();
  await ask(place);
  const interrupted = interruption(place);
  const first = await worker(place);
  const barrier = await interrupted;
  await first.kill();
  await barrier.open();
  const before = await renditionsOf(place);

  const outcome = await ended(place);

  const after = await renditionsOf(place);
  expect(new Map([...after].filter(([recipe]) => before.has(recipe)))).toEqual(before);
  await close(place);
  return outcome;
}

test("a render continues after a killed worker, makes no rendition twice and produces the same bytes", async () => {
  // Run all cases at the same time, because each case mostly waits until the queue notices that the
  // dead worker sends no heartbeat.
  const outcomes = await Promise.all([
    killed(whileWritingTo("instances.user_story_narrations")),
    killed(whileWritingTo("reference.renditions", { spoken: 3 })),
    killed(whileWritingTo("instances.user_renditions")),
    killed(whileJoining),
    killed(whileWritingTo("instances.user_narration_segments")),
  ]);

  expect(uninterrupted.status).toBe("ready");
  expect(Object.keys(uninterrupted.files)).toHaveLength(5);
  for (const outcome of outcomes) expect(outcome).toEqual(uninterrupted);
});
