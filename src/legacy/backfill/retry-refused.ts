import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import type { Pair } from "../pairs.js";
import { WAITING_REASONS } from "../quarantine.js";

const ROUNDS = 3;
const PAUSE_MS = 300;

/** The rows that were mapped again. */
export interface Retried {
  readonly mapped: number;
  /** Rows that are still in quarantine, for another reason or the same. */
  readonly left: number;
}

/**
 * Maps the rows in quarantine again that another transaction or the unfinished backfill held up, so that these do not
 * wait for a person. Pairs whose legacy table does not exist have no rows in quarantine.
 */
export async function retryRefused(
  client: pg.Client,
  pairs: readonly Pair[],
  shouldStop: () => boolean,
): Promise<Retried> {
  const retried = new Set<string>();
  for (let round = 1; ; round += 1) {
    const waiting = await readWaiting(client, pairs);
    for (const row of waiting) {
      if (shouldStop()) break;
      retried.add(`${row.pair} ${row.id}`);
      await repair(client, row);
    }
    const left = await readWaiting(client, pairs);
    const isBusy = left.some(({ reason }) => reason === "busy");
    if (!isBusy || round === ROUNDS || shouldStop()) {
      const remaining = left.filter(({ pair, id }) => retried.has(`${pair} ${id}`)).length;
      return { mapped: retried.size - remaining, left: remaining };
    }
    await pause(PAUSE_MS);
  }
}

interface WaitingRow {
  readonly pair: string;
  readonly id: string;
  readonly reason: string;
}

/** Returns the rows in the order of the pairs. A row of a user who does not exist has nothing to wait for. */
const readWaiting = (client: pg.Client, pairs: readonly Pair[]): Promise<WaitingRow[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<WaitingRow>(
      `SELECT p.name AS pair, q.source_id AS id, q.reason
       FROM legacy_sync.quarantine q
       JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY p (name, "table", place) ON p."table" = q.source_table
       WHERE q.reason = ANY ($3)
         AND (q.reason <> 'no_user' OR EXISTS (SELECT FROM platform.users u WHERE u.id = q.user_id))
       ORDER BY p.place, length(q.source_id), q.source_id`,
      [pairs.map(({ name }) => name), pairs.map(({ table }) => table), WAITING_REASONS],
    );
    return rows;
  });

const repair = (client: pg.Client, { pair, id }: WaitingRow): Promise<void> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    // What waits longer goes back into quarantine.
    await client.query("SET LOCAL lock_timeout = '500ms'");
    await client.query(`SELECT legacy_sync.repair_${pair}($1)`, [id]);
  });
