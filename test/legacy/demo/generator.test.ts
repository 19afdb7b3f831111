import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

const TABLES = [
  ...["users", "stories", "story_analyses", "voice_modulation_templates", "story_narrations"],
  ...["user_voice_samples", "user_voice_profiles", "user_emotion_voices", "audio_files"],
];

async function contents(): Promise<string[]> {
  const hashes: string[] = [];
  for (const table of TABLES) {
    const [row] = await legacy.old<{ hash: string }>(
      `SELECT md5(string_agg(t::text, '' ORDER BY id)) AS hash FROM ${table} t`,
    );
    hashes.push(`${table} ${row?.hash ?? ""}`);
  }
  return hashes;
}

test("the same seed gives the same legacy database, and another seed another one", async () => {
  const made: string[][] = [];
  for (const seed of ["1", "1", "2"]) {
    await legacy.generate({ seed, narrations: 60 });
    made.push(await contents());
    await legacy.old(`TRUNCATE ${TABLES.join(", ")} RESTART IDENTITY`);
  }

  expect(made[0]).toEqual(made[1]);
  expect(made[0]).not.toEqual(made[2]);
});

const ODDITIES = [
  "stories WHERE author_id IS NULL",
  "stories WHERE content IS NULL",
  "stories WHERE is_published AND status = 'draft'",
  "stories WHERE is_published AND published_at IS NULL",
  "stories WHERE narrator_voice IS NOT NULL",
  "story_narrations WHERE user_id LIKE 'gone-%'",
  "story_narrations WHERE segments ? 'segments'",
  "story_narrations WHERE jsonb_typeof(segments) = 'string'",
  "story_narrations WHERE segments = '[]'",
  "story_narrations WHERE total_duration <= 0",
  `story_narrations WHERE segments @> '[{"emotion": "Happy "}]'`,
  "user_voice_samples WHERE user_id IS NULL",
  "user_emotion_voices WHERE elevenlabs_voice_id IS NULL",
  "audio_files WHERE file_size = 1",
];

test("a generated database has the oddities of the running platform", async () => {
  await legacy.generate({ seed: "1", narrations: 500 });

  const missing: string[] = [];
  for (const rows of ODDITIES) {
    const found = await legacy.old(`SELECT FROM ${rows} LIMIT 1`);
    if (found.length === 0) missing.push(rows);
  }

  expect(missing).toEqual([]);
});
