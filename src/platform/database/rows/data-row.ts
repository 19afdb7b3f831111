import type { Chunk } from "./chunk.js";

/** The bytes of the number of columns, before the first column. */
export const COUNT_BYTES = 2;
/** The bytes of the length of a column, before its text. The length of NULL is -1. */
export const LENGTH_BYTES = 4;

/** A row for the listeners of pg. `fields` has the same values as in the messages of pg's own parser. */
export class DataRowMessage {
  readonly name = "dataRow";

  /** @param start the place of the number of columns */
  constructor(
    private readonly chunk: Chunk,
    private readonly start: number,
  ) {}

  get fields(): (string | null)[] {
    const { bytes, view } = this.chunk;
    const fields = new Array<string | null>(view.getInt16(this.start));
    let at = this.start + COUNT_BYTES;
    for (let index = 0; index < fields.length; index += 1) {
      const length = view.getInt32(at);
      at += LENGTH_BYTES;
      fields[index] = length < 0 ? null : bytes.toString("utf8", at, at + length);
      if (length > 0) at += length;
    }
    return fields;
  }
}
