import pg from "pg";
import { verify } from "../../../src/legacy/verify/verify.js";
import { LEGACY_OWNER, type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
});
afterEach(() => legacy.drop());

/** Writes rows in a session of the old application that has settings of its own. */
async function writeWith(settings: string): Promise<void> {
  const client = new pg.Client({ connectionString: legacy.superUrl });
  await client.connect();
  await client.query(`SET ROLE ${LEGACY_OWNER}; ${settings}`);
  await client.query(`
    INSERT INTO users (id) VALUES ('u1');
    INSERT INTO stories (title, content, category, upload_type, author_id, is_published, status, narrator_voice)
    VALUES ('A', 'The river rose.', 'tale', 'text', 'u1', true, 'published', 'nova');
    INSERT INTO story_analyses (story_id, analysis_type, analysis_data, generated_by)
    VALUES (1, 'narrative', '{"summary": "It rises."}', 'u1');
    INSERT INTO audio_files (file_name, audio_data, file_size) VALUES ('a.mp3', 'SUQzAAAA', 6);
    INSERT INTO user_voice_profiles (user_id, profile_name, elevenlabs_voice_id, stability)
    VALUES ('u1', 'Me', 'vendor', 0.123456789);
    INSERT INTO user_emotion_voices (user_voice_profile_id, emotion, quality_score)
    VALUES (1, 'calm', 0.1 + 0.2::float8);
    INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url)
    VALUES ('u1', 'emotion', 'calm', 'audio://1');
    INSERT INTO story_narrations (story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
    VALUES (1, 'u1', 'vendor', 'user', '[{"text": "The river rose."}]', 5)`);
  await client.end();
}

test.each(["row_security = off", "extra_float_digits = -10", "TimeZone = 'Asia/Kolkata'"])(
  "a session of the old application with %s changes nothing of what becomes of its rows",
  async (setting) => {
    await writeWith(`SET ${setting}`);

    const { pairs } = await verify(legacy.operator);
    expect(pairs.flatMap(({ examples }) => examples)).toEqual([]);
    const refused = await legacy.superuser(
      "SELECT source_table, detail FROM legacy_sync.quarantine",
    );
    expect(refused).toEqual([]);
    const [sound] = await legacy.superuser(
      "SELECT right(legacy_original ->> 'createdAt', 6) AS zone FROM legacy_sync.sounds",
    );
    expect(sound).toEqual({ zone: "+00:00" });
  },
);
