import { connect } from "../../src/legacy/connection.js";

/** The key of a row's template in place of its id: a template that the migration makes has any free id. */
const WITH_TEMPLATE = (table: string): string =>
  `SELECT to_jsonb(t) - 'template_id' || jsonb_build_object('template', m.modulation_type || m.modulation_key)
   FROM ${table} t JOIN reference.voice_modulation_templates m ON m.id = t.template_id`;

/** A narration that the migration derives from a story has any free id. */
const DERIVED = (id: string): string =>
  `EXISTS (SELECT FROM legacy_sync.id_map i WHERE i.kind = 'derived'
     AND i.target_table LIKE '%narrations' AND i.target_id = ${id}::text)`;

/** Everything that a migration makes, without what no two migrations have in common. */
const CONTENTS: Readonly<Record<string, string>> = {
  users: "SELECT to_jsonb(t) - 'public_id' FROM platform.users t",
  texts: "SELECT to_jsonb(t) - 'created_at' FROM reference.story_texts t",
  stories: "SELECT to_jsonb(t) - 'row_version' FROM reference.stories t",
  analyses:
    "SELECT to_jsonb(t) - '{id,row_version,created_at,completed_at}'::text[] FROM reference.story_analyses t",
  templates:
    "SELECT to_jsonb(t) - '{id,row_version,created_at,updated_at}'::text[] FROM reference.voice_modulation_templates t",
  voices: "SELECT to_jsonb(t) FROM instances.user_voices t",
  emotionVoices: WITH_TEMPLATE("instances.user_emotion_voices"),
  samples: WITH_TEMPLATE("instances.user_voice_samples"),
  // A key begins with the public id of its user, which no two migrations have in common.
  sounds: `SELECT to_jsonb(t) - 'blob_key' || jsonb_build_object('sha256', right(t.blob_key, 64))
    FROM instances.user_legacy_sounds t`,
  narrations: `SELECT CASE WHEN ${DERIVED("t.id")} THEN to_jsonb(t) - 'id' ELSE to_jsonb(t) END
    FROM instances.user_story_narrations t`,
  segments: `SELECT to_jsonb(t) FROM instances.user_narration_segments t WHERE NOT ${DERIVED("t.narration_id")}`,
  quarantine: "SELECT to_jsonb(t) - 'created_at' FROM legacy_sync.quarantine t",
};

/** Returns a checksum of each kind of row. */
export async function checksums(url: string): Promise<Readonly<Record<string, string>>> {
  const client = await connect(url);
  try {
    const found: Record<string, string> = {};
    for (const [name, query] of Object.entries(CONTENTS)) {
      const { rows } = await client.query<{ sum: string }>(
        `SELECT count(*) || ' ' || coalesce(sum(hashtextextended(r.row::text, 0)), 0) AS sum FROM (${query}) r (row)`,
      );
      found[name] = rows[0]?.sum ?? "";
    }
    return found;
  } finally {
    await client.end();
  }
}
