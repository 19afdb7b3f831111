import type { LegacyTestDatabase } from "./legacy-database.js";

/** Makes users and stories of the old application, which narrations need. */
export async function givenStories(
  legacy: LegacyTestDatabase,
  { users = ["u1", "u2"], stories = 2 } = {},
): Promise<void> {
  await legacy.old("INSERT INTO users (id) SELECT unnest($1::text[])", [users]);
  await legacy.old(
    `INSERT INTO stories (title, content, category, upload_type, author_id, is_published, status)
     SELECT 'Story ' || n, 'The river rose. Nobody slept. ' || n, 'tale', 'text', $1, true, 'published'
     FROM generate_series(1, $2::int) n ORDER BY n`,
    [users[0], stories],
  );
}

export interface LegacyNarration {
  readonly id?: number;
  readonly user?: string;
  readonly story?: number;
  readonly voice?: string;
  readonly type?: string;
  readonly segments?: unknown;
  readonly duration?: number;
  readonly audio?: string | null;
}

const DEFAULTS = { user: "u1", story: 1, voice: "alloy", type: "ai", segments: [], duration: 0 };

/** Inserts a narration as the old application does. Returns its id. */
export async function oldNarration(
  { old }: LegacyTestDatabase,
  about: LegacyNarration = {},
): Promise<number> {
  const row = { ...DEFAULTS, ...about };
  const [inserted] = await old<{ id: number }>(
    `INSERT INTO story_narrations (id, story_id, user_id, narrator_voice, narrator_voice_type, segments,
       total_duration, audio_file_url)
     VALUES (coalesce($1, nextval('story_narrations_id_seq')), $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
    [
      ...[row.id, row.story, row.user, row.voice, row.type],
      ...[JSON.stringify(row.segments), row.duration, row.audio],
    ],
  );
  return inserted?.id ?? 0;
}
