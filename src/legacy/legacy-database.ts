import type pg from "pg";

/** The tables of the legacy platform, in an order in which foreign keys point backwards. */
export const LEGACY_TABLES = [
  "users",
  "stories",
  "story_analyses",
  "voice_modulation_templates",
  "story_narrations",
  "user_voice_samples",
  "user_voice_profiles",
  "user_emotion_voices",
  "audio_files",
] as const;
export type LegacyTable = (typeof LEGACY_TABLES)[number];

/** Tables without which a database is not the legacy platform's. */
const MARKS: readonly LegacyTable[] = ["users", "stories", "story_narrations"];

export interface LegacyDatabase {
  readonly tables: readonly LegacyTable[];
  /** The role that owns the legacy tables. */
  readonly owner: string;
}

/** Returns null if the database is not that of the legacy platform. */
export async function findLegacyDatabase(client: pg.ClientBase): Promise<LegacyDatabase | null> {
  const { rows } = await client.query<{ name: LegacyTable; owner: string }>(
    `SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname = ANY ($1)`,
    [LEGACY_TABLES],
  );
  const found = new Map(rows.map(({ name, owner }) => [name, owner]));
  const owner = found.get("stories");
  if (owner === undefined || !MARKS.every((table) => found.has(table))) return null;
  return { owner, tables: LEGACY_TABLES.filter((table) => found.has(table)) };
}
