import type pg from "pg";
import { Role } from "../../platform/database/connection/settings.js";
import { ACTING, Actor, SYNC_ROLE, inTransaction, quoted, sqlStateOf } from "../connection.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { readParts } from "./parts.js";

/** Our tables that the transition writes. It reads all of them, for verification and export. */
const OUR_TABLES = [
  "platform.users",
  "platform.pending_scripts",
  "reference.story_texts",
  "reference.stories",
  "reference.story_analyses",
  "reference.voice_modulation_templates",
  "reference.published_narrations",
  "reference.published_narration_segments",
  "instances.user_story_narrations",
  "instances.user_narration_segments",
  "instances.user_legacy_sounds",
  "instances.user_voice_samples",
  "instances.user_voices",
  "instances.user_emotion_voices",
  "instances.listening_positions",
] as const;

export const OUR_SCHEMAS = "platform, reference, instances";

/** Returns true if `legacy_sync` exists. */
export async function isInstalled(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query("SELECT FROM pg_namespace WHERE nspname = 'legacy_sync'");
  return rows.length > 0;
}

export interface Installation {
  readonly legacy: LegacyDatabase;
  /** The zone of the legacy timestamps, for example UTC or Europe/Berlin. */
  readonly timeZone: string;
}

/**
 * Creates `legacy_sync` beside the legacy tables and our tables, in one transaction. No legacy table changes,
 * and no right on a legacy table is given: functions that touch one belong to its owner.
 */
export async function install(
  client: pg.Client,
  { legacy, timeZone }: Installation,
): Promise<void> {
  await ensureSyncRole(client);
  await inTransaction(client, async () => {
    await client.query("SET LOCAL lock_timeout = '500ms'");
    await client.query(`CREATE SCHEMA legacy_sync AUTHORIZATION ${SYNC_ROLE}`);
    await openOurTables(client);
    const actors = actorsOf(legacy);
    await as(client, SYNC_ROLE, [
      `GRANT USAGE, CREATE ON SCHEMA legacy_sync TO ${quoted(legacy.owner)}`,
      `GRANT USAGE ON SCHEMA legacy_sync TO ${Role.Owner}, ${Role.App}`,
    ]);
    for (const { actor, sql } of readParts().sections) await as(client, actors[actor], [sql]);
    for (const actor of [SYNC_ROLE, legacy.owner]) await as(client, actor, [CLOSE_FUNCTIONS]);
    await as(client, SYNC_ROLE, [
      `REVOKE CREATE ON SCHEMA legacy_sync FROM ${quoted(legacy.owner)}`,
    ]);
    await client.query("INSERT INTO legacy_sync.settings (time_zone) VALUES ($1)", [timeZone]);
  });
}

/** The database role of each actor. */
export const actorsOf = ({ owner }: LegacyDatabase): Readonly<Record<Actor, string>> => ({
  [Actor.Sync]: SYNC_ROLE,
  [Actor.Legacy]: owner,
  [Actor.Owner]: Role.Owner,
});

/** Runs statements as a role. */
async function as(client: pg.Client, role: string, statements: readonly string[]): Promise<void> {
  await client.query(`SET ROLE ${quoted(role)}`);
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.query("RESET ROLE").catch(() => undefined);
  }
}

async function ensureSyncRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [SYNC_ROLE]);
  if (rows.length === 0) await createSyncRole(client);
  const { rows: acting } = await client.query<{ acts: boolean }>(
    `SELECT pg_has_role($1, ${ACTING}) AS acts`,
    [SYNC_ROLE],
  );
  if (!acting[0]?.acts) await client.query(`GRANT ${SYNC_ROLE} TO CURRENT_USER`);
}

/** Roles belong to the whole server, where another database may be expanded at the same time. */
async function createSyncRole(client: pg.Client): Promise<void> {
  try {
    await client.query(`CREATE ROLE ${SYNC_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS`);
  } catch (error) {
    if (!EXISTS_ALREADY.has(sqlStateOf(error) ?? "")) throw error;
  }
}

/** Duplicate object, unique violation. */
const EXISTS_ALREADY: ReadonlySet<string> = new Set(["42710", "23505"]);

/** Row-level security lets the transition see all rows. It has no right to bypass row-level security. */
async function openOurTables(client: pg.Client): Promise<void> {
  const tables = OUR_TABLES.join(", ");
  await as(client, Role.Owner, [
    `GRANT USAGE ON SCHEMA ${OUR_SCHEMAS} TO ${SYNC_ROLE}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${OUR_SCHEMAS} TO ${SYNC_ROLE}`,
    `GRANT INSERT, UPDATE, DELETE ON ${tables} TO ${SYNC_ROLE}`,
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA reference, instances TO ${SYNC_ROLE}`,
    OPEN_ROWS,
  ]);
}

/** Lets the transition see and write all rows of our tables, as far as it has rights on them. */
const OPEN_ROWS = `DO $$
DECLARE t regclass;
BEGIN
  FOR t IN SELECT c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text
    = ANY (string_to_array('${OUR_SCHEMAS}', ', '))
  LOOP
    EXECUTE format('CREATE POLICY legacy_sync ON %s TO ${SYNC_ROLE} USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$`;

/** Lets only the transition call the functions of the current role. */
const CLOSE_FUNCTIONS = `DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'legacy_sync' AND p.proowner = current_user::regrole
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${SYNC_ROLE}, ${Role.Owner}', f);
  END LOOP;
END $$`;
