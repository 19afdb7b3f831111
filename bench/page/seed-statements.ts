import type { SeedSize } from "./seed-size.js";

interface SeedStatement {
  readonly name: string;
  readonly sql: string;
}

/** The tables that the seed fills. */
export const SEEDED_TABLES = [
  "platform.users",
  "reference.story_texts",
  "reference.stories",
  "reference.listed_stories",
  "reference.story_analyses",
  "reference.story_segments",
  "reference.voice_modulation_templates",
  "reference.story_modulation_occurrences",
  "reference.published_narrations",
  "reference.published_narration_segments",
  "instances.user_story_narrations",
  "instances.user_narration_segments",
  "instances.user_voices",
  "instances.voice_consents",
  "instances.user_voice_samples",
];

const DOCUMENTS = "(SELECT count(*) FROM documents)";
/** The document of story `s.id`. */
const documentOf = (id: string): string => `documents d ON d.n = ${id} % ${DOCUMENTS}`;

const texts = ({ stories, users }: SeedSize, readers: number): SeedStatement[] => [
  {
    name: "texts",
    sql: `CREATE TEMP TABLE texts AS
      SELECT i AS id, d.document ->> 'content' || E'\\n\\nThe end of story ' || i || '.' AS content
      FROM generate_series(1, ${stories}) i JOIN ${documentOf("i")};
      CREATE TEMP TABLE hashes AS SELECT id, encode(sha256(convert_to(content, 'UTF8')), 'hex') AS hash FROM texts;
      INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds)
      SELECT h.hash, t.content, 500, 100 + t.id * 7 % 1000 FROM texts t JOIN hashes h USING (id)`,
  },
  {
    // One story in fifty is a draft, and one in fifty is archived.
    name: "stories",
    sql: `INSERT INTO reference.stories (id, slug, title, summary, content_hash, original_author_id, visibility,
        category, genre, tags, mood, language, published_at, created_at, updated_at)
      SELECT i, 'story-' || i, initcap(d.document ->> 'title') || ' ' || i,
        'A story about ' || (ARRAY['a lamp', 'the harbour', 'two sisters', 'a long winter', 'the last train'])[1 + i % 5]
          || ' and number ' || i || ', as ' || (d.document ->> 'summary'),
        h.hash, 'user-' || 1 + i % ${users - readers},
        CASE i % 50 WHEN 7 THEN 'draft' WHEN 8 THEN 'archived' ELSE 'public' END,
        (ARRAY['fiction', 'folklore', 'memoir', 'poetry'])[1 + i % 4],
        (ARRAY['adventure', 'comedy', 'drama', 'fantasy', 'horror', 'mystery', 'romance'])[1 + i % 7],
        ARRAY['tag' || i % 200, 'tag' || i % 37, (ARRAY['night', 'sea', 'family'])[1 + i % 3]],
        'calm', CASE WHEN i % 10 = 3 THEN 'de' ELSE 'en' END,
        timestamptz '2025-01-01' + i * interval '7 minutes', timestamptz '2025-01-01' + i * interval '7 minutes',
        timestamptz '2025-01-01' + i * interval '7 minutes'
      FROM generate_series(1, ${stories}) i JOIN hashes h ON h.id = i JOIN ${documentOf("i")}`,
  },
];

const analyses = ({ stories }: SeedSize): SeedStatement[] => [
  {
    // Every text has an analysis of the embedded analyser. Every second text has an older one, too.
    name: "analyses",
    sql: `INSERT INTO reference.story_analyses (id, content_hash, language, analyzer_id, analyzer_version,
        schema_version, status, rank, summary, mood, characters, usage, segment_count, completed_at)
      SELECT s.id + older * ${stories}, s.content_hash, s.language, CASE older WHEN 0 THEN 'embedded' ELSE 'legacy' END, '1',
        1, 'ready', 10 - 10 * older, d.document ->> 'summary', d.document -> 'mood', d.document -> 'characters',
        d.document -> 'usage', (1 - older) * jsonb_array_length(d.document -> 'segments'), s.created_at
      FROM reference.stories s JOIN ${documentOf("s.id")} CROSS JOIN (VALUES (0), (1)) AS o (older)
      WHERE older = 0 OR s.id % 2 = 0`,
  },
  {
    name: "segments of stories",
    sql: `CREATE TEMP TABLE document_segments AS
      SELECT d.n, r.* FROM documents d CROSS JOIN jsonb_to_recordset(d.document -> 'segments') AS r (position int,
        paragraph int, kind text, utf16_start int, utf16_end int, text text, speaker_id text, attribution jsonb,
        emotion text, intensity real, valence real, modulations jsonb, sounds jsonb);
      ANALYZE document_segments;
      INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text,
        speaker_id, attribution, emotion, intensity, valence, modulations, sounds)
      SELECT s.id, r.position, r.paragraph, r.kind, r.utf16_start, r.utf16_end, r.text,
        r.speaker_id, r.attribution, r.emotion, r.intensity, r.valence, r.modulations, r.sounds
      FROM generate_series(1, ${stories}) s (id) JOIN document_segments r ON r.n = s.id % ${DOCUMENTS}`,
  },
  {
    name: "templates",
    sql: `INSERT INTO reference.voice_modulation_templates (modulation_type, modulation_key, display_name, description,
        sample_text, category, source_analysis_id)
      SELECT template ->> 'type', template ->> 'key', template ->> 'displayName', template ->> 'description',
        template ->> 'sampleText', template ->> 'category', row_number() OVER ()
      FROM found_templates ON CONFLICT DO NOTHING`,
  },
  {
    name: "occurrences",
    sql: `CREATE TEMP TABLE document_templates AS
      SELECT d.n, t.id AS template_id, (f ->> 'occurrences')::int AS occurrences, (f ->> 'strength')::real AS strength
      FROM documents d CROSS JOIN jsonb_array_elements(d.document -> 'templates') f
      JOIN reference.voice_modulation_templates t ON t.modulation_type = f ->> 'type' AND t.modulation_key = f ->> 'key';
      INSERT INTO reference.story_modulation_occurrences (analysis_id, template_id, occurrences, strength, example_position)
      SELECT s.id, r.template_id, r.occurrences, r.strength, 0
      FROM generate_series(1, ${stories}) s (id) JOIN document_templates r ON r.n = s.id % ${DOCUMENTS};
      INSERT INTO reference.story_modulation_occurrences (analysis_id, template_id, occurrences, strength, example_position)
      SELECT s.id, t.id, 1, 0.5, 0 FROM generate_series(1, ${stories}) s (id)
      JOIN reference.voice_modulation_templates t ON t.modulation_key = 'seeded sound ' || s.id % 100
      ON CONFLICT DO NOTHING`,
  },
];

const NARRATIONS_OF_A_READER = 1_000;

const narrations = (size: SeedSize, readers: number): SeedStatement[] => {
  const { stories, users } = size;
  const ofReaders = readers * NARRATIONS_OF_A_READER;
  const ofOthers = Math.max(0, size.narrations - ofReaders);
  return [
    {
      name: "users",
      sql: `INSERT INTO platform.users (id, email, display_name)
        SELECT 'user-' || i, 'user-' || i || '@example.org', 'User ' || i FROM generate_series(1, ${users - readers}) i
        UNION ALL
        SELECT 'reader-' || i, 'reader-' || i || '@example.org', 'Reader ' || i FROM generate_series(1, ${readers}) i`,
    },
    {
      name: "personal voices",
      sql: `INSERT INTO instances.user_voices (user_id, voice, provider, kind, display_name, language)
        SELECT 'reader-' || i, 'flite:own-' || lpad(i::text, 12, '0'), 'flite', 'adapted', 'My voice ' || i, 'en'
        FROM generate_series(1, ${readers}) i`,
    },
    {
      // A reader's first 700 narrations are of the newest 100 stories, 7 of each.
      name: "narrations",
      sql: `CREATE TEMP TABLE plans AS
        SELECT 'reader-' || 1 + i % ${readers} AS user_id, i AS n,
          CASE WHEN i / ${readers} < 700 THEN ${stories} - (i / ${readers}) % 110
          ELSE 1 + (i * 7919) % ${stories} END AS story_id, i / ${readers} < 700 AS is_newest
        FROM generate_series(0, ${ofReaders - 1}) i
        UNION ALL
        SELECT 'user-' || 1 + i % ${users - readers}, ${ofReaders} + i, 1 + ((i::bigint * 7919) % ${stories})::int, false
        FROM generate_series(0, ${ofOthers - 1}) i;
        UPDATE plans SET story_id = story_id - 2 WHERE (story_id % 50) IN (7, 8);
        INSERT INTO instances.user_story_narrations (user_id, id, reference_story_id, analysis_id, title, narrator_voice,
          narrator_voice_name, narrator_voice_type, voice_cast, segment_count, script_hash, status, visibility, created_at,
          updated_at)
        SELECT p.user_id, p.n + 1, p.story_id, p.story_id,
          CASE WHEN p.n % 4 > 0 THEN 'Told on evening ' || p.n END,
          CASE WHEN v.voice IS NOT NULL AND p.n % 3 = 0 THEN v.voice ELSE 'flite:slt' END,
          CASE WHEN v.voice IS NOT NULL AND p.n % 3 = 0 THEN v.display_name ELSE 'Sally' END,
          CASE WHEN v.voice IS NOT NULL AND p.n % 3 = 0 THEN 'user' ELSE 'ai' END,
          d.document -> 'cast', CASE WHEN p.is_newest THEN 12 ELSE 4 END, md5(p.n::text),
          (ARRAY['draft', 'ready', 'ready', 'ready', 'failed'])[1 + p.n % 5],
          CASE WHEN v.voice IS NULL AND p.n % 20 = 1 THEN 'public' ELSE 'private' END,
          timestamptz '2026-01-01' + p.n * interval '1 second', timestamptz '2026-01-01' + p.n * interval '1 second'
        FROM plans p LEFT JOIN instances.user_voices v ON v.user_id = p.user_id
        JOIN ${documentOf("p.story_id")}`,
    },
  ];
};

const scripts = (readers: number): SeedStatement[] => [
  {
    name: "segments of scripts",
    sql: `INSERT INTO instances.user_narration_segments (user_id, narration_id, position, story_position, kind, text,
          speaker_id, emotion, intensity, voice)
        SELECT n.user_id, n.id, r.position, r.position, r.kind, r.text, r.speaker_id, r.emotion, r.intensity,
          CASE WHEN (r.position + n.id) % 10 = 0 THEN v.voice END
        FROM instances.user_story_narrations n
        JOIN document_segments r ON r.n = n.reference_story_id % ${DOCUMENTS} AND r.position < n.segment_count
        LEFT JOIN instances.user_voices v ON v.user_id = n.user_id
        ORDER BY n.id, r.position`,
  },
  {
    name: "editions",
    sql: `INSERT INTO reference.published_narrations (user_id, narration_id, edition, reference_story_id, visibility,
          header, segment_count, published_at)
        SELECT n.user_id, n.id, 1, n.reference_story_id, 'public', jsonb_build_object('title', n.title,
          'analysisId', n.analysis_id, 'narratorVoice', n.narrator_voice, 'narratorVoiceName', n.narrator_voice_name,
          'narratorVoiceType', n.narrator_voice_type, 'voiceCast', n.voice_cast, 'voiceModifications', '{}'::jsonb,
          'contentHash', null, 'createdAt', to_char(n.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), n.segment_count,
          n.created_at
        FROM instances.user_story_narrations n WHERE n.visibility = 'public';
        INSERT INTO reference.published_narration_segments (user_id, narration_id, position, story_position, kind, text,
          speaker_id, emotion, intensity, voice)
        SELECT g.user_id, g.narration_id, g.position, g.story_position, g.kind, g.text, g.speaker_id, g.emotion,
          g.intensity, g.voice
        FROM reference.published_narrations e JOIN instances.user_narration_segments g USING (user_id, narration_id)`,
  },
  {
    // The triggers that list stories are disabled.
    name: "listed stories",
    sql: `INSERT INTO reference.story_listeners SELECT s.id, s.id * 13 % 400 FROM reference.stories s;
        INSERT INTO reference.listed_stories SELECT * FROM reference.listings(ARRAY(SELECT id FROM reference.stories)) ORDER BY published_at`,
  },
  {
    name: "voice samples",
    sql: `INSERT INTO instances.voice_consents (user_id, id, statement_version, text_hash, purpose, subject, granted_by,
          granted_at)
        SELECT 'reader-' || i, i, '1', 'hash', 'voice', 'self', 'reader-' || i, timestamptz '2026-01-01'
        FROM generate_series(1, ${readers}) i;
        INSERT INTO instances.user_voice_samples (user_id, template_id, state, consent_id, consent_live, transcript,
          blob_key, duration_ms, recorded_at)
        SELECT 'reader-' || r, 1 + i % 50, 'usable', r, true, 'What I read aloud.', md5(i::text || r), 4000,
          timestamptz '2026-01-01' + i * interval '1 minute'
        FROM generate_series(1, ${readers}) r CROSS JOIN generate_series(1, 500) i`,
  },
];

const sequences = ({ stories, narrations: made }: SeedSize, readers: number): SeedStatement => ({
  name: "sequences",
  sql: `SELECT setval('reference.stories_id_seq', ${stories}), setval('reference.story_analyses_id_seq', ${2 * stories}),
    setval('instances.narration_ids', ${Math.max(made, readers * NARRATIONS_OF_A_READER)}),
    setval('instances.consent_ids', ${readers})`,
});

/** Returns the statements of the seed, in order. They use the temporary tables of `seed`. */
export const statements = (size: SeedSize, readers: number): SeedStatement[] => [
  ...texts(size, readers),
  ...analyses(size),
  ...narrations(size, readers),
  ...scripts(readers),
  sequences(size, readers),
];
