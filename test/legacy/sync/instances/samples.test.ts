import { toGlobalId } from "../../../../src/graphql/relay/global-id.js";
import { ownerOf } from "../../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../../support/api.js";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";
import { givenStories } from "../../legacy-rows.js";

const ADA = subjectOf("ada");

let legacy: LegacyTestDatabase;
let app: ApiApp;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy, { users: [ADA] });
  app = await apiApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

const record = async (label: string, type = "emotion", user: string | null = ADA) => {
  const [row] = await legacy.old<{ id: number }>(
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url, duration, is_completed, is_locked)
     VALUES ($1, $2, $3, 'audio://7', 1200, true, true) RETURNING id`,
    [user, type, label],
  );
  return String(row?.id);
};
const samples = () =>
  legacy.superuser(
    `SELECT s.id, t.modulation_type AS type, t.modulation_key AS key, s.state FROM instances.user_voice_samples s
     JOIN reference.voice_modulation_templates t ON t.id = s.template_id ORDER BY s.id`,
  );
const refused = () =>
  legacy.superuser("SELECT source_id AS id, reason FROM legacy_sync.quarantine ORDER BY source_id");

test("a recording belongs to the template that its label means, which is made where it is missing", async () => {
  await legacy.old(
    `INSERT INTO voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES ('emotion', 'Happy', 'Joyful', 'A happy line.', 'What a day!')`,
  );
  for (const label of ["happy", "Happy ", "happy", "cat_sound", "slow_description"])
    await record(label);
  await record("thunder", "sound");
  await record("Grand  mother", "odd");

  expect(await samples()).toMatchObject([
    { type: "emotion", key: "happy", state: "awaiting_consent" },
    { type: "emotion", key: "happy" },
    { type: "emotion", key: "happy" },
    { type: "sound", key: "cat_sound" },
    { type: "modulation", key: "slow_description" },
    { type: "sound", key: "thunder" },
    { type: "emotion", key: "grand_mother" },
  ]);
  expect(
    await legacy.superuser(
      "SELECT display_name AS name, category FROM reference.voice_modulation_templates WHERE modulation_key IN ('happy', 'grand_mother') ORDER BY 1",
    ),
  ).toEqual([
    { name: "Grand mother", category: "legacy" },
    { name: "Joyful", category: "basic" },
  ]);
});

test("a recording of nobody and one without a label are quarantined", async () => {
  await record("happy", "emotion", null);
  await record(" ");

  expect(await samples()).toEqual([]);
  expect(await refused()).toEqual([
    { id: "1", reason: "no_user" },
    { id: "2", reason: "no_label" },
  ]);
});

test("a changed recording changes, and a deleted one goes", async () => {
  await record("happy");
  await record("happy");
  await legacy.old("UPDATE user_voice_samples SET label = 'sad', duration = -1 WHERE id = 1");
  await legacy.old("DELETE FROM user_voice_samples WHERE id = 2");
  const changed = await samples();
  await legacy.old("TRUNCATE user_voice_samples");

  expect(changed).toMatchObject([{ id: "1", key: "sad" }]);
  expect(await samples()).toEqual([]);
});

test("the owner sees the recording, which awaits the consent", async () => {
  const id = await record("neutral");

  const answer = await app.as("ada").query(
    `query ($id: ID!) { node(id: $id) { ... on UserVoiceSample {
       state sampleStatus durationMs isLocked transcript audioUrl quality { score } template { key } } } }`,
    { id: toGlobalId("UserVoiceSample", id) },
  );

  expect(answer.at("node")).toEqual({
    ...{ state: "AWAITING_CONSENT", sampleStatus: "ACCEPTED", durationMs: 1200, isLocked: true },
    ...{ transcript: null, audioUrl: null, quality: null, template: { key: "neutral" } },
  });
  await expect(app.services.voiceSamples.adopt(ownerOf(ADA), id)).rejects.toThrow(
    "You have not agreed",
  );
});

test("a recording that its owner deletes here is deleted in the old application, too", async () => {
  const id = await record("happy");
  await record("happy");

  await app.services.voiceSamples.remove(ownerOf(ADA), id);

  expect(await legacy.old("SELECT id FROM user_voice_samples")).toEqual([{ id: 2 }]);
});

test("the backfill takes recordings in pages, and writes nothing twice", async () => {
  const backfill = (after: string | null) =>
    legacy.superuser("SELECT * FROM legacy_sync.backfill_samples($1, 2)", [after]);
  for (const user of [ADA, null, ADA]) await record("happy", "emotion", user);
  const before = await samples();
  await legacy.superuser(
    "BEGIN; SET LOCAL fabula.sync = 'legacy'; DELETE FROM instances.user_voice_samples; COMMIT",
  );

  const pages = [
    await backfill(null),
    await backfill("2"),
    await backfill("3"),
    await backfill(null),
  ];

  expect(pages.flat()).toEqual([
    { last_key: "2", taken: 2, written: 1 },
    { last_key: "3", taken: 1, written: 1 },
    { last_key: null, taken: 0, written: 0 },
    { last_key: "2", taken: 2, written: 0 },
  ]);
  expect(await samples()).toEqual(before);
});
