import type { LegacyTable } from "../../../../src/legacy/legacy-database.js";
import { LEGACY_OWNER, type LegacyTestDatabase } from "../../legacy-database.js";
import { hostileValues } from "./hostile-values.js";

/** A row of each table that the old application could have written. `users/u1`, story 1 and profile 1 exist. */
const ORDINARY: Readonly<Record<LegacyTable, Readonly<Record<string, unknown>>>> = {
  users: {},
  stories: {
    ...{ title: "A story", content: "The river rose.", category: "tale", upload_type: "text" },
    ...{ author_id: "u1", narrator_voice: "nova", status: "published", is_published: true },
  },
  story_analyses: {
    ...{ story_id: 1, analysis_type: "narrative", analysis_data: '{"summary": "It rises."}' },
    generated_by: "u1",
  },
  voice_modulation_templates: {
    ...{ modulation_type: "emotion", modulation_key: "calm", display_name: "Calm" },
    ...{ description: "Calm.", sample_text: "So calm." },
  },
  story_narrations: {
    ...{ story_id: 1, user_id: "u1", narrator_voice: "alloy", narrator_voice_type: "ai" },
    ...{ segments: '[{"text": "The river rose."}]', total_duration: 5 },
  },
  user_voice_samples: {
    ...{ user_id: "u1", sample_type: "emotion", label: "calm", audio_url: "a.mp3" },
  },
  user_voice_profiles: { user_id: "u1", profile_name: "Me", elevenlabs_voice_id: "vendor" },
  user_emotion_voices: { user_voice_profile_id: 1, emotion: "calm" },
  audio_files: { file_name: "a.mp3", audio_data: "AAAA", file_size: 3 },
};

/** Columns of foreign keys, which the legacy schema itself guards. */
const GUARDED = ["author_id", "generated_by", "story_id", "user_id", "user_voice_profile_id"];

export interface HostileWrite {
  readonly table: LegacyTable;
  readonly column: string;
  readonly value: string | null;
  readonly row: Readonly<Record<string, unknown>>;
}

/** One write for each column of each table and each value that somebody might have put there. */
export async function hostileWrites(legacy: LegacyTestDatabase): Promise<HostileWrite[]> {
  const columns = await legacy.superuser<{ table: LegacyTable; column: string; type: string }>(
    `SELECT c.table_name AS "table", c.column_name AS "column", c.data_type AS type
     FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = ANY ($1)
     ORDER BY array_position($1, c.table_name::text), c.ordinal_position`,
    [Object.keys(ORDINARY)],
  );
  return columns.flatMap(({ table, column, type }) => {
    const isGuarded = GUARDED.includes(column) && table !== "story_narrations";
    return (isGuarded ? [null] : hostileValues(type)).map((value, index) => {
      const own = table === "users" ? { id: `${column} ${index}` } : {};
      return { table, column, value, row: { ...own, ...ORDINARY[table], [column]: value } };
    });
  });
}

/** Inserts the row as the old application. Returns its id, or null if the legacy schema itself refuses the row. */
export async function writeHostile(
  legacy: LegacyTestDatabase,
  { table, row }: HostileWrite,
): Promise<string | null> {
  const names = Object.keys(row);
  const insert = `INSERT INTO public.${table} (${names.join(", ")})
    VALUES (${names.map((_, place) => `$${place + 1}`).join(", ")}) RETURNING id::text AS id`;
  const values = Object.values(row);
  if (!(await isAccepted(legacy, insert, values))) return null;
  const [inserted] = await legacy.old<{ id: string }>(insert, values);
  return inserted?.id ?? null;
}

/** True if the legacy schema takes the row when no trigger fires. */
async function isAccepted(
  { operator }: LegacyTestDatabase,
  insert: string,
  values: readonly unknown[],
): Promise<boolean> {
  await operator.query("BEGIN; SET LOCAL session_replication_role = replica");
  await operator.query(`SET LOCAL ROLE ${LEGACY_OWNER}`);
  try {
    await operator.query(insert, [...values]);
    return true;
  } catch {
    return false;
  } finally {
    await operator.query("ROLLBACK");
  }
}
