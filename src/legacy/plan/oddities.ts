import type { LegacyTable } from "../legacy-database.js";

/** Rows of a legacy table that are not as one expects. */
export interface Oddity {
  readonly table: LegacyTable;
  readonly name: string;
  /** A condition on the row `r`. A subquery is read once, so it must not refer to `r`. */
  readonly sql: string;
  /** What the migration does with such a row. */
  readonly outcome: string;
}

/** A blank text: only white space, or nothing. */
const isBlank = (column: string): string =>
  `coalesce(btrim(${column}, E' \\t\\n\\r\\f\\v\\u00a0\\ufeff'), '') = ''`;
const status = "lower(btrim(coalesce(r.status, '')))";
const isPublished = "r.is_published IS TRUE";

/** Narrations have their segments in the column `items`, and false conditions where there is no list. */
const someItem = (condition: string): string => `r.items @? '$[*] ? (${condition})'`;

/** A row whose values of `key` another row has too. */
const double = (table: LegacyTable, key: string): string =>
  `(${key}) IN (SELECT ${key} FROM public.${table} r GROUP BY ${key} HAVING count(*) > 1)`;

const STORIES: readonly Omit<Oddity, "table">[] = [
  {
    name: "published, but a draft or without text",
    sql: `${isPublished} AND (${status} = 'draft' OR ${isBlank("r.content")})`,
    outcome: "stays a draft; a person decides",
  },
  {
    name: "not published, but said to be published or public",
    sql: `r.is_published IS NOT TRUE AND (${status} = 'published' OR r.is_public IS TRUE) AND ${status} <> 'archived'`,
    outcome: "stays a draft; a person decides",
  },
  {
    name: "published without a date",
    sql: `${isPublished} AND r.published_at IS NULL`,
    outcome: "the date of the last change counts, or else of the creation",
  },
  {
    name: "without an author",
    sql: "r.author_id IS NULL",
    outcome: "is kept without an author; nobody can edit it",
  },
  {
    name: "without text, but with a summary",
    sql: `${isBlank("r.content")} AND NOT (${isBlank("r.summary")})`,
    outcome: "stays a draft without text; the summary is kept",
  },
  {
    name: "without text and summary",
    sql: `${isBlank("r.content")} AND ${isBlank("r.summary")}`,
    outcome: "stays a draft without text",
  },
  {
    name: "text in a wrong encoding",
    sql: "r.content ~ 'Ã[\u0080-\u00bf]|â€'",
    outcome: "is kept as it is, because nobody can tell what was meant",
  },
  {
    name: "lone carriage returns or a byte order mark in the text",
    sql: "r.content ~ E'\\r(?!\\n)|^\\ufeff'",
    outcome: "lines end with a line feed; the mark is removed",
  },
  {
    name: "characters or emotions without an analysis",
    sql: `(r.extracted_characters NOT IN ('[]', 'null') OR r.extracted_emotions NOT IN ('[]', 'null'))
      AND r.id NOT IN (SELECT a.story_id FROM public.story_analyses a)`,
    outcome: "become an analysis of schema version 0",
  },
  {
    name: "a narrator voice, but no narration of the author",
    sql: `r.author_id IS NOT NULL AND NOT (${isBlank("r.narrator_voice")})
      AND (r.id, r.author_id::text) NOT IN (SELECT n.story_id, n.user_id FROM public.story_narrations n)`,
    outcome: "becomes the author's narration of the story",
  },
];

const ANALYSES: readonly Omit<Oddity, "table">[] = [
  {
    name: "several of one story, type and text",
    sql: double("story_analyses", "r.story_id, r.analysis_type, coalesce(r.content_hash, '')"),
    outcome: "the newest one counts; the others are kept inside it",
  },
  {
    name: "without the hash of the text",
    sql: "r.content_hash IS NULL",
    outcome: "belongs to the present text of the story",
  },
  {
    name: "in another shape",
    sql: "jsonb_typeof(r.analysis_data) <> 'object' OR NOT r.analysis_data ? 'characters'",
    outcome: "the original is kept; the analysis names no characters",
  },
];

const TEMPLATES: readonly Omit<Oddity, "table">[] = [
  {
    name: "several of one type and key",
    sql: double("voice_modulation_templates", "r.modulation_type, lower(btrim(r.modulation_key))"),
    outcome: "are merged into one template",
  },
  {
    name: "of the type description",
    sql: "r.modulation_type = 'description'",
    outcome: "gets the type modulation",
  },
  {
    name: "a key with spaces or capitals",
    sql: "r.modulation_key <> lower(btrim(r.modulation_key)) OR r.modulation_key ~ '\\s'",
    outcome: "the key is normalised",
  },
];

const NARRATIONS: readonly Omit<Oddity, "table">[] = [
  {
    name: "of a user who does not exist",
    sql: "r.user_id NOT IN (SELECT u.id::text FROM public.users u)",
    outcome: "goes into quarantine; `quarantine retry` maps it if the user comes",
  },
  {
    name: "several of one story by one user",
    sql: double("story_narrations", "r.story_id, r.user_id"),
    outcome: "all are kept",
  },
  {
    name: "a duration of zero or less",
    sql: "r.total_duration <= 0",
    outcome: "the duration is unknown",
  },
  {
    name: "segments inside an object",
    sql: "jsonb_typeof(r.segments) = 'object' AND jsonb_typeof(r.segments -> 'segments') = 'array'",
    outcome: "are read; the original is kept",
  },
  {
    name: "segments as a text that holds JSON",
    sql: "jsonb_typeof(r.segments) = 'string'",
    outcome: "are read if they are whole, and otherwise go into quarantine",
  },
  {
    name: "an empty list of segments",
    sql: "r.items = '[]'",
    outcome: "is kept without lines",
  },
  {
    name: "no list of segments",
    sql: "r.items IS NULL AND jsonb_typeof(r.segments) <> 'string'",
    outcome: "goes into quarantine",
  },
  {
    name: "a segment that is only a text",
    sql: someItem('@.type() == "string"'),
    outcome: "becomes a line without emotion",
  },
  {
    name: "a segment without text",
    sql: someItem('@.type() == "object" && (!exists(@.text) || @.text == null)'),
    outcome: "becomes a line with an empty text; the original is kept",
  },
  {
    name: "an emotion with spaces or capitals",
    sql: someItem('@.emotion like_regex "^\\\\s|\\\\s$|[A-Z]"'),
    outcome: "the emotion is normalised; the original is kept",
  },
  {
    name: "sound in audio_files",
    sql: `r.audio_file_url LIKE 'audio://%' OR ${someItem('@.audioUrl like_regex "^audio://"')}`,
    outcome: "is played from there; backfill --audio moves it",
  },
  {
    name: "sound at a web address",
    sql: `r.audio_file_url ~* '^https?://' OR ${someItem('@.audioUrl like_regex "^https?://"')}`,
    outcome: "clients play the address; nothing is fetched",
  },
  {
    name: "sound at a path of the old server",
    sql: `r.audio_file_url LIKE '/%' OR ${someItem('@.audioUrl like_regex "^/"')}`,
    outcome: "clients play it if LEGACY_MEDIA_URL is set; nothing is fetched",
  },
];

const SAMPLES: readonly Omit<Oddity, "table">[] = [
  {
    name: "of no user",
    sql: "r.user_id IS NULL",
    outcome: "goes into quarantine: nobody can agree to its use",
  },
  {
    name: "a label without a template",
    sql: `lower(btrim(r.label)) NOT IN
      (SELECT lower(btrim(t.modulation_key)) FROM public.voice_modulation_templates t)`,
    outcome: "a template is made for the label",
  },
  {
    name: "the same label several times by one user",
    sql: `r.user_id IS NOT NULL AND ${double("user_voice_samples", "r.user_id, r.sample_type, lower(btrim(r.label))")}`,
    outcome: "all are kept",
  },
  {
    name: "locked by a training",
    sql: "r.is_locked IS TRUE",
    outcome: "is kept, and waits for the consent of its owner",
  },
];

const VOICES: readonly Oddity[] = [
  {
    table: "user_voice_profiles",
    name: "several of one user",
    sql: double("user_voice_profiles", "r.user_id"),
    outcome: "become several voices of that user",
  },
  {
    table: "user_emotion_voices",
    name: "a clone that several emotions share",
    sql: `r.elevenlabs_voice_id IS NOT NULL AND ${double("user_emotion_voices", "r.user_voice_profile_id, r.elevenlabs_voice_id")}`,
    outcome: "stays one clone",
  },
  {
    table: "user_emotion_voices",
    name: "completed without a clone",
    sql: `r.training_status = 'completed' AND ${isBlank("r.elevenlabs_voice_id")}`,
    outcome: "is not ready; the original state is kept",
  },
  {
    table: "user_emotion_voices",
    name: "never to be deleted",
    sql: "r.never_delete IS TRUE",
    outcome: "the mark is kept",
  },
];

const FILES: readonly Omit<Oddity, "table">[] = [
  {
    name: "a wrong file size",
    // Base64 has four characters for three bytes, and may have line feeds.
    sql: `r.file_size NOT BETWEEN floor(octet_length(r.audio_data) * 0.72) - 3
      AND ceil(octet_length(r.audio_data) * 0.75)`,
    outcome: "the size is counted anew; the original is kept",
  },
  {
    name: "no base64 in audio_data",
    // The beginning tells.
    sql: String.raw`left(r.audio_data, 300) !~ '^\s*(data:[^,]*;base64,)?[A-Za-z0-9+/\s]+={0,2}\s*$'`,
    outcome: "goes into quarantine; contract saves the row",
  },
];

const of = (table: LegacyTable, oddities: readonly Omit<Oddity, "table">[]): Oddity[] =>
  oddities.map((oddity) => ({ table, ...oddity }));

export const ODDITIES: readonly Oddity[] = [
  {
    table: "users",
    name: "neither active nor inactive",
    sql: "r.is_active IS NULL",
    outcome: "is active",
  },
  {
    table: "users",
    name: "without a date of creation",
    sql: "r.created_at IS NULL",
    outcome: "the date of the last change counts",
  },
  ...of("stories", STORIES),
  ...of("story_analyses", ANALYSES),
  ...of("voice_modulation_templates", TEMPLATES),
  ...of("story_narrations", NARRATIONS),
  ...of("user_voice_samples", SAMPLES),
  ...VOICES,
  ...of("audio_files", FILES),
];

/** Where the rows `r` of a table come from. Default: the table itself. */
export const ODDITY_SOURCES: Readonly<Partial<Record<LegacyTable, string>>> = {
  story_narrations: `(SELECT n.*, CASE WHEN jsonb_typeof(n.segments) = 'array' THEN n.segments
      WHEN jsonb_typeof(n.segments -> 'segments') = 'array' THEN n.segments -> 'segments' END AS items
    FROM public.story_narrations n)`,
};
