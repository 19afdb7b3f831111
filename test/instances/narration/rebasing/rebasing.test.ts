import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import { plainRow } from "../../../../src/platform/database/reading/columns.js";
import type { StoryEntity } from "../../../../src/reference/index.js";
import {
  meterClient,
  newSqlMeter,
} from "../../../../src/platform/database/connection/metered-client.js";
import { type TestApp, testApp } from "../../../support/app.js";

const ada = ownerOf("ada");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const BEFORE = `The bell rang over the town.

“Who is there?” asked Lena softly.

“Only the wind,” said Otto.

“Then let us sleep,” said Lena.`;
/** A line before, a line changed, the others equal. Otto is gone, and Ruth is new. */
const AFTER = `It was night.

The bell rang over the town.

“Who is there?” asked Lena softly.

“Only the rain,” said Ruth.

“Then let us sleep,” said Lena.`;

const service = () => app.services.rebasing;
const textsOf = async (narration: NarrationEntity) =>
  (await app.given.script(narration)).map(({ text }) => text);

async function givenNarration(text = BEFORE) {
  const story = await app.given.story({ author: "cleo", text, analyse: true });
  return { story, narration: await app.given.narration({ owner: "ada", story }) };
}

async function giveText(
  { id }: StoryEntity,
  { content = AFTER, isAnalysed = true } = {},
): Promise<void> {
  const [row] = await app.superuser<{ version: number }>(
    "SELECT version FROM reference.stories WHERE id = $1",
    [id],
  );
  const changed = await app.services.stories.update(
    "cleo",
    { id, version: row?.version ?? 0 },
    { content },
  );
  if (isAnalysed) await app.analyse(changed);
}

const edit = async (narration: NarrationEntity, edits: readonly object[]) =>
  app.services.narrations.updateSegments(
    ada,
    narration,
    edits.map((each) => ({ index: 0, ...each })),
  );

test("an outdated narration takes up the new text and keeps the edits of equal lines", async () => {
  const { story, narration } = await givenNarration();
  const original = await textsOf(narration);
  const changedLine = original.findIndex((text) => text.includes("wind"));
  const before = await edit(narration, [
    { index: 0, text: "The great bell rang.", pauseAfterMs: 900 },
    { index: 1, voice: "flite:rms" },
    { index: changedLine, emotion: "fear", intensity: 1 },
  ]);
  await giveText(story);

  const { narration: rebased, unplaced, placedEdits } = await service().rebase(ada, before);

  const script = await app.given.script(rebased);
  expect(rebased.version).toBe(before.version + 1);
  expect(rebased.segmentCount).toBe(script.length);
  expect(script.map(({ position }) => position)).toEqual([...script.keys()]);
  expect(script[0]).toMatchObject({ text: "It was night.", isEdited: false });
  expect(script[1]).toMatchObject({
    text: "The great bell rang.",
    pauseAfterMs: 900,
    isEdited: true,
  });
  expect(script[2]).toMatchObject({ text: original[1], voice: "flite:rms", storyPosition: 2 });
  expect(script.filter(({ emotion }) => emotion === "fear")).toEqual([]);
  expect(placedEdits).toBe(2);
  expect(unplaced).toMatchObject([
    {
      ...{ reason: "text_changed", index: changedLine, text: original[changedLine] },
      ...{
        storyText: original[changedLine],
        emotion: { label: "fear", intensity: 1 },
        voice: null,
      },
    },
  ]);
});

test("a line with a heading before its text is not told twice when its text changes", async () => {
  const { story, narration } = await givenNarration();
  const { scriptShaping } = app.services;
  const segments = [{ text: "Chapter one." }];
  const headed = await scriptShaping.insert(ada, narration, { after: -1, segments });
  const joined = await scriptShaping.change(ada, headed, { join: { index: 0 } });
  await giveText(story, { content: BEFORE.replace("over the town", "over the sea") });

  const { narration: rebased, unplaced } = await service().rebase(ada, joined);

  const told = (await textsOf(rebased)).filter((text) => text.includes("bell"));
  expect(told).toEqual(["The bell rang over the sea."]);
  expect(unplaced).toMatchObject([
    {
      ...{ reason: "text_changed", index: 0, text: "Chapter one. The bell rang over the town." },
      storyText: "The bell rang over the town.",
    },
  ]);
});

test("without edits, the rebased script is the script of a new narration of the text", async () => {
  const { story, narration } = await givenNarration();
  await giveText(story);

  const { narration: rebased, newSegments } = await service().rebase(ada, narration);

  const fresh = await app.given.narration({ owner: "ada", story });
  const script = await app.given.script(rebased);
  expect(script).toEqual(
    (await app.given.script(fresh)).map((row) =>
      Object.assign(plainRow(row), { narrationId: rebased.id }),
    ),
  );
  expect(newSegments).toBeGreaterThan(1);
  expect(newSegments).toBeLessThan(script.length);
  expect(rebased.analysisId).toBe(fresh.analysisId);
  expect(rebased.voiceCast.map(({ characterName }) => characterName).sort()).toEqual(
    fresh.voiceCast.map(({ characterName }) => characterName).sort(),
  );
});

test("characters keep their voices and deliveries, and those of characters who are gone are listed", async () => {
  const { story, narration } = await givenNarration();
  const idOf = (name: string) =>
    narration.voiceCast.find(({ characterName }) => characterName === name)?.characterId ?? "";
  const lena = narration.voiceCast.find(({ characterName }) => characterName === "Lena");
  const before = await app.services.narrations.update(ada, narration, {
    cast: [{ characterId: idOf("Otto"), voice: "flite:slt-deep" }],
    voiceModifications: {
      rate: 1.1,
      characters: [
        { characterId: idOf("Lena"), pitch: 1 },
        { characterId: idOf("Otto"), pitch: -3 },
      ],
    },
  });
  await giveText(story);

  const { narration: rebased, unplaced } = await service().rebase(ada, before);

  expect(rebased.voiceCast.map(({ characterName }) => characterName).sort()).toEqual([
    "Lena",
    "Ruth",
  ]);
  expect(rebased.voiceCast).toContainEqual(lena);
  expect(rebased.voiceModifications).toEqual({
    rate: 1.1,
    characters: [{ characterId: idOf("Lena"), pitch: 1 }],
  });
  expect(unplaced).toMatchObject([
    { reason: "character_gone", characterName: "Otto", voice: "flite:slt-deep", prosody: null },
    { reason: "character_gone", characterName: "Otto", voice: null, prosody: { pitch: -3 } },
  ]);
});

test("a dry run tells the same and changes nothing", async () => {
  const { story, narration } = await givenNarration();
  const before = await edit(narration, [{ index: 0, text: "Mine." }]);
  await giveText(story);
  const script = await app.given.script(before);

  const dry = await service().rebase(ada, before, true);
  const unchanged = await app.given.script(before);
  const real = await service().rebase(ada, before);

  expect(dry.narration).toEqual(before);
  expect(unchanged).toEqual(script);
  expect({ ...dry, narration: null }).toEqual({ ...real, narration: null });
});

test("a narration that is up to date stays as it is, and keeps its version", async () => {
  const { narration } = await givenNarration();

  const same = await service().rebase(ada, narration);

  expect(same).toEqual({ narration, placedEdits: 0, newSegments: 0, unplaced: [] });
});

test("a better analysis of the same text is taken up, too", async () => {
  const { story, narration } = await givenNarration();
  const before = await edit(narration, [{ index: 0, voice: "flite:rms" }]);
  await app.superuser(
    `WITH better AS (INSERT INTO reference.story_analyses (content_hash, language, analyzer_id, analyzer_version,
       schema_version, status, rank, characters, segment_count)
       SELECT content_hash, language, 'better', '1', 1, 'ready', 99, characters, segment_count
       FROM reference.story_analyses WHERE id = $1 RETURNING id)
     INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text,
       speaker_id, emotion, intensity)
     SELECT better.id, position, paragraph, kind, utf16_start, utf16_end, text, speaker_id, 'joy', 1
     FROM reference.story_segments, better WHERE analysis_id = $1`,
    [narration.analysisId],
  );

  const { narration: rebased, unplaced, placedEdits } = await service().rebase(ada, before);

  const script = await app.given.script(rebased);
  expect(rebased.analysisId).not.toBe(narration.analysisId);
  expect(new Set(script.map(({ emotion }) => emotion))).toEqual(new Set(["joy"]));
  expect(script[0]?.voice).toBe("flite:rms");
  expect([unplaced, placedEdits]).toEqual([[], 1]);
  expect(story.contentHash).not.toBeNull();
});

test("until the new text is analysed, and while the narration renders, a rebase is refused", async () => {
  const { story, narration } = await givenNarration();
  await giveText(story, { isAnalysed: false });

  await expect(service().rebase(ada, narration)).rejects.toMatchObject({
    ...{ code: "CONFLICT", inputPath: ["id"], current: narration },
    message: `The new text of “${story.title}” is not analysed yet; wait until the story's analysisStatus is READY, then try again.`,
  });
  await app.services.rendering.request(ada, narration);
  const queued = await app.given.reread(narration);
  await expect(service().rebase(ada, queued)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await app.given.script(narration)).toHaveLength(narration.segmentCount);
});

test("a rebase asks for an analysis that failed, and a dry run does not", async () => {
  const { story, narration } = await givenNarration();
  await giveText(story, { isAnalysed: false });
  await app.superuser(
    "UPDATE reference.story_analyses SET status = 'failed' WHERE status <> 'ready'",
  );
  const statusAfter = async (isDryRun: boolean) => {
    await service()
      .rebase(ada, narration, isDryRun)
      .catch(() => null);
    return app.superuser("SELECT status FROM reference.story_analyses WHERE status <> 'ready'");
  };

  expect(await statusAfter(true)).toEqual([{ status: "failed" }]);
  expect(await statusAfter(false)).toEqual([{ status: "pending" }]);
});

test("unplaced edits of several rebases stay until their owner dismisses them", async () => {
  const { story, narration } = await givenNarration();
  const stored = async () => {
    const [row] = await app.superuser<{ edits: { text: string }[] | null }>(
      "SELECT unplaced_edits AS edits FROM instances.user_story_narrations",
    );
    return row?.edits?.map(({ text }) => text) ?? null;
  };
  const first = await edit(narration, [{ index: 0, text: "First." }]);
  await giveText(story, { content: "The bell fell.\n\n“Who is there?” asked Lena." });
  const once = await service().rebase(ada, first);
  const second = await edit(once.narration, [{ index: 0, text: "Second." }]);
  await giveText(story, { content: "The bell broke.\n\n“Who is there?” asked Lena." });

  const twice = await service().rebase(ada, second);
  const kept = await stored();
  const dismissed = await service().dismissUnplaced(ada, twice.narration);
  const again = await service().dismissUnplaced(ada, dismissed);

  expect(twice.unplaced.map(({ text }) => text)).toEqual(["Second."]);
  expect(kept).toEqual(["First.", "Second."]);
  expect(await stored()).toBeNull();
  expect(again.version).toBe(dismissed.version);
});

test("the published edition stays as it is until the narration is published again", async () => {
  const { story, narration } = await givenNarration();
  const published = await app.services.publishing.publish(ada, narration, "public");
  const texts = async () => {
    const rows = await app.superuser<{ text: string }>(
      "SELECT text FROM reference.published_narration_segments ORDER BY position",
    );
    return rows.map(({ text }) => text);
  };
  const before = await texts();
  await giveText(story);

  const { narration: rebased } = await service().rebase(ada, published);
  const after = await texts();
  await app.services.publishing.publish(ada, rebased, "public");

  expect(after).toEqual(before);
  expect(await texts()).toEqual(await textsOf(rebased));
});

test("a rebase sends as many statements for a long script as for a short one", async () => {
  const count = async (lines: number) => {
    const text = Array.from({ length: lines }, (_, n) => `She counted to ${n}.`).join("\n\n");
    const { story, narration } = await givenNarration(text);
    await giveText(story, { content: `${text}\n\nShe stopped.` });
    const meter = newSqlMeter();
    await meterClient(meter, null, () => service().rebase(ada, narration));
    return meter.statements.length;
  };

  // The narration (locked), story, two analyses, their lines, the script; then the unplaced edits, the script
  // deleted, written and hashed, and the narration.
  expect([await count(3), await count(400)]).toEqual([12, 12]);
});
