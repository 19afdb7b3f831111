import type pg from "pg";
import { Role } from "../../platform/database/connection/settings.js";
import { SYNC_ROLE, quoted } from "../connection.js";
import type { LegacyDatabase, LegacyTable } from "../legacy-database.js";
import { attachedTriggers } from "./attach.js";
import { OUR_SCHEMAS, actorsOf } from "./install.js";

/** A table of ours that counts its ids with the legacy sequence during the transition. */
interface CountedTable {
  /** `schema.table` */
  readonly table: string;
  /** The sequence that the table has in a fresh install. */
  readonly sequence: string;
  readonly legacy: LegacyTable;
}

const COUNTED_TABLES: readonly CountedTable[] = [
  { table: "reference.stories", sequence: "reference.stories_id_seq", legacy: "stories" },
  {
    table: "reference.story_analyses",
    sequence: "reference.story_analyses_id_seq",
    legacy: "story_analyses",
  },
  {
    table: "reference.voice_modulation_templates",
    sequence: "reference.voice_modulation_templates_id_seq",
    legacy: "voice_modulation_templates",
  },
  {
    table: "instances.user_story_narrations",
    sequence: "instances.narration_ids",
    legacy: "story_narrations",
  },
  {
    table: "instances.user_voice_samples",
    sequence: "instances.sample_ids",
    legacy: "user_voice_samples",
  },
  {
    table: "instances.user_voices",
    sequence: "instances.voice_ids",
    legacy: "user_voice_profiles",
  },
  {
    table: "instances.user_emotion_voices",
    sequence: "instances.voice_ids",
    legacy: "user_emotion_voices",
  },
];

/** Lets our tables count their ids on their own, above all ids of the legacy tables. Needs a transaction. */
export async function countOnOurOwn(client: pg.Client, legacy: LegacyDatabase): Promise<void> {
  for (const counted of COUNTED_TABLES) {
    const highest = [
      await asRole(client, SYNC_ROLE, `SELECT max(t.id) AS id FROM ${counted.table} t`),
      await legacyId(client, legacy, counted.legacy),
    ];
    await asRole(
      client,
      Role.Owner,
      `SELECT setval('${counted.sequence}', greatest(s.last_value, ${highest.join(", ")}), true) AS id
       FROM ${counted.sequence} s`,
    );
    await asRole(
      client,
      Role.Owner,
      `ALTER TABLE ${counted.table} ALTER id SET DEFAULT nextval('${counted.sequence}')`,
    );
  }
}

/** Returns the last id that the sequence of a legacy table has given. */
async function legacyId(
  client: pg.Client,
  { owner, tables }: LegacyDatabase,
  table: LegacyTable,
): Promise<string> {
  if (!tables.includes(table)) return "0";
  const sequence = `pg_get_serial_sequence('public.${table}', 'id')`;
  return asRole(
    client,
    owner,
    `SELECT greatest((SELECT s.last_value FROM pg_sequences s
         WHERE format('%I.%I', s.schemaname, s.sequencename) = ${sequence}),
       (SELECT max(t.id) FROM public.${table} t)) AS id`,
  );
}

/** Removes every object and right of the transition. Needs a transaction. The legacy tables stay. */
export async function uninstall(client: pg.Client, legacy: LegacyDatabase): Promise<void> {
  const actors = actorsOf(legacy);
  for (const { trigger, table } of await attachedTriggers(client)) {
    const actor = table.startsWith("public.") ? "legacy" : "owner";
    await asRole(client, actors[actor], `DROP TRIGGER ${quoted(trigger)} ON ${table}`);
  }
  await asRole(client, Role.Owner, CLOSE_TABLES);
  await asRole(client, SYNC_ROLE, "DROP SCHEMA legacy_sync CASCADE");
}

const CLOSE_TABLES = `DO $$
DECLARE p record;
BEGIN
  FOR p IN SELECT o.polrelid::regclass AS "table" FROM pg_policy o WHERE o.polname = 'legacy_sync' LOOP
    EXECUTE format('DROP POLICY legacy_sync ON %s', p.table);
  END LOOP;
  FOR p IN SELECT c.oid::regclass AS index FROM pg_class c
    WHERE c.relkind = 'i' AND starts_with(c.relname, 'legacy_sync_') LOOP
    EXECUTE format('DROP INDEX %s', p.index);
  END LOOP;
  REVOKE ALL ON ALL TABLES IN SCHEMA ${OUR_SCHEMAS} FROM ${SYNC_ROLE};
  REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${OUR_SCHEMAS} FROM ${SYNC_ROLE};
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${OUR_SCHEMAS} FROM ${SYNC_ROLE};
  REVOKE ALL ON SCHEMA ${OUR_SCHEMAS} FROM ${SYNC_ROLE};
END $$`;

/** Runs one statement as a role, within a transaction. Returns the column `id` of its first row, or 0. */
async function asRole(client: pg.Client, role: string, sql: string): Promise<string> {
  await client.query(`SET LOCAL ROLE ${quoted(role)}`);
  const { rows } = await client.query<{ id: string | null }>(sql);
  await client.query("RESET ROLE");
  return rows[0]?.id ?? "0";
}
