import { RateLimitedError } from "../../platform/errors.js";

const MAX_PER_OWNER = 2;
const RETRY_AFTER_SECONDS = 5;

/** Counts the files that are read at the same time. Without a limit, one person could fill all threads. */
export class ImportsUnderWay {
  private readonly counts = new Map<string, number>();

  /** Runs `work`. @throws RateLimitedError if as many files of the owner are read as the limit allows */
  async count<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const count = this.counts.get(userId) ?? 0;
    if (count >= MAX_PER_OWNER) {
      throw new RateLimitedError(
        `${count} of your files are being read, which is the limit. Import another when one is done.`,
        RETRY_AFTER_SECONDS,
      );
    }
    this.counts.set(userId, count + 1);
    try {
      return await work();
    } finally {
      const left = (this.counts.get(userId) ?? 0) - 1;
      if (left > 0) this.counts.set(userId, left);
      else this.counts.delete(userId);
    }
  }
}
