import type { RecordingSource } from "./recording.js";

const WINDOW_BYTES = 2 ** 17;

/**
 * Reads small parts of a file from one larger part. Each read of the storage opens the file, which
 * takes longer than reading a hundred kilobytes.
 */
export class WindowedReader {
  private start = 0;
  private window: Uint8Array = new Uint8Array(0);

  constructor(private readonly source: RecordingSource) {}

  /** Returns at most `WINDOW_BYTES` bytes, and fewer at the end of the file. */
  async read(start: number, end: number): Promise<Uint8Array> {
    if (start < this.start || end > this.start + this.window.length) {
      const last = Math.min(start + WINDOW_BYTES, this.source.sizeBytes);
      this.window = start < last ? await this.source.read(start, last) : new Uint8Array(0);
      this.start = start;
    }
    return this.window.subarray(start - this.start, Math.max(start, end) - this.start);
  }
}
