import type { TestDatabase } from "../support/test-database.js";

/** How many rows `seedLarge` inserts, and who reads them. */
export interface LargeSize {
  /** A users.id. This user has far more rows than others. */
  readonly viewer: string;
  readonly users: number;
  readonly stories: number;
  readonly templates: number;
  /** The narrations of each user except the viewer. */
  readonly narrationsEach: number;
  /** The narrations of the viewer. A tenth of them are of the newest story. */
  readonly viewerNarrations: number;
}

// The rows are never random, so each run has the same rows. hash(n, k) is a number from 0 to
// 999,999 which looks random.
const HASH = `
  CREATE FUNCTION pg_temp.hash(n bigint, k integer) RETURNS integer LANGUAGE sql IMMUTABLE
    AS $$ SELECT (hashint8extended(n, k) & 2147483647)::integer % 1000000 $$;
  CREATE FUNCTION pg_temp.skewed(n bigint, k integer, among integer) RETURNS integer LANGUAGE sql IMMUTABLE
    AS $$ SELECT floor(among * power(pg_temp.hash(n, k) / 1000000.0, 3))::integer $$`;

const USERS = `
  INSERT INTO platform.users (id, display_name, erased_at)
    SELECT 'user-' || n, 'User ' || n, CASE WHEN n % 500 = 0 THEN now() END FROM generate_series(1, $users) n
    UNION ALL SELECT $viewer, 'Viewer', NULL`;

// The viewer wrote every twentieth story. Half of the stories have the tag "common". One of 4,000 stories is in
// the category "rare", and none of these has the tag "common". Every fiftieth story shares the text of the
// story before it.
const STORIES = `
  INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds)
    SELECT encode(sha256(n::text::bytea), 'hex'), repeat('The bell of the town rang over the river. ', 8) || n, 72, CASE WHEN n % 4000 = 3 THEN 200000 WHEN n % 900 = 6 THEN 5500 ELSE 5 + pg_temp.skewed(n, 12, 900) END
    FROM generate_series(1, $stories) n;
  INSERT INTO reference.stories (slug, title, summary, content_hash, original_author_id, visibility, category, genre,
      tags, language, published_at, created_at)
    SELECT 'story-' || n,
      'W' || pg_temp.hash(n, 2) % 3000 || ' ' || (ARRAY['river', 'tower', 'garden', 'winter', 'letter'])[1 + pg_temp.hash(n, 1) % 5] || ' ' || n,
      'A tale of w' || pg_temp.skewed(n, 3, 3000) || ' and w' || pg_temp.skewed(n, 4, 3000),
      encode(sha256((CASE WHEN n % 50 = 0 THEN n - 1 ELSE n END)::text::bytea), 'hex'),
      CASE WHEN n % 20 = 0 THEN $viewer ELSE 'user-' || 1 + pg_temp.skewed(n, 5, $users - 1) END,
      CASE WHEN n % 40 = 7 THEN 'draft' WHEN n % 40 = 8 THEN 'archived' ELSE 'public' END,
      CASE WHEN n % 4000 = 1 THEN 'rare' ELSE 'category ' || pg_temp.skewed(n, 6, 20) END,
      CASE WHEN n % 3 > 0 THEN 'genre ' || pg_temp.skewed(n, 7, 15) END,
      array_remove(ARRAY['tag ' || pg_temp.skewed(n, 8, 400), 'topic ' || pg_temp.skewed(n, 9, 2000),
        CASE WHEN n % 2 = 0 THEN 'common' END], NULL),
      CASE WHEN n % 3000 = 2 THEN 'is' WHEN n % 12 = 0 THEN 'de' ELSE 'en' END,
      timestamptz '2026-01-01' - n * interval '7 minutes', timestamptz '2026-01-01' - n * interval '8 minutes'
    FROM generate_series(1, $stories) n`;

// The first template occurs in every analysis. The others occur less and less often.
const ANALYSES = `
  INSERT INTO reference.story_analyses (content_hash, language, analyzer_id, analyzer_version, schema_version, status,
      rank, segment_count, characters)
    SELECT s.content_hash, s.language, a.analyser, '1', 1, CASE WHEN s.n % 90 = 5 THEN 'pending' ELSE 'ready' END,
      a.rank, 10, '[{"id": "c1"}]'
    FROM (SELECT DISTINCT ON (content_hash, language) id AS n, content_hash, language FROM reference.stories) s,
      LATERAL (VALUES ('embedded', 10), ('legacy', 0)) a (analyser, rank)
    WHERE a.rank = 10 OR s.n % 2 = 0;
  INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text, speaker_id)
    SELECT a.id, p, p, CASE WHEN p % 3 = 0 THEN 'dialogue' ELSE 'narration' END, p * 40, p * 40 + 40,
      'The bell of the town rang over the river.', CASE WHEN p % 3 = 0 THEN 'c1' END
    FROM reference.story_analyses a, generate_series(0, 9) p WHERE a.status = 'ready';
  UPDATE reference.story_analyses SET segment_count = 12000 WHERE id = $long;
  INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text, speaker_id)
    SELECT $long, p, p, CASE WHEN p % 3 = 0 THEN 'dialogue' ELSE 'narration' END, p * 40, p * 40 + 40,
      'The bell of the town rang over the river.', CASE WHEN p % 3 = 0 THEN 'c1' END
    FROM generate_series(10, 12000) p;
  INSERT INTO reference.story_apparatus (analysis_id, utf16_start, utf16_end, kind, said)
    SELECT s.analysis_id, s.utf16_start, s.utf16_start + 1,
      CASE WHEN s.position % 3 = 0 THEN 'hyphenation' ELSE 'character' END, ''
    FROM reference.story_segments s;
  INSERT INTO reference.voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text)
    SELECT (ARRAY['emotion', 'sound', 'modulation'])[1 + n % 3], 'key ' || n, 'Key ' || n, 'Template ' || n, 'Text'
    FROM generate_series(2, $templates) n;
  INSERT INTO reference.story_modulation_occurrences (analysis_id, template_id, occurrences, strength)
    SELECT DISTINCT ON (a.id, t.id) a.id, t.id, 1 + pg_temp.hash(a.id, k) % 9, 0.5
    FROM reference.story_analyses a, generate_series(0, 11) k,
      LATERAL (SELECT CASE k WHEN 0 THEN 1 ELSE 1 + pg_temp.skewed(a.id, 10 + k, $templates - 1) END AS place) p
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM reference.voice_modulation_templates) t USING (place)
    WHERE a.status = 'ready'`;

const NARRATIONS = `
  CREATE TEMP TABLE telling AS
    SELECT u.owner, k, CASE WHEN u.many AND k % 10 = 0 THEN 1 ELSE 1 + pg_temp.hash(k, u.n) % $stories END AS story
    FROM (SELECT 'user-' || n AS owner, n, false AS many FROM generate_series(1, $users) n
      UNION ALL SELECT $viewer, 0, true) u,
      LATERAL generate_series(1, CASE WHEN u.many THEN $viewerNarrations ELSE $narrationsEach END) k;
  INSERT INTO instances.user_story_narrations (user_id, reference_story_id, title, narrator_voice, narrator_voice_name,
      narrator_voice_type, segment_count, status, created_at)
    SELECT t.owner, s.id, 'Telling ' || t.k, 'flite:slt', 'Slt', 'ai', 4,
      CASE WHEN t.k % 900 = 4 THEN 'failed' WHEN t.k % 3 = 0 THEN 'ready' ELSE 'draft' END,
      timestamptz '2026-02-01' - t.k * interval '1 minute'
    FROM telling t JOIN reference.stories s ON s.slug = 'story-' || t.story;
  INSERT INTO instances.user_narration_segments (user_id, narration_id, position, kind, text, recipe_key)
    SELECT n.user_id, n.id, p, 'narration', 'The bell of the town rang.', 'recipe ' || (n.id * 4 + p) % 40000
    FROM instances.user_story_narrations n, generate_series(0, 3) p;
  INSERT INTO instances.user_narration_renders (user_id, narration_id, attempt, total, started_at, finished_at)
    SELECT user_id, id, 1, 4, created_at, created_at FROM instances.user_story_narrations
    WHERE status <> 'draft' AND id % 3 = 0;
  INSERT INTO reference.renditions (recipe_key, blob_key, duration_ms, words, size_bytes)
    SELECT 'recipe ' || n, 'shared/' || n, 900, '[]', 900 FROM generate_series(0, 19999) n;
  INSERT INTO instances.user_renditions (user_id, recipe_key, blob_key, duration_ms, words, size_bytes)
    SELECT $viewer, 'recipe ' || n, 'owned/' || n, 900, '[]', 900 FROM generate_series(20000, 39999) n`;

// A third of the editions are of the newest story. Some editions are long.
const EDITIONS = `
  INSERT INTO reference.published_narrations (user_id, narration_id, edition, reference_story_id, visibility, header,
      segment_count, published_at)
    SELECT user_id, id, 1, CASE WHEN id % 3 = 0 THEN (SELECT id FROM reference.stories WHERE slug = 'story-1') ELSE reference_story_id END,
      CASE WHEN id % 50 = 0 THEN 'unlisted' ELSE 'public' END,
      '{"voiceCast": [], "voiceModifications": {}, "createdAt": "2026-01-01T00:00:00Z", "narratorVoiceType": "ai"}',
      CASE WHEN id % 100 = 1 THEN 200 ELSE 4 END, created_at
    FROM instances.user_story_narrations WHERE status = 'ready';
  INSERT INTO reference.published_narration_segments (user_id, narration_id, position, kind, text, emotion, intensity)
    SELECT e.user_id, e.narration_id, p, 'narration', 'The bell of the town rang.', 'neutral', 0
    FROM reference.published_narrations e, LATERAL generate_series(0, e.segment_count - 1) p`;

const VOICES = `
  INSERT INTO instances.user_voice_samples (user_id, template_id, state, legacy_audio, recorded_at)
    SELECT o.owner, t.id, 'awaiting_consent', 'audio://1', timestamptz '2026-01-01' - k * interval '1 minute'
    FROM (SELECT 'user-' || n AS owner, 20 AS samples FROM generate_series(1, least($users, 1000)) n
      UNION ALL SELECT $viewer, 4000) o, LATERAL generate_series(1, o.samples) k
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM reference.voice_modulation_templates) t
        ON t.place = 1 + pg_temp.skewed(k, 30, 40);
  INSERT INTO instances.user_voices (user_id, voice, provider, kind, display_name, language)
    SELECT o.owner, 'flite:own-' || o.owner || k, 'flite', 'adapted', 'Voice ' || k, 'en'
    FROM (SELECT 'user-' || n AS owner, 1 AS voices FROM generate_series(1, least($users, 1000)) n
      UNION ALL SELECT $viewer, 30) o, LATERAL generate_series(1, o.voices) k;
  INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, revision, kind, provider, training_status, state)
    SELECT v.user_id, t.id, v.id, r, 'adapted', 'flite', 'ready', 'awaiting_consent'
    FROM instances.user_voices v, generate_series(1, 2) r,
      (SELECT id FROM reference.voice_modulation_templates ORDER BY id LIMIT 12) t`;

/**
 * Fills an empty database with SQL: tables of more than 10,000 rows, with frequent, rare and absent values
 * in every column that a list filters by.
 */
export async function seedLarge(
  { superuser }: Pick<TestDatabase, "superuser">,
  { viewer, ...sizes }: LargeSize,
): Promise<void> {
  const parts = [HASH, USERS, STORIES, ANALYSES, NARRATIONS, EDITIONS, VOICES];
  const numbers = { ...sizes, long: LONG_ANALYSIS };
  const names = Object.keys(numbers).sort((a, b) => b.length - a.length);
  const sql = names.reduce(
    (text, name) => text.replaceAll(`$${name}`, String(numbers[name as keyof typeof numbers])),
    parts.join(";\n").replaceAll("$viewer ", `'${viewer}' `).replaceAll("$viewer,", `'${viewer}',`),
  );
  // The role "replica" disables triggers, including the checks of foreign keys. No check is needed,
  // because every row refers to rows of this seed.
  await superuser(`BEGIN; SET LOCAL session_replication_role = replica;${sql};COMMIT`);
  // The triggers that list stories were disabled too.
  await superuser(
    "INSERT INTO reference.listed_stories SELECT * FROM reference.listings(ARRAY(SELECT id FROM reference.stories)) ORDER BY published_at",
  );
  await superuser("VACUUM (ANALYZE)");
}

/** The id of an analysis with 12,000 segments. */
export const LONG_ANALYSIS = 3;
