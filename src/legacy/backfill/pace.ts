/** A batch should take this long, so that the locks of a batch are short for the old application. */
const BATCH_MS = 50;
const SMALLEST = 20;
/** A row of some tables takes a millisecond. The old application waits for the rows of a batch. */
const FIRST = 50;
export const LARGEST = 5_000;
/** A batch that takes longer shows a server that is overloaded. */
const SLOW_MS = 500;
const LONGEST_REST_MS = 2_000;

/** Decides how many rows the next batch has, and how long the backfill rests before it. */
export class Pace {
  private rows: number;
  private rest = 0;

  constructor(private readonly largest = LARGEST) {
    this.rows = Math.min(FIRST, largest);
  }

  /** The size of the next batch, in rows. */
  get size(): number {
    return this.rows;
  }

  /** How long the backfill rests before the next batch. */
  get restMs(): number {
    return this.rest;
  }

  /** Notes that a batch of `taken` rows took `tookMs`. */
  note(taken: number, tookMs: number): void {
    this.rest = tookMs > SLOW_MS ? Math.min(tookMs, LONGEST_REST_MS) : 0;
    // The last batch of a table is smaller than its size, and tells nothing about larger batches.
    if (taken < this.rows && tookMs < BATCH_MS) return;
    const wanted = (taken * BATCH_MS) / Math.max(tookMs, 1);
    this.become(Math.min(this.rows * 2, Math.max(this.rows / 2, wanted)));
  }

  /** Makes the next batch smaller, because a row of this batch cannot be written. */
  narrow(): void {
    this.rows = Math.max(1, Math.floor(this.rows / 10));
  }

  private become(rows: number): void {
    const smallest = Math.min(SMALLEST, this.largest);
    this.rows = Math.round(Math.min(this.largest, Math.max(smallest, rows)));
  }
}
