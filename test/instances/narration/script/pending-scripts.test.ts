import { ownerOf } from "../../../../src/instances/index.js";
import { ANALYSIS_LOCK } from "../../../../src/reference/analysis/analysis.store.js";
import { type PackedAnalysis, analyseText, packAnalysis } from "../../../../src/reference/index.js";
import { type TestApp, analysesOf, testApp } from "../../../support/app.js";
import { type HeldRow, gate, holdRow, untilBlocked } from "../../../support/blocked.js";
import { BRIDGE, ORCHARD, textNamed } from "../../../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ poolSize: 20 });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const create = (owner: string, storyId: number) =>
  app.services.narrations.create(ownerOf(owner), { storyId });

/**
 * Counts the narrations without a complete script, and the narrations that still wait for an analysis.
 * The two counts are 0 when all scripts are written.
 */
async function unfinished() {
  const [left] = await app.superuser<{ scriptless: number; waiting: number }>(
    `SELECT (SELECT count(*)::int FROM platform.pending_scripts) AS waiting,
       (SELECT count(*)::int FROM instances.user_story_narrations n WHERE n.analysis_id IS NULL
          OR n.segment_count <> (SELECT segment_count FROM reference.story_analyses a WHERE a.id = n.analysis_id)
          OR n.segment_count <> (SELECT count(*) FROM instances.user_narration_segments g
               WHERE g.user_id = n.user_id AND g.narration_id = n.id)) AS scriptless`,
  );
  return left;
}
const ALL_DONE = { scriptless: 0, waiting: 0 };

const spaceless = (text: string): string => text.replace(/\s+/g, "");

/** Holds the lock of an English text, which narrations and the last step of storing its analysis need. */
const holdText = (contentHash: string | null): Promise<HeldRow> =>
  holdRow(
    app.testDatabase,
    `SELECT pg_advisory_xact_lock(${ANALYSIS_LOCK}, hashtext('${String(contentHash)} en'))`,
  );

test("a narration created before the analysis is empty, and gets its script with the analysis", async () => {
  const story = await app.given.story({ publish: true });

  const narration = await app.given.narration({ owner: "ada", story });
  const early = await app.given.script(narration);
  await app.analyse(story);

  const later = await app.given.reread(narration);
  const script = await app.given.script(narration);
  expect(early).toEqual([]);
  expect(narration).toMatchObject({ segmentCount: 0, analysisId: null, scriptHash: null });
  expect(spaceless(script.map(({ text }) => text).join(""))).toBe(spaceless(BRIDGE));
  expect(later.segmentCount).toBe(script.length);
  expect(later.scriptHash).toMatch(/^[0-9a-f]{64}$/);
  expect(later.voiceCast.map(({ characterName }) => characterName)).toEqual(
    expect.arrayContaining(["Marta", "Tobias"]),
  );
});

test("a narration that waits for its script gets no segments before, and then the whole script", async () => {
  const story = await app.given.story({ publish: true });
  const narration = await app.given.narration({ owner: "ada", story });
  const { scriptShaping } = app.services;
  const [ada, segments] = [ownerOf("ada"), [{ text: "New." }]];

  const inserting = scriptShaping.insert(ada, narration, { after: -1, segments });
  await expect(inserting).rejects.toThrow("has no script yet");
  for (const change of [
    { split: { index: 0, at: 1 } },
    { join: { index: 0 } },
    { remove: { indexes: [0] } },
  ]) {
    const changing = scriptShaping.change(ada, narration, change);
    await expect(changing).rejects.toThrow("has no script yet");
  }
  await app.analyse(story);

  expect(await unfinished()).toEqual(ALL_DONE);
  const written = await app.given.reread(narration);
  const inserted = await scriptShaping.insert(ada, written, { after: -1, segments });
  expect(inserted.segmentCount).toBe(written.segmentCount + 1);
});

test("a story in another language waits for its own analysis", async () => {
  const english = await app.given.story({ author: "ada", publish: true });
  const german = await app.given.story({ author: "ben", publish: true, language: "de" });
  const narration = await app.given.narration({ owner: "ada", story: german });

  const [first] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.story_analyses WHERE language = 'en'",
  );
  await app.analyses.run(first?.id ?? 0);

  expect(english.contentHash).toBe(german.contentHash);
  expect(await app.given.reread(narration)).toMatchObject({ segmentCount: 0, analysisId: null });
});

test("a narration created after the analysis has its script immediately", async () => {
  const story = await app.given.story({ analyse: true });

  const narration = await app.given.narration({ owner: "ada", story });

  expect(narration.segmentCount).toBeGreaterThan(5);
  expect(await app.given.script(narration)).toHaveLength(narration.segmentCount);
  expect(await unfinished()).toEqual(ALL_DONE);
});

test("an early and a late narration of one story have the same script", async () => {
  const story = await app.given.story({ publish: true });
  const early = await app.given.narration({ owner: "ada", story });
  await app.analyse(story);

  const late = await app.given.narration({ owner: "ada", story });

  expect((await app.given.reread(early)).scriptHash).toBe(late.scriptHash);
});

test("one analysis writes the scripts of all users and stories that wait for its text", async () => {
  const stories = await Promise.all(
    ["cleo", "dora"].map((author) => app.given.story({ author, publish: true })),
  );
  const owners = ["ada", "ben", "cleo", "emil"];
  await Promise.all(owners.map((owner) => app.given.user(owner)));

  await Promise.all(
    owners.flatMap((owner) => stories.flatMap(({ id }) => [create(owner, id), create(owner, id)])),
  );
  await app.analyse(stories[0] ?? { contentHash: null });

  const count = "SELECT count(*)::int AS count FROM instances.user_story_narrations";
  expect(await app.superuser(count)).toEqual([{ count: 16 }]);
  expect(await unfinished()).toEqual(ALL_DONE);
});

test("a waiting narration gets its script after its story was archived", async () => {
  const story = await app.given.story({ author: "cleo", publish: true });
  await app.given.narration({ owner: "ada", story });
  await app.services.stories.archive("cleo", story);

  await app.analyse(story);

  expect(await unfinished()).toEqual(ALL_DONE);
});

test("deleting a waiting narration leaves no script and does not stop the analysis", async () => {
  const story = await app.given.story({ publish: true });
  const narration = await app.given.narration({ owner: "ada", story });
  await app.services.narrations.delete(ownerOf("ada"), narration);

  await app.analyse(story);

  expect(await app.superuser("SELECT FROM instances.user_narration_segments")).toEqual([]);
  expect(await unfinished()).toEqual(ALL_DONE);
});

test("a waiting narration gets the script of its story's new text", async () => {
  const story = await app.given.story({ author: "cleo", publish: true });
  const narration = await app.given.narration({ owner: "ada", story });
  const changed = await app.services.stories.update("cleo", story, { content: ORCHARD });

  await app.analyse(changed);

  const [first] = await app.given.script(narration);
  expect(first?.text).toContain("The orchard belonged to two brothers");
  expect(await unfinished()).toEqual(ALL_DONE);
});

describe("a narration created while the analysis is being stored gets its script", () => {
  /** An analysis that stores its document when the test calls `finish`. */
  async function analysisUnderWay(name: string) {
    const story = await app.given.story({ text: textNamed(name), publish: true });
    const document = gate<PackedAnalysis>();
    const begun = gate();
    const analyses = analysesOf(app, () => {
      begun.open();
      return document.opened;
    });
    const [row] = await app.superuser<{ id: number }>(
      "SELECT id FROM reference.story_analyses WHERE content_hash = $1",
      [story.contentHash],
    );
    const stored = analyses.run(row?.id ?? 0);
    await begun.opened;
    const finish = () =>
      document.open(
        packAnalysis(analyseText(textNamed(name), { language: "en" }), textNamed(name)),
      );
    return { story, stored, finish };
  }

  test("when both happen at the same time, twenty times", async () => {
    await app.given.user("ada");
    for (let round = 0; round < 20; round += 1) {
      const { story, stored, finish } = await analysisUnderWay(`round ${round}`);

      finish();
      const made = Array.from({ length: 1 + (round % 3) }, () => create("ada", story.id));
      await Promise.all([stored, ...made]);
    }

    expect(await unfinished()).toEqual(ALL_DONE);
  });

  test.each(["narration", "analysis"])("when the %s comes first", async (first) => {
    await app.given.user("ada");
    const { story, stored, finish } = await analysisUnderWay(first);
    const held = await holdText(story.contentHash);

    if (first === "analysis") finish();
    if (first === "analysis") await untilBlocked(app.testDatabase, 1);
    const made = create("ada", story.id);
    await untilBlocked(app.testDatabase, first === "analysis" ? 2 : 1);
    finish();
    await untilBlocked(app.testDatabase, 2);
    await held.release();
    await Promise.all([stored, made]);

    expect(await unfinished()).toEqual(ALL_DONE);
  });

  test("when the story gets a text that is already analysed", async () => {
    await app.given.user("ada");
    await app.given.story({ author: "dora", text: ORCHARD, analyse: true });
    const story = await app.given.story({ author: "cleo", publish: true });
    const held = await holdText(story.contentHash);

    const made = create("ada", story.id);
    await untilBlocked(app.testDatabase, 1);
    const changed = app.services.stories.update("cleo", story, { content: ORCHARD });
    await Promise.race([changed, untilBlocked(app.testDatabase, 2)]);
    await held.release();
    await Promise.all([made, changed]);

    expect(await unfinished()).toEqual(ALL_DONE);
  });

  test("or leaves no row if the narration is deleted at the same time, ten times", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { story, stored, finish } = await analysisUnderWay(`deletion ${round}`);
      const narration = await app.given.narration({ owner: "ada", story });
      const { narrations } = app.services;

      finish();
      const deleted = narrations.delete(ownerOf("ada"), narration).catch(async () => {
        await narrations.delete(ownerOf("ada"), await app.given.reread(narration));
      });
      await Promise.all([stored, deleted]);
    }

    expect(await app.superuser("SELECT FROM instances.user_story_narrations")).toEqual([]);
    expect(await unfinished()).toEqual(ALL_DONE);
  });
});
