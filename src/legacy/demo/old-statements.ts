/** A source of random numbers from 0 to 1, without 1. */
export type Random = () => number;

/** One kind of statement that the old application issues. */
export interface OldStatement {
  /** For example "change a narration". */
  readonly name: string;
  readonly sql: string;
  readonly values: (random: Random) => readonly unknown[];
}

const pick = <T>(options: readonly T[], random: Random): T | undefined =>
  options[Math.floor(random() * options.length)];
const count = (most: number, random: Random): number => 1 + Math.floor(random() * most);
const nothing = (): readonly unknown[] => [];

const EMOTIONS = ["neutral", "Happy ", "joy", "fear", null];
const WORDS = "The ferry left the harbour before dawn and nobody looked back".split(" ");
const sentence = (random: Random): string =>
  `${Array.from({ length: count(9, random) }, () => pick(WORDS, random)).join(" ")}.`;
const segments = (random: Random): string =>
  JSON.stringify(
    Array.from({ length: count(4, random) }, () => ({
      text: sentence(random),
      emotion: pick(EMOTIONS, random),
    })),
  );

/** A row that exists, chosen at random among the first rows of a table. */
const someOf = (table: string): string =>
  `(SELECT id FROM ${table} ORDER BY id OFFSET floor($1::float8 * least(40, (SELECT count(*) FROM ${table}))) LIMIT 1)`;
const place = (random: Random): readonly unknown[] => [random()];

const statement = (
  name: string,
  sql: string,
  values: OldStatement["values"] = nothing,
): OldStatement => ({ name, sql, values });

/** The statements that the old application issues most of the time. They meet the same 40 rows of a table. */
export const DAILY_STATEMENTS: readonly OldStatement[] = [
  statement(
    "register a user",
    "INSERT INTO users (id, email, display_name) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET last_login_at = now()",
    (random) => {
      const id = `user-${count(40, random)}`;
      return [id, `${id}@mail.example.org`, `Reader ${id}`];
    },
  ),
  statement(
    "log in",
    `UPDATE users SET last_login_at = now(), updated_at = now() WHERE id = ${someOf("users")}`,
    place,
  ),
  statement(
    "write a story",
    `INSERT INTO stories (title, content, category, author_id, upload_type, status, is_published)
     VALUES ($2, $3, 'fiction', ${someOf("users")}, 'text', $4, $5)`,
    (random) => {
      const isPublished = random() < 0.5;
      return [
        ...[random(), sentence(random), `${sentence(random)}\n\n${sentence(random)}`],
        ...[isPublished ? "published" : "draft", isPublished],
      ];
    },
  ),
  statement(
    "change a story",
    `UPDATE stories SET title = $2, content = content || $3, updated_at = now() WHERE id = ${someOf("stories")}`,
    (random) => [random(), sentence(random), ` ${sentence(random)}`],
  ),
  statement(
    "count a view",
    `UPDATE stories SET view_count = view_count + 1 WHERE id = ${someOf("stories")}`,
    place,
  ),
  statement(
    "publish a story",
    `UPDATE stories SET is_published = true, is_public = true, status = 'published', published_at = now() WHERE id = ${someOf("stories")}`,
    place,
  ),
  statement(
    "take a story back",
    `UPDATE stories SET is_published = false, is_public = false, status = 'draft' WHERE id = ${someOf("stories")}`,
    place,
  ),
  statement(
    "make a narration",
    `INSERT INTO story_narrations (story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     SELECT ${someOf("stories")}, u.id, $2, 'ai', $3::jsonb, 1200 FROM (SELECT id FROM users ORDER BY id LIMIT 1) u`,
    (random) => [random(), pick(["alloy", "nova"], random), segments(random)],
  ),
  statement(
    "change a narration",
    `UPDATE story_narrations SET segments = $2::jsonb, updated_at = now() WHERE id = ${someOf("story_narrations")}`,
    (random) => [random(), segments(random)],
  ),
  statement(
    "choose another narrator",
    `UPDATE story_narrations SET narrator_voice = $2 WHERE id = ${someOf("story_narrations")}`,
    (random) => [random(), pick(["alloy", "nova", "Shimmer"], random)],
  ),
  statement(
    "delete a narration",
    `DELETE FROM story_narrations WHERE id = ${someOf("story_narrations")} AND id % 5 = 0`,
    place,
  ),
  statement(
    "list the stories",
    "SELECT id, title, narrator_voice FROM stories WHERE is_published ORDER BY created_at DESC LIMIT 20",
  ),
  statement(
    "read a narration",
    `SELECT * FROM story_narrations WHERE id = ${someOf("story_narrations")}`,
    place,
  ),
];

/** Statements on the other tables, each of which the old application issues now and then. */
export const RARE_STATEMENTS: readonly OldStatement[] = [
  statement(
    "store an analysis",
    `INSERT INTO story_analyses (story_id, analysis_type, analysis_data, generated_by)
     SELECT ${someOf("stories")}, 'narrative', '{"characters": [{"name": "Mara"}], "summary": "A ferry."}', u.id
     FROM (SELECT id FROM users ORDER BY id LIMIT 1) u`,
    place,
  ),
  statement(
    "correct an analysis",
    `UPDATE story_analyses SET analysis_data = '{"characters": []}', updated_at = now() WHERE id = ${someOf("story_analyses")}`,
    place,
  ),
  statement(
    "drop an analysis",
    `DELETE FROM story_analyses WHERE id = ${someOf("story_analyses")} AND id % 3 = 0`,
    place,
  ),
  statement(
    "add a template",
    `INSERT INTO voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES ('emotion', $1, $1, 'New.', 'Say it.')`,
    (random) => [pick(["Longing ", "calm", "happy"], random)],
  ),
  statement(
    "change a template",
    `UPDATE voice_modulation_templates SET sort_order = sort_order + 1, updated_at = now() WHERE id = ${someOf("voice_modulation_templates")}`,
    place,
  ),
  statement(
    "record a sample",
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url) VALUES (${someOf("users")}, 'emotion', $2, 'audio://1')`,
    (random) => [random(), pick(["happy", "Happy ", "sad"], random)],
  ),
  statement(
    "lock a sample",
    `UPDATE user_voice_samples SET is_locked = true, locked_at = now() WHERE id = ${someOf("user_voice_samples")}`,
    place,
  ),
  statement(
    "delete a sample",
    `DELETE FROM user_voice_samples WHERE id = ${someOf("user_voice_samples")} AND id % 4 = 0`,
    place,
  ),
  statement(
    "add a voice profile",
    `INSERT INTO user_voice_profiles (user_id, profile_name, elevenlabs_voice_id) VALUES (${someOf("users")}, 'Mine', $2)`,
    (random) => [random(), `vendor-${count(9, random)}`],
  ),
  statement(
    "train an emotion voice",
    `INSERT INTO user_emotion_voices (user_voice_profile_id, emotion, training_status)
     SELECT ${someOf("user_voice_profiles")}, $2, 'pending'`,
    (random) => [random(), pick(["happy", "sad"], random)],
  ),
  statement(
    "end a training",
    `UPDATE user_emotion_voices SET training_status = 'completed', elevenlabs_voice_id = 'vendor-1', updated_at = now()
     WHERE id = ${someOf("user_emotion_voices")}`,
    place,
  ),
  statement(
    "delete an emotion voice",
    `DELETE FROM user_emotion_voices WHERE id = ${someOf("user_emotion_voices")} AND id % 3 = 0`,
    place,
  ),
  statement(
    "store a sound",
    "INSERT INTO audio_files (file_name, audio_data, file_size) VALUES ('new.mp3', 'AAAA', 3)",
  ),
  statement(
    "delete a sound",
    `DELETE FROM audio_files WHERE id = ${someOf("audio_files")} AND id % 7 = 0`,
    place,
  ),
];
