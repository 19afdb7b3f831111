import { Piscina } from "piscina";
import { AnalysisStatus, analyseText, packAnalysis } from "../../../../src/reference/index.js";
import { readBatch } from "../../../../src/reference/analysis/running/packed-analysis.js";
import { WorkerPool } from "../../../../src/platform/threads/worker-pool.js";
import { type TestApp, testApp } from "../../../support/app.js";

const BUILT = new URL("../../../../dist/src/", import.meta.url);
/** One segment more than one statement copies into a script (50,000). */
const LINES = 50_001;
const text = Array.from({ length: LINES }, (_, index) => `Word${index}`).join("\n\n");

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ worker: true });
});
afterAll(() => app.close());

test("the batches contain every segment once, in order, and each batch is smaller than a megabyte", () => {
  const packed = packAnalysis(analyseText(text), text);

  const rows = packed.batches.flatMap(
    (batch) => JSON.parse(readBatch(batch)) as { position: number; text: string }[],
  );

  expect(packed.segmentCount).toBe(LINES);
  expect(rows.map(({ position }) => position)).toEqual(rows.map((_row, index) => index));
  expect(rows.map((row) => row.text).join("")).toBe(text.replace(/\n\n/g, ""));
  // PostgreSQL gets the JSON of a batch. The compressed batch has a twentieth of these bytes.
  const jsonBytes = packed.batches.map((batch) => Buffer.byteLength(readBatch(batch)));
  expect(Math.max(...jsonBytes)).toBeLessThan(1_000_000);
});

test("apparatus is packed in batches that are smaller than a megabyte", () => {
  const hyphenated = "An old gar\u00ADden.\n\n".repeat(100_000);

  const packed = packAnalysis(analyseText(hyphenated), hyphenated);

  const batches = packed.apparatusBatches.map(readBatch);
  const rows = batches.flatMap((batch) => JSON.parse(batch) as { utf16_start: number }[]);
  expect(rows.map((row) => row.utf16_start)).toEqual(rows.map((_row, index) => index * 17 + 10));
  expect(rows).toHaveLength(100_000);
  expect(Math.max(...batches.map((batch) => Buffer.byteLength(batch)))).toBeLessThan(1_000_000);
});

test("a text of many short lines is analysed, narrated before and after, and published", async () => {
  const story = await app.given.story({ text, publish: true });
  const before = await app.given.narration({ owner: "ada", story });
  await app.analysed(story);

  const after = await app.given.narration({ owner: "ada", story, publish: "public" });

  const [counts] = await app.superuser(
    `SELECT (SELECT count(*)::int FROM reference.story_segments) AS segments,
       (SELECT count(*)::int FROM instances.user_narration_segments WHERE narration_id = $1) AS before,
       (SELECT count(*)::int FROM instances.user_narration_segments WHERE narration_id = $2) AS after,
       (SELECT count(*)::int FROM reference.published_narration_segments) AS published`,
    [before.id, after.id],
  );
  expect(counts).toEqual({ segments: LINES, before: LINES, after: LINES, published: LINES });
});

test("an analysis needs a kilobyte of heap or less for each segment of short lines", async () => {
  const lines = "“A,” said the fox.\n\nRiver\n\n".repeat(20_000);
  const pool = new Piscina({
    filename: new URL("reference/analysis/running/analyse.worker.js", BUILT).href,
    maxThreads: 1,
    resourceLimits: { maxOldGenerationSizeMb: 56, maxYoungGenerationSizeMb: 8 },
  });

  const packed: unknown = await pool.run({ text: lines, language: "en" }, { name: "analyse" });

  expect(packed).toMatchObject({ segmentCount: 60_000 });
  await pool.destroy();
});

test("an abort ends the thread of an analysis, although the analyser does not check the signal", async () => {
  const pool = new WorkerPool(BUILT, 1);
  const abort = new AbortController();
  const long = pool.run(
    "reference/analysis/running/analyse.worker.js",
    "analyse",
    { text: text.repeat(4), language: "en" },
    abort.signal,
  );

  abort.abort();

  await expect(long).rejects.toThrow("aborted");
  const next = await pool.run("reference/analysis/running/analyse.worker.js", "analyse", {
    text: "The bell rang.",
    language: "en",
  });
  expect(next).toMatchObject({ segmentCount: 1 });
  await pool.close();
});

test("a worker that stops ends the thread of its analysis", async () => {
  const inThreads = import.meta.jest.spyOn(WorkerPool.prototype, "run");
  const worker = await testApp({ worker: true });
  const story = await worker.given.story({ text: text.repeat(3), publish: true });
  await worker.analysed(story, AnalysisStatus.Running);

  await worker.close();

  const ended = inThreads.mock.results
    .filter((_, call) => inThreads.mock.calls[call]?.[1] === "analyse")
    .map(({ value }) => value as Promise<unknown>);
  inThreads.mockRestore();
  expect(ended).toHaveLength(1);
  await expect(ended[0]).rejects.toThrow("The task has been aborted");
});
