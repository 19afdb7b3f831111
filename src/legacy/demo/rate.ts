import { setTimeout as pause } from "node:timers/promises";

/** Spreads work evenly over time. Work that begins late does not delay the work after it. */
export class Rate {
  private readonly startedMs = performance.now();
  private begun = 0;

  constructor(private readonly perSecond: number) {}

  /** Waits until the next piece of work is due; work that is late is due at once. Returns false after an abort. */
  async next(signal: AbortSignal): Promise<boolean> {
    const dueMs = this.startedMs + (1_000 * this.begun) / this.perSecond;
    this.begun += 1;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }

  /** Counts more pieces, for work that turned out to be more than one piece, or none (-1). */
  add(pieces: number): void {
    this.begun += pieces;
  }
}
