import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { StartupError } from "../../platform/errors.js";
import { SYNC_ROLE, inTransactionAs, sqlStateOf } from "../connection.js";
import type { Pair } from "../pairs.js";
import { type Batch, type Noted, type Part, noteBatch } from "./checkpoints.js";

/**
 * The lock timeout is shorter than PostgreSQL's deadlock_timeout of one second: in a deadlock the batch gives way, never
 * the old application. JIT compilation would take longer than the batch. A batch does not wait for the disk: a crash
 * of PostgreSQL loses a batch together with its checkpoint, and the transaction that ends the backfill does wait.
 */
const SETTINGS =
  "SET LOCAL lock_timeout = '200ms'; SET LOCAL jit = off; SET LOCAL synchronous_commit = off";

/** Serialization failure, deadlock, lock not available. */
const CONTENTION: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);
const MOST_TRIES = 60;
const LONGEST_PAUSE_MS = 1_000;

export interface BatchOptions {
  /** The batch is the next one of this part. */
  readonly part: Part;
  readonly size: number;
}

/**
 * Writes one batch and its checkpoint in one transaction. A batch that meets a lock of the old application runs
 * again after a short pause.
 * @throws StartupError if rows stay locked
 */
export async function runBatch(
  client: pg.Client,
  pair: Pair,
  { part, size }: BatchOptions,
): Promise<Noted> {
  return withRetries(pair, () =>
    inTransactionAs(client, SYNC_ROLE, async () => {
      await client.query(SETTINGS);
      const { rows } = await client.query<Batch>(
        `SELECT b.last_key AS "lastKey", b.taken, b.written FROM ${pageOf("backfill", pair)} b`,
        pageArguments(pair, part, size),
      );
      const batch = rows[0] ?? { lastKey: null, taken: 0, written: 0 };
      return noteBatch(client, pair, { part, batch });
    }),
  );
}

/**
 * Puts the next row into quarantine, because the row cannot be written.
 * @param reason the error of the batch that had only this row
 */
export async function refuseNext(
  client: pg.Client,
  pair: Pair,
  { part, reason }: { readonly part: Part; readonly reason: Error },
): Promise<Noted> {
  return withRetries(pair, () =>
    inTransactionAs(client, SYNC_ROLE, async () => {
      await client.query(SETTINGS);
      const { rows } = await client.query<{ id: string }>(
        `SELECT r.id::text AS id FROM ${pageOf("read", pair)} r`,
        pageArguments(pair, part, 1),
      );
      const lastKey = rows[0]?.id ?? null;
      if (lastKey !== null) {
        await client.query("SELECT legacy_sync.refuse($1, $2, NULL, $3, $4)", [
          pair.table,
          lastKey,
          sqlStateOf(reason) ?? "unmappable",
          reason.message,
        ]);
      }
      return noteBatch(client, pair, {
        part,
        batch: { lastKey, taken: rows.length, written: 0 },
      });
    }),
  );
}

const pageOf = (verb: "backfill" | "read", { name, isCut }: Pair): string =>
  `legacy_sync.${verb}_${name}(${isCut ? "$1, $2, $3" : "$1, $2"})`;

const pageArguments = ({ isCut }: Pair, part: Part, size: number): unknown[] => {
  const { lastKey, after, until } = part;
  return [lastKey ?? after, size, ...(isCut ? [until] : [])];
};

async function withRetries<T>({ table }: Pair, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!CONTENTION.has(sqlStateOf(error) ?? "")) throw error;
      if (tries >= MOST_TRIES) throw lockedTooLong(table, error);
      const longest = Math.min(LONGEST_PAUSE_MS, 20 * 2 ** Math.min(tries, 6));
      await pause(randomInt(longest / 2, longest));
    }
  }
}

const lockedTooLong = (table: string, cause: unknown): StartupError =>
  new StartupError(
    `Rows of ${table} stayed locked by another transaction; end the old transactions that pg_stat_activity lists, then run \`npm run migrate -- backfill\` again. It goes on where it stopped.`,
    { cause },
  );
