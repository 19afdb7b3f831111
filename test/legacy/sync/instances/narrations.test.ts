import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";
import { givenStories, oldNarration } from "../../legacy-rows.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy);
});
afterEach(() => legacy.drop());

const ours = () =>
  legacy.superuser<{ id: string; version: number }>(
    `SELECT id, user_id AS owner, reference_story_id AS story, narrator_voice AS voice, narrator_voice_type AS type,
       status, duration_ms AS duration, segment_count AS "segmentCount", legacy_original AS original, version
     FROM instances.user_story_narrations ORDER BY id`,
  );
const script = () =>
  legacy.superuser(
    `SELECT position AS at, kind, text, speaker_id AS speaker, emotion, intensity
     FROM instances.user_narration_segments ORDER BY narration_id, position`,
  );
const refused = () =>
  legacy.superuser("SELECT source_id AS id, reason FROM legacy_sync.quarantine ORDER BY source_id");

/** Runs a statement of the old application that the new model does not learn of. */
async function unseen(sql: string): Promise<void> {
  await legacy.superuser(
    `BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL ROLE legacy_app; ${sql}; COMMIT`,
  );
}

const backfill = (after: string | null, size = 100) =>
  legacy.superuser("SELECT * FROM legacy_sync.backfill_narrations($1, $2)", [after, size]);

test("a narration of the old application is a narration of ours at once", async () => {
  await oldNarration(legacy, {
    id: 7,
    segments: [
      { text: "The river rose.", emotion: "Happy ", intensity: 7, audioUrl: "/a.mp3" },
      { text: "Run!", emotion: null, speaker: "Mara" },
    ],
    duration: 4200,
  });

  expect(await ours()).toEqual([
    {
      ...{ id: "7", owner: "u1", story: 1, voice: "openai:alloy", type: "ai", version: 1 },
      ...{ status: "draft", duration: 4200, segmentCount: 2, original: null },
    },
  ]);
  expect(await script()).toEqual([
    {
      ...{ at: 0, kind: "narration", text: "The river rose.", speaker: null },
      ...{ emotion: "happy", intensity: 0.7 },
    },
    { at: 1, kind: "dialogue", text: "Run!", speaker: "Mara", emotion: "neutral", intensity: 0 },
  ]);
  expect(await refused()).toEqual([]);
});

test("a list, an object with a list and a text with JSON are scripts, also with odd items", async () => {
  const items = ["Hello.", { text: null, x: 1 }, 5, {}, { text: "Bye.", emotion: 3 }];
  await oldNarration(legacy, { id: 1, segments: items });
  await oldNarration(legacy, { id: 2, segments: { segments: items, mood: "calm" } });
  await oldNarration(legacy, { id: 3, segments: JSON.stringify(items) });
  await oldNarration(legacy, { id: 4, segments: [] });

  expect((await ours()).map(({ id }) => id)).toEqual(["1", "2", "3", "4"]);
  expect(await ours()).toMatchObject([
    { segmentCount: 5, original: null },
    { segmentCount: 5, original: { segments: { mood: "calm" } } },
    { segmentCount: 5 },
    { segmentCount: 0, original: null },
  ]);
  const texts = [{ text: "Hello." }, { text: "" }, { text: "" }, { text: "" }, { text: "Bye." }];
  expect(await script()).toMatchObject([...texts, ...texts, ...texts]);
});

test("a narration is ready if the narration or each of its segments has sound", async () => {
  await oldNarration(legacy, { id: 1, audio: "audio://4" });
  await oldNarration(legacy, { id: 2, segments: [{ text: "A.", audioUrl: "/a.mp3" }] });
  await oldNarration(legacy, { id: 3, segments: [{ text: "A.", audioUrl: "/a" }, { text: "B." }] });
  await oldNarration(legacy, { id: 4, duration: -5 });

  expect(await ours()).toMatchObject([
    { status: "ready", original: { audioFileUrl: "audio://4" } },
    { status: "ready" },
    { status: "draft" },
    { status: "draft", duration: null, original: { totalDuration: -5 } },
  ]);
});

test("a narration without a user or without a readable script is quarantined, and comes back repaired", async () => {
  await oldNarration(legacy, { id: 1, user: "gone" });
  await oldNarration(legacy, { id: 2, segments: "no JSON" });
  await oldNarration(legacy, { id: 3, segments: { parts: [] } });
  const before = await refused();

  await legacy.old("INSERT INTO users (id) VALUES ('gone')");
  await legacy.superuser("SELECT legacy_sync.repair_narrations('1')");
  await legacy.old(`UPDATE story_narrations SET segments = '["Hello."]' WHERE id = 2`);

  expect(before).toEqual([
    { id: "1", reason: "no_user" },
    { id: "2", reason: "no_segments" },
    { id: "3", reason: "no_segments" },
  ]);
  expect((await ours()).map(({ id }) => id)).toEqual(["1", "2"]);
  expect(await refused()).toEqual([{ id: "3", reason: "no_segments" }]);
});

test("two narrations of one story by one user are kept, and a changed one changes", async () => {
  await oldNarration(legacy, { id: 1, segments: ["One.", "Two.", "Three."] });
  await oldNarration(legacy, { id: 2, segments: ["Eins."] });
  await legacy.old(
    `UPDATE story_narrations SET narrator_voice = 'nova', segments = '["One.", "Zwei."]' WHERE id = 1`,
  );
  const changed = await ours();
  await legacy.old("UPDATE story_narrations SET narrator_voice = 'nova' WHERE id = 1");

  expect(changed).toMatchObject([
    { id: "1", voice: "openai:nova", segmentCount: 2, version: 2 },
    { id: "2", version: 1 },
  ]);
  expect(await script()).toMatchObject([{ text: "One." }, { text: "Zwei." }, { text: "Eins." }]);
  expect(await ours()).toEqual(changed);
});

test("a narration moves with its id, its user and its story, and goes when it is deleted", async () => {
  await oldNarration(legacy, { id: 1, segments: ["One."] });
  await legacy.old("UPDATE story_narrations SET id = 5, user_id = 'u2', story_id = 2");
  const moved = await ours();
  await legacy.old("DELETE FROM story_narrations");

  expect(moved).toMatchObject([{ id: "5", owner: "u2", story: 2, segmentCount: 1 }]);
  expect(await ours()).toEqual([]);
});

test("INSERT ... ON CONFLICT, COPY and TRUNCATE are followed", async () => {
  await oldNarration(legacy, { id: 1, segments: ["One."] });
  await oldNarration(legacy, { id: 2, user: "gone" });
  await legacy.old(
    `INSERT INTO story_narrations (id, story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     SELECT n, 1, 'u1', 'nova', 'ai', '["New."]', 9 FROM generate_series(1, 3) n WHERE n <> 2
     ON CONFLICT (id) DO UPDATE SET narrator_voice = EXCLUDED.narrator_voice, segments = EXCLUDED.segments`,
  );
  await legacy.superuser(
    `COPY public.story_narrations (id, story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     FROM PROGRAM 'printf "4\\t1\\tu1\\talloy\\tai\\t[]\\t0\\n"'`,
  );
  const upserted = await ours();
  await legacy.old("TRUNCATE story_narrations");

  expect(upserted).toMatchObject([
    { id: "1", voice: "openai:nova" },
    { id: "3", voice: "openai:nova" },
    { id: "4", voice: "openai:alloy" },
  ]);
  expect([await ours(), await refused()]).toEqual([[], []]);
});

test.each(["REPEATABLE READ", "SERIALIZABLE"])(
  "a transaction of the old application at %s is followed",
  async (level) => {
    await oldNarration(legacy, { id: 1, segments: ["One."] });

    await legacy.old(
      `BEGIN ISOLATION LEVEL ${level}; SELECT count(*) FROM story_narrations;
       UPDATE story_narrations SET segments = '["Two."]'; COMMIT`,
    );

    expect(await script()).toMatchObject([{ text: "Two." }]);
    expect(await refused()).toEqual([]);
  },
);

test("the backfill takes narrations in pages, quarantines what it cannot map, and writes nothing twice", async () => {
  await unseen(
    `INSERT INTO story_narrations (id, story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     SELECT n, 1, CASE n WHEN 3 THEN 'gone' ELSE 'u1' END, 'alloy', 'ai',
       CASE n WHEN 4 THEN '{}' ELSE '["One.", {"text": "Two."}]' END::jsonb, n FROM generate_series(-1, 4) n`,
  );

  const pages = [await backfill(null, 4), await backfill("2", 4), await backfill("4")];
  const again = await backfill(null);

  expect(pages.flat()).toEqual([
    { last_key: "2", taken: 4, written: 4 },
    { last_key: "4", taken: 2, written: 0 },
    { last_key: null, taken: 0, written: 0 },
  ]);
  expect(again).toEqual([{ last_key: "4", taken: 6, written: 0 }]);
  expect(await refused()).toEqual([
    { id: "3", reason: "no_user" },
    { id: "4", reason: "no_segments" },
  ]);
  expect((await script()).length).toBe(8);
});

test("the backfill writes the rows that the trigger writes", async () => {
  const rows = () =>
    legacy.superuser(
      `SELECT (SELECT jsonb_agg(to_jsonb(n) ORDER BY id) FROM instances.user_story_narrations n) AS narrations,
         (SELECT jsonb_agg(to_jsonb(s) ORDER BY narration_id, position) FROM instances.user_narration_segments s) AS segments`,
    );
  await oldNarration(legacy, {
    ...{ voice: "Alloy ", type: "user", audio: "/n.mp3", duration: 9 },
    segments: { segments: [{ text: "A.", emotion: " Sad", character: "Tom", intensity: 12 }, 5] },
  });
  await oldNarration(legacy, { voice: "21m00Tcm4TlvDq8ikWAM", type: "user", segments: ["B."] });
  const triggered = await rows();

  await legacy.superuser(
    "BEGIN; SET LOCAL fabula.sync = 'legacy'; DELETE FROM instances.user_story_narrations; COMMIT",
  );
  await backfill(null);

  expect(await rows()).toEqual(triggered);
});

test("a statement of the old application succeeds though the new model refuses the row", async () => {
  await oldNarration(legacy, { id: 1, segments: ["One."] });
  await legacy.superuser(
    "ALTER TABLE instances.user_narration_segments ADD CONSTRAINT no_bad CHECK (text <> 'Bad.')",
  );

  await legacy.old(`UPDATE story_narrations SET segments = '["Bad."]'`);

  expect(await legacy.old("SELECT segments FROM story_narrations")).toEqual([
    { segments: ["Bad."] },
  ]);
  expect(await script()).toMatchObject([{ text: "One." }]);
  expect(await refused()).toEqual([{ id: "1", reason: "not_allowed" }]);
});
