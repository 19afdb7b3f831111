import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import type { Pair } from "../pairs.js";
import { type BackfillOptions, Ending } from "./backfill-options.js";
import { openParts, readCheckpoints, restartCheckpoints } from "./checkpoints.js";
import { withLanes } from "./lanes.js";
import { measureTexts } from "./measure-texts.js";
import { PairCopy } from "./pair-copy.js";
import { retryRefused } from "./retry-refused.js";
import { makeStatistics } from "./statistics.js";

/**
 * Copies the rows of all pairs, from the checkpoints on. A backfill that had ended begins again, and writes only
 * rows that are missing.
 */
export async function backfill(client: pg.Client, options: BackfillOptions): Promise<Ending> {
  const { pairs, shouldStop } = options;
  const checkpoints = await readCheckpoints(client);
  const done = new Set(checkpoints.filter(({ isDone }) => isDone).map(({ pair }) => pair));
  if (checkpoints.length > 0 && pairs.every(({ name }) => done.has(name))) {
    await restartCheckpoints(client);
    done.clear();
  }
  for (const pair of pairs.filter(({ name }) => !done.has(name))) {
    const ending = await backfillPair(client, pair, options);
    if (ending !== Ending.Done) return ending;
  }
  options.watcher.retried?.(await retryRefused(client, pairs, shouldStop));
  await measureTexts(client, shouldStop);
  if (shouldStop()) return Ending.Stopped;
  for (const { targets } of pairs) await makeStatistics(client, targets);
  await inTransactionAs(client, SYNC_ROLE, () =>
    client.query("UPDATE legacy_sync.settings SET backfilled_at = now()"),
  );
  return Ending.Done;
}

async function backfillPair(
  client: pg.Client,
  pair: Pair,
  options: BackfillOptions,
): Promise<Ending> {
  const parts = await openParts(client, pair);
  const copy = new PairCopy(pair, parts, options);
  return withLanes(client, { ...options.lanes, needed: copy.openParts }, (lanes) =>
    copy.run(lanes),
  );
}
