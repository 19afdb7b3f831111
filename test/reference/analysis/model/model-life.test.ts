import { UnavailableError } from "../../../../src/platform/errors.js";
import { ownerOf } from "../../../../src/instances/index.js";
import type { StoryEntity } from "../../../../src/reference/index.js";
import { says } from "../../../support/language-model-server.js";
import { FERRY, SUMMARY, goodAnswer } from "./played-models.js";
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

describe("a limit", () => {
  test("of tokens for one text ends the analysis before anything is sent, and the embedded one says so", async () => {
    const strict = scene.workerWith({ tokensPerText: 500 });
    const story = await scene.givenEmbedded(strict);

    await strict.runAll();

    const [embedded, model] = await scene.rows();
    expect(scene.server.requests).toEqual([]);
    expect(model).toMatchObject({ status: "failed" });
    expect(model?.failure?.message).toContain("this server allows 500 for one text");
    expect(embedded?.degraded).toEqual([{ feature: "model", reason: model?.failure?.message }]);

    const generous = scene.workerWith();
    await scene.app.jobDatabase.write(null, (tx) => generous.analyses.request(tx, story));
    await generous.runAll();

    expect(await scene.rows()).toMatchObject([
      { status: "ready", degraded: [] },
      { status: "ready", degraded: [] },
    ]);
  });

  test("of tokens for a day lets the text wait for the next day, and costs nothing twice", async () => {
    const first = new Date("2026-05-01T22:00:00Z");
    let now = first;
    const worker = scene.workerWith({ tokensPerDay: 4000, clock: { now: () => now } });
    const story = await scene.givenEmbedded(worker);
    const usage = { prompt_tokens: 900, completion_tokens: 100 };
    scene.play((request) => says(goodAnswer(request), { usage }));

    await worker.runNext();

    const today = scene.server.requests.length;
    expect(today).toBeGreaterThan(0);
    expect(worker.jobs).toMatchObject([{ laterSeconds: 2 * 3600 }]);
    const [embedded] = await scene.rows();
    expect(embedded?.degraded[0]?.reason).toContain("another day");
    expect((await scene.rows())[1]).toMatchObject({ status: "pending" });

    for (let day = 1; worker.jobs.length > 0; day += 1) {
      now = new Date(first.getTime() + day * 86_400_000);
      await worker.runNext();
    }

    expect(await scene.currentOf(story)).toMatchObject({
      ...{ analyzerId: "model", summary: SUMMARY },
      usage: { requests: scene.server.requests.length },
    });
    expect((await scene.rows())[0]?.degraded).toEqual([]);
    expect(new Set(scene.asked()).size).toBe(scene.server.requests.length);
    const days = await scene.used();
    expect(days[0]).toEqual({ day: "2026-05-01", tokens: 1000 * today });
    expect(days.length).toBeGreaterThan(1);
  });

  test("of tokens for a day that is too low for one request ends the analysis, because no day is better", async () => {
    const worker = scene.workerWith({ tokensPerDay: 200 });
    await scene.givenEmbedded(worker);

    await worker.runAll();

    expect(scene.server.requests).toEqual([]);
    const [embedded, model] = await scene.rows();
    expect(model).toMatchObject({ status: "failed" });
    expect(model?.failure?.message).toContain("this server allows 200 for a day");
    expect(embedded?.degraded).toEqual([{ feature: "model", reason: model?.failure?.message }]);
  });

  test("of tokens for one text ends the questions to a model that needs more than was estimated", async () => {
    const worker = scene.workerWith({ tokensPerText: 20_000 });
    const story = await scene.givenEmbedded(worker);
    const usage = { prompt_tokens: 900, completion_tokens: 9_000 };
    scene.play((request) => says(goodAnswer(request), { usage }));

    await worker.runAll();

    expect(scene.server.requests).toHaveLength(3);
    const [embedded, model] = await scene.rows();
    expect(embedded?.degraded).toEqual([]);
    expect(model).toMatchObject({ status: "ready" });
    expect(model?.degraded[0]?.reason).toMatch(/^[1-9] of \d+ answers/);
    expect(await scene.currentOf(story)).toMatchObject({ analyzerId: "model" });
  });
});

test("a text that a slow model reads for an hour lets other texts go first, and continues", async () => {
  let minutes = 0;
  const start = Date.parse("2026-05-01T00:00:00Z");
  const worker = scene.workerWith({ clock: { now: () => new Date(start + minutes * 60_000) } });
  const story = await scene.givenEmbedded(worker);
  scene.play((request) => {
    minutes += 20;
    return says(goodAnswer(request));
  });

  await worker.runNext();

  expect(scene.server.requests).toHaveLength(3);
  expect(worker.jobs).toMatchObject([{ analyserId: "model", laterSeconds: 1 }]);
  await worker.runAll();
  expect(await scene.currentOf(story)).toMatchObject({ analyzerId: "model", summary: SUMMARY });
  expect(new Set(scene.asked()).size).toBe(scene.server.requests.length);
});

describe("while the model reads", () => {
  /** Runs `change` during the first request. */
  const duringFirst = (change: () => Promise<unknown>): void => {
    scene.play(async (request, count) => {
      if (count === 0) await change();
      return says(goodAnswer(request));
    });
  };

  test.each([
    [
      "a new text of the story",
      (story: StoryEntity) =>
        scene.app.services.stories.update("ada", story, { content: "The end." }),
    ],
    ["an archived story", (story: StoryEntity) => scene.app.services.stories.archive("ada", story)],
  ])("%s ends the analysis after the present request", async (_name, change) => {
    const worker = scene.workerWith();
    const story = await scene.givenEmbedded(worker);
    duringFirst(() => change(story));

    await worker.runNext();

    expect(scene.server.requests).toHaveLength(1);
    expect((await scene.rows())[1]).toMatchObject({ status: "failed", rank: 20 });
    expect((await scene.rows())[1]?.failure?.message).toContain("No published story has this text");
    expect(worker.jobs).toEqual([]);
  });

  test("the end of the story ends the analysis, and gives nothing back", async () => {
    const worker = scene.workerWith();
    const { id, version } = await scene.givenEmbedded(worker);
    duringFirst(async () => {
      const at = { id, version, deletesOwnNarrations: false };
      await scene.app.services.storyDeletion.delete(ownerOf("ada"), at);
    });

    await worker.runNext();

    expect(scene.server.requests).toHaveLength(1);
    expect(await scene.rows()).toEqual([]);
    expect(await scene.answers()).toEqual([]);
    expect(await scene.used()).toMatchObject([{ tokens: 120 }]);
  });

  test("a worker whose analysis another server ends leaves it as it is", async () => {
    const worker = scene.workerWith();
    await scene.givenEmbedded(worker);
    const id = worker.jobs[0]?.analysisId ?? 0;
    duringFirst(() => scene.app.analyses.fail(id, "Another server was here."));

    await worker.runNext();

    expect(scene.server.requests).toHaveLength(1);
    expect((await scene.rows())[1]).toMatchObject({
      ...{ status: "failed", failure: { message: "Another server was here." } },
    });
    expect(await scene.answers()).toHaveLength(1);
  });

  test("a database that restarts loses no answer that is paid", async () => {
    let outages = 0;
    const beforeWriting = () => {
      if (outages > 0 && outages-- > 0) throw new UnavailableError("The database is restarting.");
    };
    const worker = scene.workerWith({ beforeWriting });
    const story = await scene.givenEmbedded(worker);
    duringFirst(() => {
      outages = 3;
      return Promise.resolve();
    });

    await worker.runAll();

    expect(outages).toBe(0);
    expect(new Set(scene.asked()).size).toBe(scene.server.requests.length);
    expect(await scene.currentOf(story)).toMatchObject({ analyzerId: "model" });
  });

  test("a second worker with the same job stores nothing twice", async () => {
    const [one, other] = [scene.workerWith(), scene.workerWith()];
    const story = await scene.givenEmbedded(one);
    const id = one.jobs[0]?.analysisId ?? 0;

    await Promise.all([one.runNext(), other.analyses.run(id)]);

    const ready = await scene.currentOf(story);
    const segments = await scene.app.superuser(
      "SELECT FROM reference.story_segments WHERE analysis_id = $1",
      [ready?.id],
    );
    expect(ready).toMatchObject({ analyzerId: "model", summary: SUMMARY });
    expect(segments).toHaveLength(ready?.segmentCount ?? 0);
    expect(await scene.answers()).toEqual([]);
  });
});

describe("another server", () => {
  test("without a model ends the analysis, and one with the model requests it again", async () => {
    const worker = scene.workerWith();
    const story = await scene.givenEmbedded(worker);

    await scene.app.superuser(
      "UPDATE reference.story_analyses SET degraded = '[{}]' WHERE analyzer_id = 'embedded'",
    );

    const said = await scene.app.analyses.run(worker.jobs[0]?.analysisId ?? 0);
    const [embedded, ended] = await scene.rows();
    const queued = await worker.analyses.requestUnread();
    await worker.runAll();

    expect(said).toContain("This server has no language model any more.");
    expect(ended).toMatchObject({ status: "failed" });
    expect(embedded?.degraded).toEqual([]);
    expect(queued).toBe(1);
    expect(await scene.currentOf(story)).toMatchObject({ analyzerId: "model" });
  });

  test("with another model reads the text instead, and keeps what an earlier model has read", async () => {
    const old = scene.workerWith({ model: "old" });
    const read = await scene.givenEmbedded(old);
    await old.runAll();
    const waiting = await scene.app.given.story({
      author: "ben",
      text: `${FERRY}\n\nThe end.`,
      publish: true,
    });
    const embedded = (await scene.rows()).at(-1);
    await old.analyses.run(embedded?.id ?? 0);
    scene.play((request) => says({ ...goodAnswer(request), summary: "Three people wait." }));

    const present = scene.workerWith({ model: "present" });
    await present.analyses.run(old.jobs[0]?.analysisId ?? 0);
    await present.runAll();

    expect((await scene.rows()).map(({ model, status }) => `${model} ${status}`)).toEqual([
      ...[" ready", "old ready", " ready", "old failed", "present ready"],
    ]);
    expect(await scene.currentOf(read)).toMatchObject({ model: "old" });
    expect(await scene.currentOf(waiting)).toMatchObject({ model: "present" });

    expect(await present.analyses.requestUnread()).toBe(1);
    await present.runAll();
    expect(await scene.currentOf(read)).toMatchObject({ model: "present" });
    expect(await present.analyses.requestUnread()).toBe(0);
  });
});
