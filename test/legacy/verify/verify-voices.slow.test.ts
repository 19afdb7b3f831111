import { verify } from "../../../src/legacy/verify/verify.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { backfillPairs, verifyPairNamed } from "./verification.js";
import { type CoveredTable, unnoticedColumns } from "./wrong-values.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

const PAIRS = ["templates", "profiles", "emotion_voices", "samples"];

test("every template, voice and recording of a generated database is here as expected", async () => {
  await legacy.generate({ seed: "1", narrations: 2_000 });
  await legacy.expand("Europe/Berlin");

  await backfillPairs(legacy, ["users", ...PAIRS]);
  const { pairs } = await verify(legacy.operator, { pageSize: 30 });

  const reports = pairs.filter(({ pair }) => PAIRS.includes(pair));
  expect(reports.flatMap(({ examples }) => examples)).toEqual([]);
  for (const { rows, same, quarantined, merged, wrong, extra } of reports) {
    expect(rows).toBeGreaterThan(10);
    expect({ wrong, extra, sum: same + quarantined + merged }).toEqual({
      ...{ wrong: 0, extra: 0, sum: rows },
    });
  }
  expect(reports.find(({ pair }) => pair === "templates")?.merged).toBeGreaterThan(1);
});

async function givenVoices(): Promise<void> {
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");
  await legacy.old(
    `INSERT INTO voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text,
       target_duration, category, voice_settings, is_active, sort_order)
     VALUES ('description', 'Slow down', ' Slow ', 'Slowly', 'Say it.', 7, 'more', '{"style": 1}', true, 4)`,
  );
  await legacy.old(
    `INSERT INTO user_voice_profiles (user_id, profile_name, elevenlabs_voice_id, language)
     VALUES ('u1', ' Mine ', 'vendor-1', 'DE-at')`,
  );
  await legacy.old(
    `INSERT INTO user_emotion_voices (user_voice_profile_id, emotion, elevenlabs_voice_id, training_status,
       sample_count, quality_score, never_delete) VALUES (1, 'Happy ', 'vendor-2', 'completed', 3, 80, true)`,
  );
  await legacy.old(
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url, duration, is_locked)
     VALUES ('u1', 'sound', 'cat_sound', 'audio://1', 900, true)`,
  );
}

const TABLES: readonly CoveredTable[] = [
  { table: "instances.user_voices", except: [], original: ["legacy_original"] },
  {
    table: "instances.user_emotion_voices",
    except: ["consent_id", "consent_live", "metrics", "model_blob_key", "voice_settings", "label"],
    original: ["legacy_original"],
  },
  {
    table: "instances.user_voice_samples",
    except: [
      ...["consent_id", "consent_live", "transcript", "blob_key", "quality", "is_preferred"],
      ...["processing_status", "upload_id", "original_blob_key"],
    ],
    original: ["legacy_original"],
  },
  { table: "reference.voice_modulation_templates", except: ["source_analysis_id", "row_version"] },
];

test.each(TABLES)("a wrong value in any column of $table is noticed", async (covered) => {
  await legacy.expand();
  await givenVoices();

  const unnoticed = await unnoticedColumns(
    legacy,
    covered,
    async () => !(await verify(legacy.operator)).isEqual,
  );

  expect(unnoticed).toEqual([]);
  for (const name of PAIRS) {
    expect(await verifyPairNamed(legacy, name)).toMatchObject({ rows: 1, same: 1, extra: 0 });
  }
});

test("a voice that our side renamed is no difference", async () => {
  await legacy.expand();
  await givenVoices();

  await legacy.superuser("UPDATE instances.user_voices SET display_name = 'Ours'");

  expect(await verifyPairNamed(legacy, "profiles")).toMatchObject({ rows: 1, same: 1, wrong: 0 });
});
