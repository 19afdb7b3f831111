import type pg from "pg";
import type { Pair } from "../pairs.js";
import type { Checkpoint, Progress } from "./checkpoints.js";
import type { Retried } from "./retry-refused.js";

/** Follows a backfill. */
export interface BackfillWatcher {
  /** The backfill of a pair begins or goes on. */
  started(pair: Pair, progress: Progress): void;
  /** A batch has been written. */
  advanced(pair: Pair, progress: Progress): void;
  finished(pair: Pair, checkpoint: Checkpoint): void;
  /** The rows that had to wait are mapped again. */
  retried?(rows: Retried): void;
}

/** The connections that copy parts of one table at the same time. */
export interface Lanes {
  readonly most: number;
  /** Opens one more connection. */
  readonly open: () => Promise<pg.Client>;
}

export interface BackfillOptions {
  readonly pairs: readonly Pair[];
  readonly watcher: BackfillWatcher;
  /** The largest batch, in rows. */
  readonly largestBatch: number;
  readonly mostActive: number;
  readonly lanes: Lanes;
  /** True if the backfill must stop after the current batch of each lane. */
  readonly shouldStop: () => boolean;
}

export const Ending = { Done: "done", Paused: "paused", Stopped: "stopped" } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];
