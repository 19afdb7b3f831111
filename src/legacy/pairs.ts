import type pg from "pg";
import type { LegacyTable } from "./legacy-database.js";

/** A legacy table and our tables that hold its rows. */
export interface Pair {
  /** In the names of the SQL functions of the pair, and of its queries in `verify/sql`. */
  readonly name: string;
  readonly table: LegacyTable;
  readonly targets: readonly string[];
  /**
   * True if several lanes may copy ranges of the table at the same time. The SQL function `cut_<name>` chooses the
   * ranges, and `backfill_<name>` and `read_<name>` take the last key of a range.
   */
  readonly isCut?: boolean;
}

/** The pairs in the order of the backfill and of the verification. Foreign keys point backwards. */
export const PAIRS: readonly Pair[] = [
  { name: "users", table: "users", targets: ["platform.users"] },
  {
    name: "templates",
    table: "voice_modulation_templates",
    targets: ["reference.voice_modulation_templates"],
  },
  // Before the rows that have links to the files.
  { name: "sounds", table: "audio_files", targets: ["instances.user_legacy_sounds"] },
  { name: "stories", table: "stories", targets: ["reference.stories", "reference.story_texts"] },
  { name: "analyses", table: "story_analyses", targets: ["reference.story_analyses"] },
  { name: "profiles", table: "user_voice_profiles", targets: ["instances.user_voices"] },
  {
    name: "emotion_voices",
    table: "user_emotion_voices",
    targets: ["instances.user_emotion_voices"],
  },
  { name: "samples", table: "user_voice_samples", targets: ["instances.user_voice_samples"] },
  {
    name: "narrations",
    table: "story_narrations",
    targets: ["instances.user_story_narrations", "instances.user_narration_segments"],
    isCut: true,
  },
];

/** Returns the pairs whose functions are installed and whose legacy table exists. */
export async function installedPairs(
  client: pg.Client,
  tables: readonly LegacyTable[],
): Promise<Pair[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'legacy_sync'`,
  );
  const functions = new Set(rows.map(({ name }) => name));
  return PAIRS.filter(
    ({ name, table }) => functions.has(`backfill_${name}`) && tables.includes(table),
  );
}
