import { DELIVERED_EMOTIONS } from "../../../../src/reference/index.js";
import { FIRST_GIVEN_TEMPLATE } from "../../../support/test-database.js";
import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

/** The old application adds templates: each is a type, a key and optionally whether it is active. */
async function oldTemplates(
  ...rows: readonly (readonly [string, string, (boolean | null)?])[]
): Promise<void> {
  for (const [type, key, isActive = true] of rows) {
    await legacy.old(
      `INSERT INTO voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text, is_active)
       VALUES ($1, $2, $3, 'Of the old platform.', 'Say it.', $4)`,
      [type, key, `Old ${key}`, isActive],
    );
  }
}

const ours = (
  columns = "id, modulation_type AS type, modulation_key AS key, display_name AS name",
) =>
  legacy.superuser(
    `SELECT ${columns} FROM reference.voice_modulation_templates
     WHERE id < ${FIRST_GIVEN_TEMPLATE} ORDER BY id`,
  );
const merged = () =>
  legacy.superuser(
    "SELECT source_id AS id, target_id AS into, kind FROM legacy_sync.id_map ORDER BY 1",
  );
const refused = () => legacy.superuser("SELECT source_id, reason FROM legacy_sync.quarantine");
const backfill = () => legacy.superuser("SELECT * FROM legacy_sync.backfill_templates(NULL, 100)");

test("types and keys get our form, and the template neutral gives its id to a legacy template", async () => {
  await oldTemplates(
    ["emotion", "Very  Angry "],
    ["description", "Slow_Description"],
    ["Emotion", "neutral"],
  );
  await legacy.expand();

  const first = await backfill();
  const second = await backfill();

  expect([first, second]).toEqual([
    [{ last_key: "3", taken: 3, written: 3 }],
    [{ last_key: "3", taken: 3, written: 0 }],
  ]);
  expect(await ours()).toEqual([
    { id: 1, type: "emotion", key: "very_angry", name: "Old Very  Angry" },
    { id: 2, type: "modulation", key: "slow_description", name: "Old Slow_Description" },
    { id: 3, type: "emotion", key: "neutral", name: "Old neutral" },
  ]);
});

test("doubles become the active template with the lowest id", async () => {
  await legacy.expand();
  await oldTemplates(["emotion", "sad", false], ["emotion", "Sad"], ["emotion", " sad", null]);

  const made = await ours();
  await legacy.old("UPDATE voice_modulation_templates SET is_active = false WHERE id = 3");
  const changed = await ours();

  expect(made).toContainEqual({ id: 3, type: "emotion", key: "sad", name: "Old Sad" });
  expect(changed).toContainEqual({ id: 4, type: "emotion", key: "sad", name: "Old  sad" });
  expect(made).toHaveLength(2);
  expect(await merged()).toEqual([
    { id: "2", into: "4", kind: "merged" },
    { id: "3", into: "4", kind: "merged" },
  ]);
});

test("the trigger and the backfill make the same templates and merges", async () => {
  await legacy.generate({ seed: "1", narrations: 10 });
  await legacy.expand();
  await backfill();
  const all =
    "id, modulation_type, modulation_key, display_name, description, sample_text, category, voice_settings, is_active, sort_order, created_at, updated_at";
  const [backfilled, merges] = [await ours(all), await merged()];

  await legacy.superuser(
    `DELETE FROM reference.voice_modulation_templates WHERE id < ${FIRST_GIVEN_TEMPLATE};
     DELETE FROM legacy_sync.id_map`,
  );
  await legacy.old("UPDATE voice_modulation_templates SET sort_order = sort_order");

  expect(backfilled).toHaveLength(9);
  expect(merges).toHaveLength(3);
  expect(await ours(all)).toEqual(backfilled);
  expect(await merged()).toEqual(merges);
  expect(await refused()).toEqual([]);
});

test("a renamed, deleted or truncated template goes, unless something uses it", async () => {
  await legacy.expand();
  await oldTemplates(["emotion", "sad"], ["emotion", "glad"], ["sound", "rain"], ["sound", "wind"]);
  await legacy.superuser("INSERT INTO platform.users (id) VALUES ('ada')");
  await legacy.superuser(
    `INSERT INTO instances.user_voice_samples (user_id, template_id, state, legacy_audio)
     VALUES ('ada', 3, 'awaiting_consent', 'audio://1'), ('ada', 4, 'awaiting_consent', 'audio://1')`,
  );
  const keys = () =>
    legacy.superuser(
      `SELECT modulation_key AS key FROM reference.voice_modulation_templates
       WHERE modulation_key <> 'neutral' AND id < ${FIRST_GIVEN_TEMPLATE} ORDER BY 1`,
    );

  await legacy.old("UPDATE voice_modulation_templates SET modulation_key = 'gloomy' WHERE id = 2");
  await legacy.old("DELETE FROM voice_modulation_templates WHERE id = 3");
  const changed = await keys();
  await legacy.old("TRUNCATE voice_modulation_templates");

  expect(changed).toEqual(["glad", "gloomy", "rain", "wind"].map((key) => ({ key })));
  expect(await keys()).toEqual([{ key: "glad" }, { key: "rain" }]);
  expect(await refused()).toEqual([]);
});

test("a template of an unknown type, or without a key, goes into quarantine until it is corrected", async () => {
  await legacy.expand();
  await oldTemplates(["mood", "calm"], ["sound", " "]);
  const quarantined = await refused();

  await legacy.old(
    "UPDATE voice_modulation_templates SET modulation_type = 'emotion' WHERE id = 2",
  );
  await legacy.old("DELETE FROM voice_modulation_templates WHERE id = 3");

  expect(quarantined).toEqual([
    { source_id: "2", reason: "no_type" },
    { source_id: "3", reason: "no_key" },
  ]);
  expect(await ours()).toContainEqual({ id: 2, type: "emotion", key: "calm", name: "Old calm" });
  expect(await refused()).toEqual([]);
});

test("blank texts and settings that are no object become readable values", async () => {
  await legacy.expand();
  await legacy.old(
    `INSERT INTO voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text,
       target_duration, category, voice_settings, is_active, sort_order)
     VALUES ('sound', 'far thunder', ' ', '', '', -3, NULL, '[1]', NULL, NULL)`,
  );

  expect(
    await ours(
      `display_name AS name, description, sample_text AS text, target_duration_seconds AS seconds, category,
       voice_settings AS settings, is_active, sort_order`,
    ),
  ).toContainEqual({
    ...{ name: "Far Thunder", description: "Far Thunder", text: "Far Thunder", seconds: 10 },
    ...{ category: "basic", settings: { legacy: [1] }, is_active: true, sort_order: 0 },
  });
});

test("a template that people can ask for is always active, and stays when the old one goes", async () => {
  await legacy.expand();
  await oldTemplates(
    ["emotion", "neutral", false],
    ["emotion", "sad", false],
    ["emotion", "joy", false],
  );

  const active = await ours("modulation_key AS key, is_active");
  await legacy.old("DELETE FROM voice_modulation_templates");

  expect(active).toEqual([
    { key: "neutral", is_active: true },
    { key: "sad", is_active: false },
    { key: "joy", is_active: true },
  ]);
  expect(await ours("modulation_key AS key")).toEqual([{ key: "neutral" }, { key: "joy" }]);
});

test("the templates that people can ask for are those of a fresh install", async () => {
  await legacy.expand();

  const given = await legacy.superuser(
    `SELECT FROM reference.voice_modulation_templates t
     WHERE NOT legacy_sync.is_given_template(t.modulation_type, t.modulation_key)`,
  );
  const [{ count } = { count: 0 }] = await legacy.superuser<{ count: number }>(
    "SELECT count(*)::int AS count FROM reference.voice_modulation_templates",
  );

  expect(given).toEqual([]);
  expect(count).toBe(DELIVERED_EMOTIONS.size);
});

test("a template that is lost here is repaired, and templates of ours count on in the old ids", async () => {
  await legacy.expand();
  await oldTemplates(["emotion", "sad"]);
  await legacy.superuser(
    "DELETE FROM reference.voice_modulation_templates WHERE modulation_key = 'sad'",
  );

  await legacy.superuser("SELECT legacy_sync.repair_templates('2')");
  await legacy.superuser(
    `INSERT INTO reference.voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES ('sound', 'rain', 'Rain', 'Rain.', 'Rain.')`,
  );

  expect(await ours()).toEqual([
    { id: 1, type: "emotion", key: "neutral", name: "Neutral" },
    { id: 2, type: "emotion", key: "sad", name: "Old sad" },
    { id: 3, type: "sound", key: "rain", name: "Rain" },
  ]);
});
