import { Chunk } from "./chunk.js";

/** The code of a DataRow message: one row of an answer. */
const DATA_ROW = 0x44;
/** One byte for the code, and four bytes for the length. The length counts itself, but not the code. */
const HEADER_BYTES = 5;

export interface MessageSink {
  /** Takes a row. `start` is the place of the number of columns. */
  row(chunk: Chunk, start: number): void;
  /** Takes one or more complete messages of other kinds, in their order. */
  others(bytes: Buffer): void;
}

/**
 * Splits what PostgreSQL sends into complete messages. Does not decode rows: the sink gets the chunk with the
 * row, and may keep the chunk.
 */
export class MessageFramer {
  /** What came since the beginning of a message that is not complete yet. */
  private parts: Buffer[] = [];
  private byteCount = 0;
  /** How many bytes are necessary to continue. */
  private neededBytes = HEADER_BYTES;

  constructor(private readonly sink: MessageSink) {}

  take(part: Buffer): void {
    this.parts.push(part);
    this.byteCount += part.length;
    if (this.byteCount < this.neededBytes) return;
    const bytes = this.parts.length === 1 ? part : Buffer.concat(this.parts, this.byteCount);
    const end = this.pass(new Chunk(bytes));
    this.parts = end < bytes.length ? [bytes.subarray(end)] : [];
    this.byteCount = bytes.length - end;
  }

  /** Passes the complete messages on. Returns the end of the last one. */
  private pass(chunk: Chunk): number {
    const { bytes, view } = chunk;
    let start = 0;
    let passed = 0;
    this.neededBytes = HEADER_BYTES;
    while (start + HEADER_BYTES <= bytes.length) {
      const end = start + 1 + view.getUint32(start + 1);
      if (end > bytes.length) {
        this.neededBytes = end - start;
        break;
      }
      if (bytes[start] === DATA_ROW) {
        if (passed < start) this.sink.others(bytes.subarray(passed, start));
        this.sink.row(chunk, start + HEADER_BYTES);
        passed = end;
      }
      start = end;
    }
    if (passed < start) this.sink.others(bytes.subarray(passed, start));
    return start;
  }
}
