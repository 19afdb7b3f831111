import { says, refuses } from "../../../support/language-model-server.js";
import { FERRY, SUMMARY, goodAnswer, trueSpeaker } from "./played-models.js";
import { readingScene } from "./reading-worker.js";

let scene: Awaited<ReturnType<typeof readingScene>>;
beforeAll(async () => {
  scene = await readingScene();
});
beforeEach(() => {
  scene.play();
});
afterEach(() => scene.app.clean());
afterAll(() => scene.close());

test("the model's analysis follows the embedded one, and becomes the story's analysis", async () => {
  const worker = scene.workerWith();
  const story = await scene.givenEmbedded(worker);
  const before = await scene.currentOf(story);

  await worker.runAll();

  const after = await scene.currentOf(story);
  const quotes = await scene.app.superuser<{ text: string; speaker: string | null }>(
    `SELECT text, speaker_id AS speaker FROM reference.story_segments
     WHERE analysis_id = $1 AND kind = 'dialogue' ORDER BY position`,
    [after?.id],
  );
  expect(before).toMatchObject({ analyzerId: "embedded" });
  expect(after).toMatchObject({
    ...{ analyzerId: "model", model: "played", rank: 20, summary: SUMMARY, degraded: [] },
    usage: {
      requests: scene.server.requests.length,
      inputTokens: 100 * scene.server.requests.length,
    },
  });
  expect(after?.promptVersion).toMatch(/^[0-9a-f]{12}$/);
  expect(quotes).toEqual(quotes.map(({ text }) => ({ text, speaker: trueSpeaker(text) })));
  expect(await scene.answers()).toEqual([]);
  expect(await scene.used()).toMatchObject([{ tokens: 120 * scene.server.requests.length }]);
  expect(
    await scene.app.superuser(
      "SELECT FROM reference.story_modulation_occurrences WHERE analysis_id = $1",
      [after?.id],
    ),
  ).not.toEqual([]);
});

test("a narration keeps the analysis that it was made from, and a new one takes the model's", async () => {
  const worker = scene.workerWith();
  const story = await scene.givenEmbedded(worker);
  const narration = await scene.app.given.narration({ owner: "eve", story });

  await worker.runAll();

  const [embedded, model] = await scene.rows();
  expect(await scene.app.given.reread(narration)).toEqual(narration);
  expect(narration.analysisId).toBe(embedded?.id);
  expect(await scene.app.given.narration({ owner: "eve", story })).toMatchObject({
    analysisId: model?.id,
  });
});

test("a text is read once, whoever publishes the text and however often", async () => {
  const worker = scene.workerWith();
  const story = await scene.givenEmbedded(worker);
  await scene.publishFerry("ben");
  const request = () =>
    scene.app.jobDatabase.write(null, (tx) => worker.analyses.requestModel(tx, story));

  const waiting = await request();
  await worker.runAll();
  const ready = await request();

  expect([waiting, ready]).toEqual(["under_way", "unneeded"]);
  expect(await scene.rows()).toHaveLength(2);
  expect(worker.jobs).toEqual([]);
});

test("without a model, only the embedded analysis is made", async () => {
  const story = await scene.publishFerry();
  await scene.app.analyse(story);

  expect(await scene.rows()).toMatchObject([
    { analyser: "embedded", status: "ready", degraded: [] },
  ]);
});

describe("a model that does not answer", () => {
  test("is asked again later, and only for what it has not answered", async () => {
    const worker = scene.workerWith();
    const story = await scene.givenEmbedded(worker);
    scene.play((request, count) => (count < 2 ? says(goodAnswer(request)) : refuses(503)));

    const said = await worker.runNext();

    const first = scene.asked();
    expect(said).toMatch(/^Analysis \d+ continues in 300 s: /);
    expect(worker.jobs).toMatchObject([{ analyserId: "model", laterSeconds: 300 }]);
    expect(await scene.rows()).toMatchObject([
      { status: "ready", degraded: [] },
      { status: "pending", failure: null },
    ]);
    expect((await scene.rows())[1]?.progress).toBeGreaterThan(0);
    expect(await scene.answers()).toHaveLength(2);
    scene.play();
    await worker.runAll();

    expect(await scene.currentOf(story)).toMatchObject({
      ...{ analyzerId: "model", summary: SUMMARY },
      usage: { requests: 2 + scene.server.requests.length },
    });
    expect(scene.asked()).toEqual([first[2], ...scene.asked().slice(1)]);
    for (const answered of first.slice(0, 2)) expect(scene.asked()).not.toContain(answered);
  });

  test("because its key is wrong is a failure, until somebody asks again", async () => {
    const worker = scene.workerWith();
    const story = await scene.givenEmbedded(worker);
    scene.play(() => refuses(401));
    const [, row] = await scene.rows();

    await expect(worker.runNext()).rejects.toMatchObject({ retryable: false });
    await worker.analyses.fail(row?.id ?? 0, "The key is wrong.");
    scene.play();
    const request = await scene.app.jobDatabase.write(null, (tx) =>
      worker.analyses.requestModel(tx, story),
    );
    await worker.runAll();

    expect(request).toBe("queued");
    expect(await scene.currentOf(story)).toMatchObject({ analyzerId: "model" });
  });

  test("because its key is wrong is asked again by a worker that starts with another key", async () => {
    const clock = { now: () => new Date("2026-05-01T10:00:00Z") };
    const worker = scene.workerWith({ clock });
    const story = await scene.givenEmbedded(worker);
    const [, row] = await scene.rows();
    await worker.analyses.fail(row?.id ?? 0, "The key is wrong.");
    const later = { now: () => new Date("2026-05-01T10:00:01Z") };

    const bySame = await worker.analyses.requestUnread();
    const mended = scene.workerWith({ clock: later });
    const byNext = await mended.analyses.requestUnread();
    const said = await mended.runNext();

    expect([bySame, byNext]).toEqual([0, 1]);
    expect(said).toMatch(
      /^Finished the job of analysis \d+: played read \d+ tokens and wrote \d+$/,
    );
    expect(await scene.currentOf(story)).toMatchObject({ analyzerId: "model" });
    expect(await mended.analyses.requestUnread()).toBe(0);
  });
});

test("an analysis says how many answers could not be used", async () => {
  const worker = scene.workerWith();
  const story = await scene.givenEmbedded(worker);
  scene.play((request, count) => says(count < 2 ? "I would rather not." : goodAnswer(request)));

  await worker.runAll();

  const { degraded, usage } = (await scene.currentOf(story)) ?? {};
  const requests = (usage?.requests ?? 0) - 1;
  expect(degraded).toMatchObject([
    { feature: "model", reason: expect.stringContaining(`1 of ${requests} answers`) as string },
  ]);
});

test("texts that were published before the server had a model are read, and drafts are not", async () => {
  const story = await scene.app.given.story({ author: "ada", text: FERRY, analyse: true });
  await scene.app.given.story({ author: "ada", text: "A draft." });
  await scene.app.given.story({
    author: "ada",
    text: "A text whose analysis waits.",
    publish: true,
  });
  const worker = scene.workerWith();

  const queued = await worker.analyses.requestUnread();
  await worker.runAll();

  expect(queued).toBe(1);
  expect(await scene.currentOf(story)).toMatchObject({ analyzerId: "model" });
});

test("an analysis by the model that lost its job is queued again", async () => {
  const worker = scene.workerWith();
  await scene.givenEmbedded(worker);
  const [order] = worker.jobs.splice(0);

  expect(await worker.analyses.requeueLost()).toBe(1);

  expect(worker.jobs).toMatchObject([{ analysisId: order?.analysisId, analyserId: "model" }]);
});
