import { once } from "node:events";
import {
  type AnalysisDocument,
  AnalysisStatus,
  type PackedAnalysis,
  analyseText,
  analysisJob,
  packAnalysis,
  storyText,
} from "../../../src/reference/index.js";
import { type TestApp, analysesOf, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
import { BRIDGE, ORCHARD, textNamed } from "../../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ poolSize: 20 });
});
afterEach(() => app.clean());
afterAll(() => app.close());

interface AnalysisRow {
  readonly id: number;
  readonly status: string;
  readonly segments: number;
  readonly failure: object | null;
}

const rows = () =>
  app.superuser<AnalysisRow>(
    `SELECT id, status, failure, (SELECT count(*)::int FROM reference.story_segments s WHERE s.analysis_id = a.id) AS segments
     FROM reference.story_analyses a ORDER BY id`,
  );
const jobs = () => app.superuser<{ data: object }>("SELECT data FROM jobs.job");
const onlyId = async (): Promise<number> => (await rows())[0]?.id ?? 0;
const documentOf = (text: string): AnalysisDocument => analyseText(text, { language: "en" });

test("a text published twice at the same time is analysed once, in ten rounds", async () => {
  await Promise.all(["ada", "ben"].map((author) => app.given.user(author)));

  for (let round = 0; round < 10; round += 1) {
    const text = textNamed(`round ${round}`);
    await Promise.all(
      ["ada", "ben"].map((author) => app.given.story({ author, text, publish: true })),
    );
  }

  expect(await rows()).toHaveLength(10);
  expect(await jobs()).toHaveLength(10);
});

test("a text that is already public is not analysed again", async () => {
  await app.given.story({ author: "ada", analyse: true });
  const before = await rows();

  await app.given.story({ author: "ben", publish: true });

  expect(await rows()).toEqual(before);
  expect(await jobs()).toHaveLength(1);
});

test("one text in two languages has two analyses", async () => {
  await app.given.story({ author: "ada", publish: true });
  await app.given.story({ author: "ben", language: "de", publish: true });

  expect(await rows()).toHaveLength(2);
});

test("the job contains the id of the analysis and no text", async () => {
  await app.given.story({ publish: true });

  expect(await jobs()).toEqual([{ data: { analysisId: await onlyId() } }]);
});

test("the analysis document is stored as rows", async () => {
  const story = await app.given.story({ analyse: true });

  const document = documentOf(BRIDGE);
  const [analysis] = await app.superuser(
    "SELECT summary, mood, characters, segment_count FROM reference.story_analyses WHERE content_hash = $1",
    [story.contentHash],
  );
  const segments = await app.superuser<{ utf16_start: number; utf16_end: number; text: string }>(
    "SELECT utf16_start, utf16_end, text FROM reference.story_segments ORDER BY position",
  );
  expect(analysis).toEqual({
    summary: document.summary,
    mood: document.mood,
    characters: document.characters,
    segment_count: document.segments.length,
  });
  expect(segments).toEqual(
    document.segments.map(({ start, end }) => ({
      utf16_start: start,
      utf16_end: end,
      text: BRIDGE.slice(start, end),
    })),
  );
});

test("what is not the story is stored beside the segments, with the end of each segment", async () => {
  const text = storyText("The bell rang some\u00ADwhere.\n\n* * *\n\nMorning came.");
  await app.given.story({ text, analyse: true });

  const apparatus = await app.superuser(
    "SELECT utf16_start, utf16_end, kind, said FROM reference.story_apparatus ORDER BY utf16_start",
  );
  const segments = await app.superuser(
    "SELECT text, break_after FROM reference.story_segments ORDER BY position",
  );

  expect(segments).toEqual([
    { text: "The bell rang some\u00ADwhere.", break_after: "scene" },
    { text: "Morning came.", break_after: "paragraph" },
  ]);
  expect(apparatus).toEqual([
    { utf16_start: 18, utf16_end: 19, kind: "character", said: "" },
    { utf16_start: 27, utf16_end: 32, kind: "scene_break", said: "" },
  ]);
});

test("a job that runs again after its work is done analyses nothing", async () => {
  await app.given.story({ analyse: true });
  const analyse = () => Promise.reject(new Error("It was asked again."));

  await analysesOf(app, analyse).run(await onlyId());

  expect(await rows()).toMatchObject([{ status: "ready" }]);
});

test("two workers that run one job store the document once", async () => {
  const story = await app.given.story({ publish: true });
  await app.given.narration({ owner: "ada", story });
  const document = gate<PackedAnalysis>();
  const analyses = analysesOf(app, () => document.opened);
  const runs = [analyses.run(await onlyId()), analyses.run(await onlyId())];

  document.open(packAnalysis(documentOf(BRIDGE), BRIDGE));
  await Promise.all(runs);

  const expected = documentOf(BRIDGE).segments.length;
  expect(await rows()).toMatchObject([{ status: "ready", segments: expected }]);
  expect(await app.superuser("SELECT FROM instances.user_narration_segments")).toHaveLength(
    expected,
  );
});

test("a narration that is made while the analysis is being stored waits for nothing, and gets a script", async () => {
  const story = await app.given.story({ author: "ada", publish: true });
  const analyses = analysesOf(app, () => Promise.resolve(packAnalysis(documentOf(BRIDGE), BRIDGE)));
  const made: { readonly segmentCount: number }[] = [];
  analyses.onReady(async () => {
    if (made.length === 0) made.push(await app.given.narration({ owner: "ben", story }));
  });

  await analyses.run(await onlyId());

  expect(made).toMatchObject([{ segmentCount: 0 }]);
  expect(await app.superuser("SELECT segment_count FROM instances.user_story_narrations")).toEqual([
    { segment_count: documentOf(BRIDGE).segments.length },
  ]);
});

test("the next try completes an analysis after the analyser throws", async () => {
  await app.given.story({ publish: true });
  const failing = analysesOf(app, () => Promise.reject(new Error("Out of memory.")));

  await expect(failing.run(await onlyId())).rejects.toThrow("Out of memory.");
  const between = await rows();
  await app.analyses.run(await onlyId());

  expect(between).toMatchObject([{ status: "running", segments: 0 }]);
  expect(await rows()).toMatchObject([{ status: "ready" }]);
});

test("an abort of the job reaches the analyser", async () => {
  await app.given.story({ publish: true });
  const analysing = gate();
  const analyses = analysesOf(app, async (_text, { signal }) => {
    analysing.open();
    await once(signal, "abort");
    throw signal.reason;
  });
  const abort = new AbortController();
  const run = analysisJob(analyses).run({ analysisId: await onlyId() }, abort.signal);
  await analysing.opened;

  abort.abort(new Error("Another worker has the job."));

  await expect(run).rejects.toThrow("Another worker has the job.");
});

test("a job that is aborted after the analysis stores nothing", async () => {
  await app.given.story({ publish: true });
  const abort = new AbortController();
  const analyses = analysesOf(app, () => {
    abort.abort(new Error("Another worker has the job."));
    return Promise.resolve(packAnalysis(documentOf(BRIDGE), BRIDGE));
  });

  const run = analyses.run(await onlyId(), abort.signal);

  await expect(run).rejects.toThrow("Another worker has the job.");
  expect(await rows()).toMatchObject([{ status: "running", segments: 0 }]);
});

test("a failed analysis stores the reason, and a failure never replaces a ready analysis", async () => {
  const story = await app.given.story({ author: "ada", publish: true });
  const id = await onlyId();

  await app.analyses.fail(id, "It took too long.");
  const failed = await rows();
  await app.services.stories.publish("ada", story);
  await app.analyses.run(id);
  await app.analyses.fail(id, "Too late.");

  expect(failed).toMatchObject([
    { status: AnalysisStatus.Failed, failure: { message: "It took too long." } },
  ]);
  expect(await rows()).toMatchObject([{ status: AnalysisStatus.Ready, failure: null }]);
});

test("a document that cannot be stored leaves no segments", async () => {
  await app.given.story({ publish: true });
  const document = documentOf(BRIDGE);
  const broken = { ...document, segments: [{ ...document.segments[0], kind: "song" }] };
  const analyses = analysesOf(app, () =>
    Promise.resolve(packAnalysis(broken as unknown as AnalysisDocument, BRIDGE)),
  );

  await expect(analyses.run(await onlyId())).rejects.toThrow("story_segments_kind_check");

  expect(await rows()).toMatchObject([{ status: "running", segments: 0 }]);
});

test("a text without a public story is not analysed until an author uses the text again", async () => {
  const story = await app.given.story({ author: "ada", publish: true });
  const id = await onlyId();
  const changed = await app.services.stories.update("ada", story, { content: ORCHARD });

  await app.analyses.run(id);
  const [left] = await rows();
  await app.services.stories.update("ada", changed, { content: BRIDGE });
  await app.analyses.run(id);

  expect(left).toMatchObject({ status: "failed", segments: 0 });
  expect((await rows())[0]).toMatchObject({ status: "ready" });
});

test("a listener for a text receives each step of its analysis", async () => {
  const story = await app.given.story({ publish: true });
  const news = app.services.notifier.listen("story_analysis", story.contentHash ?? "");
  const heard = [news.next(), news.next()];

  await app.analyse(story);

  await expect(Promise.all(heard)).resolves.toHaveLength(2);
  await news.return?.();
});
