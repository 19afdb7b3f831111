import type pg from "pg";
import { Role } from "../../platform/database/connection/settings.js";
import { SYNC_ROLE, quoted } from "../connection.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { detach, whenLockIsFree } from "../sync/attach.js";
import { OUR_SCHEMAS } from "../sync/install.js";
import { uninstall } from "../sync/uninstall.js";
import { type ExportedFile, makeExportFolder, writeFiles } from "./export.js";

/** All schemas of ours, with the queue. */
const ALL_SCHEMAS = ["access", "jobs", "instances", "reference", "platform"];

const lacks = (table: string, key: string): string =>
  `NOT EXISTS (SELECT FROM legacy_sync.rows_of_${table}(ARRAY[${key}::text]))`;

/**
 * The rows of our mapped tables that the legacy tables do not hold: they have no legacy row, or values that the
 * legacy row cannot hold.
 */
const OWN_ROWS: Readonly<Record<string, string>> = {
  "platform.users": lacks("users", "t.id"),
  "reference.stories": lacks("stories", "t.id"),
  "reference.story_texts": `EXISTS (SELECT FROM reference.stories s
    WHERE s.content_hash = t.content_hash AND ${lacks("stories", "s.id")})`,
  "reference.story_analyses": "t.analyzer_id <> 'legacy'",
  "reference.voice_modulation_templates": lacks("voice_modulation_templates", "t.id"),
  "instances.user_story_narrations": `${lacks("story_narrations", "t.id")} OR num_nonnulls(t.title, t.analysis_id,
    t.audio, t.audio_blob_key, t.forked_from, t.share_token, t.failure, t.rendered_script_hash) > 0
    OR t.voice_cast <> '[]' OR t.voice_modifications <> '{}' OR t.edition > 0`,
  "instances.user_narration_segments": `${lacks("story_narrations", "t.narration_id")} OR t.is_edited
    OR num_nonnulls(t.story_position, t.voice, t.prosody, t.pause_after_ms, t.recipe_key) > 0`,
  "instances.user_voice_samples": `${lacks("user_voice_samples", "t.id")} OR num_nonnulls(t.consent_id, t.blob_key) > 0`,
  "instances.user_voices": lacks("user_voice_profiles", "t.id"),
  "instances.user_emotion_voices": `${lacks("user_emotion_voices", "t.id")}
    OR num_nonnulls(t.consent_id, t.model_blob_key) > 0`,
};

/** Tables without anything that somebody made. */
const EPHEMERAL = ["platform.migrations", "platform.cost_buckets", "instances.idempotency_keys"];

/**
 * Exports what the legacy tables cannot hold, then drops the transition and our schemas. One transaction does both,
 * so nothing is dropped that is not exported. Returns the number of rows of each file.
 */
export async function purge(
  client: pg.Client,
  legacy: LegacyDatabase,
  folder: string,
): Promise<ReadonlyMap<string, number>> {
  makeExportFolder(folder);
  // First, and on its own: the export must not hold locks on the legacy tables.
  await detach(client, legacy);
  const tables = await ourTables(client);
  let written: ReadonlyMap<string, number> = new Map();
  await whenLockIsFree(client, "of our schemas", async () => {
    await client.query(`SET LOCAL ROLE ${Role.Owner}`);
    await client.query(`LOCK TABLE ${tables.join(", ")} IN ACCESS EXCLUSIVE MODE`);
    await client.query("RESET ROLE");
    written = await writeFiles(client, folder, tables.flatMap(fileOf));
    await uninstall(client, legacy);
    await dropSchemas(client);
  });
  return written;
}

async function ourTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', t.schemaname, t.tablename) AS name FROM pg_tables t
     WHERE t.schemaname = ANY ($1) ORDER BY 1`,
    [OUR_SCHEMAS.split(", ")],
  );
  return rows.map(({ name }) => name);
}

function fileOf(table: string): ExportedFile[] {
  if (EPHEMERAL.includes(table)) return [];
  const sql = `SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE ${OWN_ROWS[table] ?? "true"}`;
  return [{ name: table, role: SYNC_ROLE, sql }];
}

async function dropSchemas(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; owner: string }>(
    `SELECT n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner FROM pg_namespace n
     WHERE n.nspname = ANY ($1) ORDER BY array_position($1, n.nspname::text)`,
    [ALL_SCHEMAS],
  );
  for (const { name, owner } of rows) {
    await client.query(`SET LOCAL ROLE ${quoted(owner)}`);
    await client.query(`DROP SCHEMA ${quoted(name)} CASCADE`);
    await client.query("RESET ROLE");
  }
}
