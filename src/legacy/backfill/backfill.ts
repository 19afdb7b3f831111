import type pg from "pg";
import { SYNC_ROLE, inTransactionAs, isAboutData } from "../connection.js";
import type { Pair } from "../pairs.js";
import { refuseNext, runBatch } from "./batch.js";
import { type Checkpoint, type Noted, readCheckpoints, restartCheckpoints } from "./checkpoints.js";
import { measureTexts } from "./measure-texts.js";
import { Pace } from "./pace.js";
import { Statistics } from "./statistics.js";
import { Throttle } from "./throttle.js";

/** Follows a backfill. */
export interface BackfillWatcher {
  /** The backfill of a pair begins or goes on. `rows` are in its legacy table. */
  started(pair: Pair, checkpoint: Pick<Checkpoint, "taken" | "written">): void;
  /** A batch has been written. */
  advanced(pair: Pair, checkpoint: Checkpoint): void;
  finished(pair: Pair, checkpoint: Checkpoint): void;
}

export interface BackfillOptions {
  readonly pairs: readonly Pair[];
  readonly watcher: BackfillWatcher;
  /** The largest batch, in rows. */
  readonly largestBatch: number;
  readonly mostActive: number;
  /** True if the backfill must stop after the current batch. */
  readonly shouldStop: () => boolean;
}

export const Ending = { Done: "done", Paused: "paused", Stopped: "stopped" } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

const NOTHING: Pick<Checkpoint, "lastKey" | "taken" | "written"> = {
  lastKey: null,
  taken: 0,
  written: 0,
};

/**
 * Copies the rows of all pairs, from the checkpoints on. A backfill that had ended begins again, and writes only
 * rows that are missing.
 */
export async function backfill(client: pg.Client, options: BackfillOptions): Promise<Ending> {
  const found = await readCheckpoints(client);
  const isRepetition = found.length > 0 && options.pairs.every(({ name }) => isDone(found, name));
  if (isRepetition) await restartCheckpoints(client);
  const checkpoints = isRepetition ? await readCheckpoints(client) : found;
  for (const pair of options.pairs) {
    const checkpoint = checkpoints.find(({ pair: name }) => name === pair.name);
    if (checkpoint?.isDone) continue;
    const ending = await backfillPair(client, pair, { ...options, from: checkpoint ?? NOTHING });
    if (ending !== Ending.Done) return ending;
  }
  await measureTexts(client, options.shouldStop);
  if (options.shouldStop()) return Ending.Stopped;
  await inTransactionAs(client, SYNC_ROLE, () =>
    client.query("UPDATE legacy_sync.settings SET backfilled_at = now()"),
  );
  return Ending.Done;
}

const isDone = (checkpoints: readonly Checkpoint[], name: string): boolean =>
  checkpoints.some(({ pair, isDone }) => pair === name && isDone);

interface PairOptions extends BackfillOptions {
  readonly from: Pick<Checkpoint, "lastKey" | "taken" | "written">;
}

async function backfillPair(client: pg.Client, pair: Pair, options: PairOptions): Promise<Ending> {
  const { watcher, from, largestBatch, shouldStop } = options;
  const pace = new Pace(largestBatch);
  const throttle = new Throttle(client, options);
  const statistics = new Statistics(client, pair.targets);
  watcher.started(pair, from);
  for (let after = from.lastKey; ;) {
    await throttle.rest(pace.restMs);
    if (shouldStop()) return Ending.Stopped;
    const noted = await step(client, pair, { after, pace });
    if (!noted) continue;
    after = noted.lastKey;
    if (noted.isDone) {
      await statistics.refresh();
      watcher.finished(pair, noted);
      return Ending.Done;
    }
    watcher.advanced(pair, noted);
    await statistics.follow(noted.written);
    if (noted.isPaused) return Ending.Paused;
  }
}

interface Step {
  readonly after: string | null;
  readonly pace: Pace;
}

/**
 * Writes the next batch. If a row of the batch cannot be written, smaller batches lead to that row, which goes into
 * quarantine. Returns null if a smaller batch must be tried.
 */
async function step(client: pg.Client, pair: Pair, { after, pace }: Step): Promise<Noted | null> {
  const startedAtMs = performance.now();
  const { size } = pace;
  try {
    const noted = await runBatch(client, pair, { after, size });
    pace.note(noted.batch.taken, performance.now() - startedAtMs);
    return noted;
  } catch (error) {
    if (!isAboutData(error)) throw error;
    if (size === 1) return refuseNext(client, pair, { after, reason: error });
    pace.narrow();
    return null;
  }
}
