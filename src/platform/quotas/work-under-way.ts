import { RateLimitedError } from "../errors.js";

const MAX_PER_OWNER = 2;
const RETRY_AFTER_SECONDS = 5;

/** Counts the costly work of each person at the same time. Without a limit, one person could fill all threads. */
export class WorkUnderWay {
  private readonly counts = new Map<string, number>();

  /** @param what the things that the work reads, in the plural: "files" */
  constructor(private readonly what: string) {}

  /** Runs `work`. @throws RateLimitedError if the person has as much work under way as the limit allows */
  async count<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const count = this.counts.get(userId) ?? 0;
    if (count >= MAX_PER_OWNER) {
      throw new RateLimitedError(
        `${count} of your ${this.what} are being read, which is the limit. Send another when one is done.`,
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
