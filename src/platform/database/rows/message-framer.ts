/** The code of a DataRow message: one row of an answer. */
const DATA_ROW = 0x44;
/** One byte for the code, and four bytes for the length. The length counts itself, but not the code. */
const HEADER_BYTES = 5;

export interface MessageSink {
  /** Takes a row. `start` is the place of the number of columns in `bytes`. */
  row(bytes: Buffer, start: number): void;
  /** Takes one or more complete messages of other kinds, in their order. */
  others(bytes: Buffer): void;
}

/**
 * Splits what PostgreSQL sends into complete messages. Rows are not decoded: the sink gets the bytes in
 * which the row came. The bytes never change, because Node reads each chunk of a socket into new memory,
 * and a message of several chunks is copied into new memory. So a row can keep the bytes.
 */
export class MessageFramer {
  /** The chunks since the beginning of a message that is not complete yet. */
  private chunks: Buffer[] = [];
  private byteCount = 0;
  /** How many bytes are necessary to continue. */
  private neededBytes = HEADER_BYTES;

  constructor(private readonly sink: MessageSink) {}

  take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.byteCount += chunk.length;
    if (this.byteCount < this.neededBytes) return;
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.byteCount);
    const end = this.pass(bytes);
    this.chunks = end < bytes.length ? [bytes.subarray(end)] : [];
    this.byteCount = bytes.length - end;
  }

  /** Passes the complete messages on. Returns the end of the last one. */
  private pass(bytes: Buffer): number {
    let start = 0;
    let passed = 0;
    this.neededBytes = HEADER_BYTES;
    while (start + HEADER_BYTES <= bytes.length) {
      const end = start + 1 + bytes.readUInt32BE(start + 1);
      if (end > bytes.length) {
        this.neededBytes = end - start;
        break;
      }
      if (bytes[start] === DATA_ROW) {
        if (passed < start) this.sink.others(bytes.subarray(passed, start));
        this.sink.row(bytes, start + HEADER_BYTES);
        passed = end;
      }
      start = end;
    }
    if (passed < start) this.sink.others(bytes.subarray(passed, start));
    return start;
  }
}
