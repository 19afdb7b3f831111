import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import type { Pair } from "../pairs.js";

/** How far the backfill of a pair is. */
export interface Checkpoint {
  readonly pair: string;
  readonly lastKey: string | null;
  /** The legacy rows that were read. */
  readonly taken: number;
  /** The rows that the backfill itself wrote. The triggers write rows too. */
  readonly written: number;
  readonly isDone: boolean;
}

const COLUMNS = `c.pair, c.last_key AS "lastKey", c.taken::float8 AS taken, c.written::float8 AS written,
  c.is_done AS "isDone"`;

export const readCheckpoints = (client: pg.Client): Promise<Checkpoint[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<Checkpoint>(
      `SELECT ${COLUMNS} FROM legacy_sync.checkpoints c`,
    );
    return rows;
  });

export interface Batch {
  readonly lastKey: string | null;
  readonly taken: number;
  readonly written: number;
}

export interface Noted extends Checkpoint {
  /** True if a person has asked for a pause. */
  readonly isPaused: boolean;
}

/** Adds a batch to the checkpoint, in the transaction of the batch. A batch without a last key was the last one. */
export async function noteBatch(
  client: pg.Client,
  { name }: Pair,
  { lastKey, taken, written }: Batch,
): Promise<Noted> {
  const { rows } = await client.query<Noted>(
    `INSERT INTO legacy_sync.checkpoints AS c (pair, last_key, taken, written, is_done)
     VALUES ($1, $2::text, $3, $4, $2::text IS NULL)
     ON CONFLICT (pair) DO UPDATE SET
       last_key = coalesce(EXCLUDED.last_key, c.last_key), taken = c.taken + EXCLUDED.taken,
       written = c.written + EXCLUDED.written, is_done = EXCLUDED.is_done, updated_at = now()
     RETURNING ${COLUMNS}, (SELECT s.is_paused FROM legacy_sync.settings s) AS "isPaused"`,
    [name, lastKey, taken, written],
  );
  const [noted] = rows;
  if (!noted) throw new Error(`The checkpoint of ${name} was not stored.`);
  return noted;
}

/** Lets the next backfill read all rows again. */
export const restartCheckpoints = (client: pg.Client): Promise<void> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    await client.query(
      "UPDATE legacy_sync.checkpoints SET last_key = NULL, taken = 0, is_done = false, updated_at = now()",
    );
  });
