import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import type { Pair } from "../pairs.js";

/** More parts than lanes: a lane that is ahead takes the next part. */
const PARTS = 16;

export interface Progress {
  /** The legacy rows that were read. */
  readonly taken: number;
  /** The rows that the backfill itself wrote. The triggers write rows too. */
  readonly written: number;
}

/** How far the backfill of a pair is. */
export interface Checkpoint extends Progress {
  readonly pair: string;
  readonly isDone: boolean;
}

/** A range of keys of a pair's legacy table, and how far its backfill is. */
export interface Part extends Progress {
  readonly nr: number;
  /** The first key is later than this key. null: the first part. */
  readonly after: string | null;
  /** The last possible key. null: the last part. */
  readonly until: string | null;
  /** The key of the last row that was read. null before the first batch. */
  readonly lastKey: string | null;
  readonly isDone: boolean;
}

const PROGRESS = "c.taken::float8 AS taken, c.written::float8 AS written";
const PART = `c.nr, c.after, c.until, c.last_key AS "lastKey", c.is_done AS "isDone", ${PROGRESS}`;

export const readCheckpoints = (client: pg.Client): Promise<Checkpoint[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<Checkpoint>(
      `SELECT c.pair, sum(c.taken)::float8 AS taken, sum(c.written)::float8 AS written, bool_and(c.is_done) AS "isDone"
       FROM legacy_sync.checkpoints c GROUP BY c.pair`,
    );
    return rows;
  });

/** Reads the parts of a pair. Before its first backfill, cuts its legacy table into parts. */
export const openParts = (client: pg.Client, pair: Pair): Promise<Part[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<Part>(
      `SELECT ${PART} FROM legacy_sync.checkpoints c WHERE c.pair = $1 ORDER BY c.nr`,
      [pair.name],
    );
    return rows.length > 0 ? rows : makeParts(client, pair);
  });

async function makeParts(client: pg.Client, { name, isCut }: Pair): Promise<Part[]> {
  const ranges = isCut ? `legacy_sync.cut_${name}(${PARTS})` : "(VALUES (1, NULL, NULL))";
  const { rows } = await client.query<Part>(
    `INSERT INTO legacy_sync.checkpoints AS c (pair, nr, after, until)
     SELECT $1, r.nr, r.after, r.until FROM ${ranges} r (nr, after, until) ORDER BY r.nr
     RETURNING ${PART}`,
    [name],
  );
  return rows;
}

/** Rows of one batch. */
export interface Batch extends Progress {
  /** null if no row was left. */
  readonly lastKey: string | null;
}

export interface Noted {
  readonly batch: Batch;
  readonly lastKey: string | null;
  readonly isDone: boolean;
  /** True if a person has asked for a pause. */
  readonly isPaused: boolean;
}

/** Adds a batch to the checkpoint, in the transaction of the batch. A batch without a last key was the last one. */
export async function noteBatch(
  client: pg.Client,
  { name }: Pair,
  { part, batch }: { readonly part: Part; readonly batch: Batch },
): Promise<Noted> {
  const { lastKey, taken, written } = batch;
  const { rows } = await client.query<Omit<Noted, "batch">>(
    `UPDATE legacy_sync.checkpoints c SET last_key = coalesce($3::text, c.last_key), taken = c.taken + $4,
       written = c.written + $5, is_done = $3::text IS NULL, updated_at = now()
     WHERE c.pair = $1 AND c.nr = $2
     RETURNING c.last_key AS "lastKey", c.is_done AS "isDone",
       (SELECT s.is_paused FROM legacy_sync.settings s) AS "isPaused"`,
    [name, part.nr, lastKey, taken, written],
  );
  const [noted] = rows;
  if (!noted) throw new Error(`The checkpoint of ${name} was not stored.`);
  return { ...noted, batch };
}

/** Lets the next backfill read all rows again. */
export const restartCheckpoints = (client: pg.Client): Promise<void> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    await client.query(
      "UPDATE legacy_sync.checkpoints SET last_key = NULL, taken = 0, written = 0, is_done = false, updated_at = now()",
    );
  });
