import { CONSENT_STATEMENT, ownerOf } from "../../../../src/instances/index.js";
import { verify } from "../../../../src/legacy/verify/verify.js";
import { type ApiApp, apiApp, subjectOf } from "../../../support/api.js";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";
import { givenStories, oldNarration } from "../../legacy-rows.js";

const ADA = subjectOf("ada");
const BEN = subjectOf("ben");

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy, { users: [ADA, BEN] });
});
afterEach(() => legacy.drop());

const profile = async (name: string, clone: string | null, user = ADA): Promise<number> => {
  const [row] = await legacy.old<{ id: number }>(
    `INSERT INTO user_voice_profiles (user_id, profile_name, elevenlabs_voice_id, language)
     VALUES ($1, $2, $3, 'English') RETURNING id`,
    [user, name, clone],
  );
  return row?.id ?? 0;
};
const emotionVoice = (of: number, emotion: string, clone: string | null, status = "completed") =>
  legacy.old(
    `INSERT INTO user_emotion_voices (user_voice_profile_id, emotion, elevenlabs_voice_id, training_status,
       quality_score, never_delete) VALUES ($1, $2, $3, $4, 87, true)`,
    [of, emotion, clone, status],
  );
const voices = () =>
  legacy.superuser<{ id: string; voice: string }>(
    "SELECT id, user_id AS owner, voice, display_name AS name, language FROM instances.user_voices ORDER BY id",
  );
const emotions = () =>
  legacy.superuser<{ id: string }>(
    `SELECT t.modulation_key AS emotion, e.voice_id AS voice, e.provider_voice_id AS clone, e.training_status AS status,
       e.state, e.revision FROM instances.user_emotion_voices e
     JOIN reference.voice_modulation_templates t ON t.id = e.template_id ORDER BY e.id`,
  );
const narrators = () =>
  legacy.superuser<{ voice: string }>(
    `SELECT narrator_voice AS voice, narrator_voice_name AS name, narrator_voice_type AS type
     FROM instances.user_story_narrations ORDER BY id`,
  );
const refused = () =>
  legacy.superuser(
    "SELECT source_table AS from, source_id AS id, reason FROM legacy_sync.quarantine",
  );
const own = expect.stringMatching(/^elevenlabs:own-[A-Za-z0-9_-]{22}$/) as string;

async function withApp<T>(work: (app: ApiApp) => Promise<T>): Promise<T> {
  const app = await apiApp({ database: legacy });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

test("a profile becomes a personal voice of its owner, whose clone awaits the consent", async () => {
  const id = await profile("My voice", "vendor-1");
  await profile("Another", null, BEN);

  expect(await voices()).toEqual([
    { id: String(id), owner: ADA, voice: own, name: "My voice", language: "en" },
    { id: String(id + 1), owner: BEN, voice: own, name: "Another", language: "en" },
  ]);
  expect(await emotions()).toEqual([
    {
      ...{ emotion: "neutral", voice: String(id), clone: "vendor-1", revision: 1 },
      ...{ status: "ready", state: "awaiting_consent" },
    },
  ]);
});

test("emotion voices keep a shared clone, and one without a clone has failed", async () => {
  const id = await profile("My voice", null);
  await emotionVoice(id, "Happy ", "vendor-1");
  await emotionVoice(id, "happy", "vendor-1");
  await emotionVoice(id, "sad", "vendor-1", "training");
  await emotionVoice(id, "fear", null);
  await emotionVoice(id, "very angry", null, "failed");

  const voice = String(id);
  const state = "awaiting_consent";
  expect(await emotions()).toEqual([
    { emotion: "happy", voice, clone: "vendor-1", status: "ready", state, revision: 2 },
    { emotion: "happy", voice, clone: "vendor-1", status: "ready", state, revision: 3 },
    { emotion: "sad", voice, clone: "vendor-1", status: "collecting", state, revision: 4 },
    { emotion: "fear", voice, clone: null, status: "failed", state, revision: 5 },
    { emotion: "very_angry", voice, clone: null, status: "failed", state, revision: 6 },
  ]);
  expect(await refused()).toEqual([]);
});

test("a narration in a clone of its owner speaks in the personal voice, whichever comes first", async () => {
  await oldNarration(legacy, { user: ADA, voice: "vendor-1", type: "user" });
  await oldNarration(legacy, { user: BEN, voice: "vendor-1", type: "user" });
  const before = await narrators();
  await profile("My voice", "vendor-1");
  await oldNarration(legacy, { user: ADA, voice: "vendor-1", type: "ai" });
  await emotionVoice(await profile("Another", null), "sad", "vendor-2");
  await oldNarration(legacy, { user: ADA, voice: " vendor-2", type: "user" });

  const [first, second] = await voices();
  const unknown = { voice: "elevenlabs:vendor-1", name: "vendor-1", type: "user" };
  expect(before).toEqual([unknown, unknown]);
  expect(await narrators()).toEqual([
    { voice: first?.voice, name: "My voice", type: "user" },
    unknown,
    { voice: first?.voice, name: "My voice", type: "user" },
    { voice: second?.voice, name: "Another", type: "user" },
  ]);
  expect(
    await legacy.superuser(
      `SELECT n.id FROM public.story_narrations l JOIN instances.user_story_narrations n ON n.id = l.id
       WHERE legacy_sync.unmap_narration(n, NULL, 'UTC') IS DISTINCT FROM l`,
    ),
  ).toEqual([]);
});

test("alloy and the like are voices of OpenAI, and other voices stay as they are", async () => {
  for (const voice of ["alloy", "Nova ", "unheard", "21m00Tcm4TlvDq8ikWAM", "flite:slt", " "])
    await oldNarration(legacy, { user: ADA, voice, type: "ai" });
  await oldNarration(legacy, { user: ADA, voice: "echo", type: "user" });

  expect(await narrators()).toEqual([
    { voice: "openai:alloy", name: "alloy", type: "ai" },
    { voice: "openai:nova", name: "Nova", type: "ai" },
    { voice: "openai:unheard", name: "unheard", type: "ai" },
    { voice: "elevenlabs:21m00Tcm4TlvDq8ikWAM", name: "21m00Tcm4TlvDq8ikWAM", type: "ai" },
    { voice: "flite:slt", name: "flite:slt", type: "ai" },
    { voice: "openai:alloy", name: "alloy", type: "ai" },
    { voice: "openai:echo", name: "echo", type: "ai" },
  ]);
});

test("a changed or deleted voice changes or goes here, and an orphan is quarantined", async () => {
  const id = await profile("My voice", "vendor-1");
  await emotionVoice(id, "sad", "vendor-1");
  await emotionVoice(id, " ", "vendor-1");
  await legacy.old(
    "UPDATE user_voice_profiles SET profile_name = 'Mine', elevenlabs_voice_id = NULL",
  );
  await legacy.old("UPDATE user_emotion_voices SET elevenlabs_voice_id = NULL WHERE id = 1");
  const changed = [await voices(), await emotions(), await refused()];
  await legacy.old("DELETE FROM user_emotion_voices");
  await legacy.old("DELETE FROM user_voice_profiles");

  expect(changed).toMatchObject([
    [{ name: "Mine" }],
    [{ emotion: "sad", status: "failed" }],
    [{ from: "user_emotion_voices", id: "2", reason: "no_emotion" }],
  ]);
  expect([await voices(), await emotions(), await refused()]).toEqual([[], [], []]);
});

test("the backfill writes the rows that the triggers write, and writes nothing twice", async () => {
  const rows = () =>
    legacy.superuser(
      `SELECT (SELECT jsonb_agg(to_jsonb(v) ORDER BY id) FROM instances.user_voices v) AS voices,
         (SELECT jsonb_agg(to_jsonb(e) ORDER BY id) FROM instances.user_emotion_voices e) AS emotions`,
    );
  const backfill = async () => [
    ...(await legacy.superuser("SELECT * FROM legacy_sync.backfill_profiles(NULL, 9)")),
    ...(await legacy.superuser("SELECT * FROM legacy_sync.backfill_emotion_voices(NULL, 9)")),
  ];
  const id = await profile("My voice", "vendor-1");
  await emotionVoice(id, "Happy ", "vendor-1");
  const triggered = await rows();

  await legacy.superuser(
    `BEGIN; SET LOCAL fabula.sync = 'legacy'; DELETE FROM instances.user_emotion_voices;
     DELETE FROM instances.user_voices; COMMIT`,
  );
  const [first, second] = [await backfill(), await backfill()];

  expect(first).toMatchObject([
    { taken: 1, written: 1 },
    { taken: 1, written: 1 },
  ]);
  expect(second).toMatchObject([
    { taken: 1, written: 0 },
    { taken: 1, written: 0 },
  ]);
  expect(await rows()).toEqual(triggered);
});

test("the owner sees the voices, which await the consent and cannot speak yet", async () => {
  const id = await profile("My voice", "vendor-1");
  await emotionVoice(id, "fear", null);

  const answer = await withApp((app) =>
    app.as("ada").query(
      `{ viewer { voices(first: 5) { edges { node { displayName kind isAvailable
           emotionVoices { trainingStatus state trainingFailure qualityScore revision template { key } } } } } } }`,
    ),
  );

  expect(answer.list("viewer.voices.edges")).toMatchObject([
    {
      node: {
        ...{ displayName: "My voice", kind: "CLONED", isAvailable: false },
        emotionVoices: [
          { trainingStatus: "READY", state: "AWAITING_CONSENT", template: { key: "neutral" } },
          {
            ...{ trainingStatus: "FAILED", qualityScore: 0.87, template: { key: "fear" } },
            trainingFailure: "The earlier platform lost this voice; train the voice again.",
          },
        ],
      },
    },
  ]);
});

test("deleting the last emotion voice deletes the voice of the old application, too", async () => {
  await profile("My voice", "vendor-1");
  const [neutral] = await legacy.superuser<{ id: string }>(
    "SELECT id FROM instances.user_emotion_voices",
  );

  await withApp(({ services }) => services.emotionVoices.remove(ownerOf(ADA), neutral?.id ?? ""));

  expect(await voices()).toEqual([]);
  expect(await legacy.old("SELECT id FROM user_voice_profiles")).toEqual([]);
});

test("no clone of the old application is among the clones that our sweep may delete", async () => {
  const id = await profile("My voice", "vendor-1");
  await emotionVoice(id, "sad", "vendor-2");

  expect(await legacy.superuser("SELECT label FROM platform.vendor_voices")).toEqual([]);
  expect(
    await legacy.superuser("SELECT FROM instances.user_emotion_voices WHERE label IS NOT NULL"),
  ).toEqual([]);
});

test("a voice that was trained here stays when the old application deletes it, until it is deleted here", async () => {
  const id = await profile("My voice", null);
  await emotionVoice(id, "neutral", null, "collecting");
  const [trained] = await emotions();
  await legacy.superuser("UPDATE instances.user_emotion_voices SET label = 'fabula-1'");
  const kept = () =>
    legacy.superuser('SELECT source_table AS "from" FROM legacy_sync.kept ORDER BY 1');

  await legacy.old("UPDATE user_emotion_voices SET training_status = 'failed'");
  await legacy.old("DELETE FROM user_emotion_voices");
  await legacy.old("DELETE FROM user_voice_profiles");
  const both = [await emotions(), await voices(), await kept()];
  const [row] = await legacy.superuser<{ id: string }>(
    "SELECT id FROM instances.user_emotion_voices",
  );
  await withApp(({ services }) => services.emotionVoices.remove(ownerOf(ADA), row?.id ?? ""));

  expect(both).toMatchObject([
    [trained],
    [{ name: "My voice" }],
    [{ from: "user_emotion_voices" }, { from: "user_voice_profiles" }],
  ]);
  expect([await emotions(), await voices(), await kept()]).toEqual([[], [], []]);
});

describe("a voice that its owner has adopted", () => {
  const signal = new AbortController().signal;
  const clones = () =>
    legacy.superuser<{ clone: string }>(
      "SELECT provider_voice_id AS clone, state FROM instances.user_emotion_voices ORDER BY id",
    );

  const ids = () =>
    legacy.superuser<{ id: string }>("SELECT id FROM instances.user_emotion_voices ORDER BY id");

  /** Adopts the first emotion voice, which is not the neutral one. */
  async function givenAdopted(): Promise<void> {
    await emotionVoice(await profile("My voice", "vendor-1"), "happy", "vendor-2");
    const [happy] = await ids();
    await withApp(async ({ services }) => {
      await services.consents.grant(ownerOf(ADA), {
        statementVersion: CONSENT_STATEMENT.version,
        subject: "self",
      });
      await services.adoptions.adopt(ownerOf(ADA), happy?.id ?? "", signal);
    });
  }

  test("keeps its clone when the old application changes or deletes the voice", async () => {
    await givenAdopted();
    const adopted = await clones();

    await legacy.old("UPDATE user_emotion_voices SET elevenlabs_voice_id = 'vendor-3'");
    await legacy.old("UPDATE user_voice_profiles SET elevenlabs_voice_id = 'vendor-4'");
    await legacy.old("UPDATE user_voice_profiles SET elevenlabs_voice_id = NULL");
    const changed = await clones();
    const difference = await verify(legacy.operator);
    await legacy.old("DELETE FROM user_emotion_voices");
    await legacy.old("DELETE FROM user_voice_profiles");

    expect(adopted).toEqual([
      { clone: "vendor-2", state: "usable" },
      { clone: "vendor-1", state: "usable" },
    ]);
    expect(changed).toEqual(adopted);
    expect(difference.isEqual).toBe(true);
    expect(await clones()).toEqual(adopted);
    expect((await verify(legacy.operator)).isEqual).toBe(true);
  });

  test("is the same for a verification, and its repair changes nothing", async () => {
    await givenAdopted();

    const before = await verify(legacy.operator);
    await legacy.superuser("SELECT legacy_sync.repair_profiles('1')");
    await legacy.superuser("SELECT legacy_sync.repair_emotion_voices('1')");

    expect(before.isEqual).toBe(true);
    expect((await verify(legacy.operator)).isEqual).toBe(true);
    expect(await clones()).toMatchObject([{ state: "usable" }, { state: "usable" }]);
  });

  test("takes the voice of the old application along when it is deleted here", async () => {
    await givenAdopted();
    const rows = await ids();

    await withApp(async ({ services }) => {
      for (const { id } of rows) await services.emotionVoices.remove(ownerOf(ADA), id);
    });

    expect(await legacy.old("SELECT id FROM user_emotion_voices")).toEqual([]);
    expect(await legacy.old("SELECT id FROM user_voice_profiles")).toEqual([]);
    expect(
      await legacy.superuser("SELECT model, is_wanted FROM platform.vendor_voices ORDER BY model"),
    ).toEqual([
      { model: "vendor-1", is_wanted: false },
      { model: "vendor-2", is_wanted: false },
    ]);
  });
});
