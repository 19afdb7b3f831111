import type { TestDatabase } from "../../support/test-database.js";

interface Growth {
  /**
   * The story that is copied. The story must be analysed, and the narration must be a narration of this
   * story.
   */
  readonly storyId: number;
  readonly narrationId: string;
  /** The total number of stories, including the original. Each copy has its own text. */
  readonly stories: number;
  /** The number of narrations of each story. The newest three have a script. */
  readonly narrations: number;
}

const NEW_STORIES = `
  CREATE TEMP TABLE copies ON COMMIT DROP AS
    SELECT n, encode(sha256(convert_to('copy ' || n, 'UTF8')), 'hex') AS hash FROM generate_series(2, $stories) n;
  INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds)
    SELECT c.hash, t.content || c.n, t.word_count, t.reading_time_seconds
    FROM copies c, reference.story_texts t JOIN reference.stories s USING (content_hash) WHERE s.id = $story;
  INSERT INTO reference.stories (slug, title, content_hash, original_author_id, visibility, category, language, published_at)
    SELECT 'copy-' || c.n, s.title || ' ' || c.n, c.hash, s.original_author_id, 'public', s.category, s.language,
      s.published_at - c.n * interval '1 minute'
    FROM copies c, reference.stories s WHERE s.id = $story;
  INSERT INTO reference.story_analyses (content_hash, language, analyzer_id, analyzer_version, schema_version,
      status, rank, summary, mood, characters, usage, segment_count, completed_at)
    SELECT c.hash, a.language, a.analyzer_id, a.analyzer_version, a.schema_version, a.status, a.rank, a.summary,
      a.mood, a.characters, a.usage, a.segment_count, a.completed_at
    FROM copies c, reference.story_analyses a JOIN reference.stories s USING (content_hash) WHERE s.id = $story;
  CREATE TEMP TABLE copied ON COMMIT DROP AS
    SELECT b.id, a.id AS source FROM copies c JOIN reference.story_analyses b ON b.content_hash = c.hash,
      reference.story_analyses a JOIN reference.stories s USING (content_hash) WHERE s.id = $story;
  INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text, speaker_id,
      attribution, emotion, intensity, valence, modulations, sounds)
    SELECT c.id, g.position, g.paragraph, g.kind, g.utf16_start, g.utf16_end, g.text, g.speaker_id, g.attribution,
      g.emotion, g.intensity, g.valence, g.modulations, g.sounds
    FROM copied c JOIN reference.story_segments g ON g.analysis_id = c.source;
  INSERT INTO reference.story_modulation_occurrences (analysis_id, template_id, occurrences, strength, example_position)
    SELECT c.id, o.template_id, o.occurrences, o.strength, o.example_position
    FROM copied c JOIN reference.story_modulation_occurrences o ON o.analysis_id = c.source`;

const NEW_NARRATIONS = `
  INSERT INTO instances.user_story_narrations (user_id, reference_story_id, analysis_id, title, narrator_voice,
      narrator_voice_name, narrator_voice_type, voice_cast, voice_modifications, segment_count, status, created_at)
    SELECT n.user_id, s.id, a.id, 'Copy ' || k, n.narrator_voice, n.narrator_voice_name, n.narrator_voice_type,
      n.voice_cast, n.voice_modifications, n.segment_count, CASE WHEN k % 2 = 0 THEN 'queued' ELSE 'draft' END,
      n.created_at - k * interval '1 second'
    FROM instances.user_story_narrations n, reference.stories s JOIN reference.story_analyses a USING (content_hash),
      generate_series(CASE WHEN s.id = $story THEN 2 ELSE 1 END, $narrations) k
    WHERE n.id = $narration;
  INSERT INTO instances.user_narration_segments
      (user_id, narration_id, position, story_position, kind, text, speaker_id, emotion, intensity)
    SELECT n.user_id, n.id, g.position, g.story_position, g.kind, g.text, g.speaker_id, g.emotion, g.intensity
    FROM (SELECT user_id, id, row_number() OVER (PARTITION BY reference_story_id ORDER BY created_at DESC, id DESC) AS place
          FROM instances.user_story_narrations) n
    JOIN instances.user_narration_segments g ON g.narration_id = $narration
    WHERE n.place <= 3 AND n.id <> $narration`;

/**
 * Inserts many copies of a story and its narration, directly with SQL. A copy has as many rows as the
 * original.
 */
export async function grow(
  { superuser }: Pick<TestDatabase, "superuser">,
  { storyId, narrationId, stories, narrations }: Growth,
): Promise<void> {
  // The role "replica" disables triggers, including the checks of foreign keys. No check is needed,
  // because every copied row refers to existing rows.
  const sql =
    `BEGIN; SET LOCAL session_replication_role = replica;${NEW_STORIES};${NEW_NARRATIONS};COMMIT`
      .replaceAll("$stories", String(stories))
      .replaceAll("$story", String(storyId))
      .replaceAll("$narrations", String(narrations))
      .replaceAll("$narration", narrationId);
  await superuser(sql);
  await superuser("SELECT reference.list_stories(ARRAY(SELECT s.id FROM reference.stories s))");
  await superuser("ANALYZE");
}
