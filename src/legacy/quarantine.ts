import type pg from "pg";
import { SYNC_ROLE, inTransactionAs, isAboutData } from "./connection.js";
import { LEGACY_TABLES, type LegacyDatabase } from "./legacy-database.js";
import type { Pair } from "./pairs.js";

/** Reasons that may be gone when a backfill ends: other transactions, and rows that were not copied yet. */
export const WAITING_REASONS: readonly string[] = [
  ...["busy", "no_user", "no_story", "no_profile", "no_text", "no_reference"],
];

/** SQL that is true for a row that no person needs to look at, because the unfinished backfill maps it again. */
export const WAITS = `q.reason IN (${WAITING_REASONS.map((reason) => `'${reason}'`).join(", ")})
  AND (SELECT s.backfilled_at IS NULL FROM legacy_sync.settings s)`;

/** A legacy row that has no place in the new model. */
export interface QuarantinedRow {
  /** The table and the id of the legacy row, for example stories/7. */
  readonly id: string;
  readonly table: string;
  readonly sourceId: string;
  readonly userId: string | null;
  /** A word, for example no_user. */
  readonly reason: string;
  /** A sentence for a person. */
  readonly detail: string | null;
  readonly since: string;
  /** True if the backfill, which has not ended, maps the row again. */
  readonly waits: boolean;
}

const COLUMNS = `q.source_table || '/' || q.source_id AS id, q.source_table AS "table", q.source_id AS "sourceId",
  q.user_id AS "userId", q.reason, q.detail, q.created_at::text AS since, ${WAITS} AS waits`;

/** Returns all rows in quarantine, or the row with this id. */
export const readQuarantine = (client: pg.Client, id: string | null): Promise<QuarantinedRow[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<QuarantinedRow>(
      `SELECT ${COLUMNS} FROM legacy_sync.quarantine q
       WHERE $1::text IS NULL OR q.source_table || '/' || q.source_id = $1
       ORDER BY q.source_table, length(q.source_id), q.source_id`,
      [id],
    );
    return rows;
  });

/** Returns the legacy row of a row in quarantine, or null if the old application has deleted the row. */
export async function readLegacyRow(
  client: pg.Client,
  { owner }: LegacyDatabase,
  { table, sourceId }: QuarantinedRow,
): Promise<object | null> {
  const known = LEGACY_TABLES.find((name) => name === table);
  if (known === undefined) return null;
  return inTransactionAs(client, owner, async () => {
    const { rows } = await client.query<{ row: object }>(
      `SELECT to_jsonb(t) AS row FROM public.${known} t WHERE t.id = $1`,
      [sourceId],
    );
    return rows[0]?.row ?? null;
  });
}

/** Maps a legacy row again. Returns true if the row has left the quarantine. */
export async function retryRow(
  client: pg.Client,
  { name }: Pair,
  { id, sourceId }: QuarantinedRow,
): Promise<boolean> {
  try {
    await inTransactionAs(client, SYNC_ROLE, async () => {
      await client.query("SET LOCAL lock_timeout = '500ms'");
      await client.query(`SELECT legacy_sync.repair_${name}($1)`, [sourceId]);
    });
  } catch (error) {
    if (!isAboutData(error)) throw error;
  }
  return (await readQuarantine(client, id)).length === 0;
}
