import { RateLimitedError } from "../../platform/errors.js";

const MAX_PER_OWNER = 8;
const RETRY_AFTER_SECONDS = 5;

/**
 * Counts the files that arrive at the same time. Each file has a temporary file. Without a limit, one user
 * could fill the disk with many requests to the URL of one upload.
 */
export class ArrivingFiles {
  private readonly counts = new Map<string, number>();

  /**
   * Adds a file. Returns the function that removes the file.
   * @throws RateLimitedError if as many files of the owner arrive as the limit allows
   */
  add(ownerName: string): () => void {
    const count = this.counts.get(ownerName) ?? 0;
    if (count >= MAX_PER_OWNER) {
      throw new RateLimitedError(
        `${count} of your files arrive at the same time, which is the limit. Send another when one has arrived.`,
        RETRY_AFTER_SECONDS,
      );
    }
    this.counts.set(ownerName, count + 1);
    return () => {
      this.remove(ownerName);
    };
  }

  private remove(ownerName: string): void {
    const left = (this.counts.get(ownerName) ?? 0) - 1;
    if (left > 0) this.counts.set(ownerName, left);
    else this.counts.delete(ownerName);
  }
}
