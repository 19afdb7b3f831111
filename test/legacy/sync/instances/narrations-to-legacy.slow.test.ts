import { ownerOf } from "../../../../src/instances/index.js";
import { scriptStore } from "../../../../src/instances/narration/script/script.store.js";
import { type ApiApp, apiApp, subjectOf } from "../../../support/api.js";
import { differingNarrations } from "../../verify/differing-narrations.js";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";
import { givenStories, oldNarration } from "../../legacy-rows.js";

const ADA = subjectOf("ada");
const owner = ownerOf(ADA);

let legacy: LegacyTestDatabase;
let app: ApiApp;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy, { users: [ADA, "u2"] });
  app = await apiApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

const old = () =>
  legacy.old<{ id: number; segments: unknown }>(
    `SELECT id, story_id AS story, user_id AS owner, narrator_voice AS voice, narrator_voice_type AS type, segments,
       total_duration AS duration, audio_file_url AS audio FROM story_narrations ORDER BY id`,
  );
const present = async (id: number) => {
  const [row] = await legacy.superuser<{ version: number }>(
    "SELECT version FROM instances.user_story_narrations WHERE id = $1",
    [id],
  );
  return { id: String(id), version: row?.version ?? 0 };
};
test("a narration of ours is a narration of the old application, with its script", async () => {
  await oldNarration(legacy, { user: ADA });

  const narration = await app.given.narration({ owner: "ada" });

  const script = await app.given.script(narration);
  expect(narration.id).not.toBe("1");
  expect(await old()).toMatchObject([
    { id: 1 },
    {
      ...{ id: Number(narration.id), story: narration.referenceStoryId, owner: ADA, duration: 0 },
      ...{ voice: narration.narratorVoice, type: "ai", audio: null },
      segments: script.map(({ text, emotion }) => ({ text, emotion })),
    },
  ]);
  expect(script.some(({ kind }) => kind === "dialogue")).toBe(true);
  expect(await differingNarrations(legacy)).toEqual([]);
});

test("an edit of one segment changes that item alone, and keeps what the item has besides", async () => {
  const items = [
    { text: "The river rose.", emotion: "Happy ", audioUrl: "/1.mp3", voiceUsed: "alloy" },
    "Nobody slept.",
    { text: null, x: [1] },
  ];
  const id = await oldNarration(legacy, { user: ADA, segments: { segments: items, mood: "calm" } });

  await app.services.narrations.updateSegments(owner, await present(id), [
    { index: 0, text: "The river fell." },
  ]);
  await app.services.narrations.updateSegments(owner, await present(id), [
    { index: 1, emotion: "Fear", intensity: 0.8 },
  ]);

  expect(await old()).toMatchObject([
    {
      segments: {
        mood: "calm",
        segments: [
          { ...(items[0] as object), text: "The river fell." },
          { text: "Nobody slept.", emotion: "fear", intensity: 8 },
          items[2],
        ],
      },
    },
  ]);
  expect(await differingNarrations(legacy)).toEqual([]);
});

test("a new narrator voice goes back, and an unchanged one stays as the old application wrote it", async () => {
  const id = await oldNarration(legacy, { user: ADA, voice: "Alloy ", type: "user" });
  await app.services.narrations.update(owner, await present(id), { title: "Mine" });
  const kept = await old();
  const [voice] = app.services.voices.voices;
  await app.services.narrations.update(owner, await present(id), {
    narratorVoice: voice?.id ?? "",
  });

  expect(kept).toMatchObject([{ voice: "Alloy ", type: "user" }]);
  expect(await old()).toMatchObject([{ voice: voice?.id, type: "ai" }]);
  await legacy.old("UPDATE story_narrations SET conversation_style = 'slow'");
  expect(
    await legacy.superuser(
      "SELECT title, narrator_voice AS voice FROM instances.user_story_narrations",
    ),
  ).toEqual([{ title: "Mine", voice: voice?.id }]);
});

test("a deleted narration goes, and one that another table refers to is reported", async () => {
  const [first, second] = [
    await oldNarration(legacy, { user: ADA }),
    await oldNarration(legacy, { user: ADA }),
  ];
  await legacy.old("CREATE TABLE favourites (narration_id integer REFERENCES story_narrations)");
  await legacy.old("INSERT INTO favourites VALUES ($1)", [second]);

  await app.services.narrations.delete(owner, await present(first));
  await app.services.narrations.delete(owner, await present(second));

  expect((await old()).map(({ id }) => id)).toEqual([second]);
  expect(await legacy.superuser("SELECT source_id AS id, reason FROM legacy_sync.kept")).toEqual([
    {
      id: String(second),
      reason:
        "The narration is deleted here. Its legacy row stays, because another table refers to it.",
    },
  ]);
});

test("a published narration survives the deletion by the old application, and can still be edited", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "public" });
  const unlisted = await app.given.narration({ owner: "ada", publish: "unlisted" });

  await legacy.old("DELETE FROM story_narrations");
  await app.services.narrations.update(owner, await present(Number(narration.id)), {
    title: "Mine",
  });

  expect(await legacy.superuser("SELECT id, title FROM instances.user_story_narrations")).toEqual([
    { id: narration.id, title: "Mine" },
  ]);
  expect(
    await legacy.superuser("SELECT narration_id AS id FROM reference.published_narrations"),
  ).toEqual([{ id: narration.id }]);
  expect(await old()).toEqual([]);
  expect(await legacy.superuser("SELECT source_id AS id FROM legacy_sync.kept")).toEqual([
    { id: narration.id },
  ]);
  expect(unlisted.visibility).toBe("unlisted");
});

test("a script edit of many lines is mirrored once, at the end of the transaction", async () => {
  const segments = Array.from({ length: 300 }, (_, index) => ({ text: `Line ${index}.` }));
  const id = await oldNarration(legacy, { user: ADA, segments });
  await legacy.old(
    `CREATE TABLE writes (at timestamptz DEFAULT now());
     CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.writes DEFAULT VALUES; RETURN NULL; END';
     CREATE TRIGGER note AFTER UPDATE ON story_narrations FOR EACH ROW EXECUTE FUNCTION note()`,
  );

  await app.services.narrations.updateSegments(
    owner,
    await present(id),
    segments.map((_, index) => ({ index, text: `Verse ${index}.` })),
  );

  expect(await legacy.old("SELECT FROM writes")).toHaveLength(1);
  expect(await differingNarrations(legacy)).toEqual([]);
});

test("a script that the old application changed keeps the voices and pauses of unchanged segments", async () => {
  const id = await oldNarration(legacy, { user: ADA, segments: ["One.", "Two."] });
  await app.services.narrations.updateSegments(owner, await present(id), [
    { index: 0, pauseAfterMs: 700 },
    { index: 1, pauseAfterMs: 900 },
  ]);

  await legacy.old(`UPDATE story_narrations SET segments = '["One.", "Zwei.", "Three."]'`);

  expect(
    await legacy.superuser(
      "SELECT text, pause_after_ms AS pause FROM instances.user_narration_segments ORDER BY position",
    ),
  ).toEqual([
    { text: "One.", pause: 700 },
    { text: "Zwei.", pause: 900 },
    { text: "Three.", pause: null },
  ]);
  const stale = app.services.narrations.update(owner, { id: String(id), version: 2 }, {});
  await expect(stale).rejects.toThrow("version");
});

test("a migrated narration is read, edited, published and told in another voice", async () => {
  const id = await oldNarration(legacy, {
    ...{ user: ADA, audio: "audio://1", duration: 1500 },
    segments: [
      { text: "The river rose.", emotion: "Fear", intensity: 5, speaker: "Mara" },
      { text: null },
    ],
  });
  const read = () =>
    app.as("ada").query(
      `{ viewer { narrations(first: 3) { edges { node { id status durationMs title narrationVisibility
         narratorVoice { displayName isAvailable } narratorVoiceType cast { characterName } failure { code }
         audio { durationMs } isOutdated referenceStory { title }
         segments(first: 5) { edges { node { index kind text emotion { label intensity } speaker { name } isEdited
           isStale prosody { rate } audio { url } storySegment { text } voice { displayName } } } } } } } } }`,
    );

  const migrated = await read();
  const [voice] = app.services.voices.voices;
  await app.services.narrations.update(owner, await present(id), {
    narratorVoice: voice?.id ?? "",
  });
  await app.services.publishing.publish(owner, await present(id), "public");
  const estimate = await app.services.rendering.estimate(owner, String(id));

  expect(migrated.errors).toEqual([]);
  expect(migrated.at("viewer.narrations.edges.0.node")).toMatchObject({
    ...{
      status: "READY",
      durationMs: 1500,
      narrationVisibility: "PRIVATE",
      narratorVoiceType: "AI",
    },
    ...{ narratorVoice: { displayName: "alloy", isAvailable: false }, cast: [], audio: null },
    segments: {
      edges: [
        {
          node: {
            ...{ kind: "DIALOGUE", emotion: { label: "fear", intensity: 0.5 }, speaker: null },
            ...{ text: "The river rose.", isEdited: false, audio: null },
          },
        },
        { node: { kind: "NARRATION", text: "" } },
      ],
    },
  });
  expect(estimate).toMatchObject({ segmentsToRender: 2, unavailableVoices: [] });
  expect((await read()).at("viewer.narrations.edges.0.node.narrationVisibility")).toBe("PUBLIC");
});

test("the hash of a migrated script is made with the first edit", async () => {
  const id = await oldNarration(legacy, { user: ADA, segments: ["One."] });
  const hash = async () =>
    (await legacy.superuser("SELECT script_hash AS hash FROM instances.user_story_narrations"))[0];
  const before = await hash();

  await app.services.narrations.updateSegments(owner, await present(id), [
    { index: 0, text: "Two." },
  ]);

  expect(before).toEqual({ hash: null });
  expect(await hash()).toEqual({
    hash: await app.database.read({ viewer: ADA }, (tx) => scriptStore.hash(tx, owner, String(id))),
  });
});

test("a narration without a date of creation keeps ours when our side changes the narration", async () => {
  const id = await oldNarration(legacy, { user: ADA });
  await legacy.old(
    "UPDATE story_narrations SET created_at = NULL, updated_at = '2024-01-02 08:00'",
  );

  await app.services.narrations.update(owner, await present(id), { title: "Renamed" });

  expect(await legacy.old("SELECT created_at FROM story_narrations")).toEqual([
    { created_at: new Date("2024-01-02T08:00:00Z") },
  ]);
  expect(await differingNarrations(legacy)).toEqual([]);
});
