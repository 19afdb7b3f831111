const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;

/** A row for the listeners of pg. `fields` has the same values as in the messages of pg's own parser. */
export class DataRowMessage {
  readonly name = "dataRow";

  /** @param start the place of the number of columns in `bytes` */
  constructor(
    readonly bytes: Buffer,
    private readonly start: number,
  ) {}

  /** The place of the length of the first column in `bytes`. */
  get firstColumn(): number {
    return this.start + COUNT_BYTES;
  }

  get fields(): (string | null)[] {
    const { bytes, start } = this;
    const fields = new Array<string | null>(bytes.readInt16BE(start));
    let at = this.firstColumn;
    for (let index = 0; index < fields.length; index += 1) {
      const length = bytes.readInt32BE(at);
      at += LENGTH_BYTES;
      // The length of NULL is -1.
      fields[index] = length < 0 ? null : bytes.toString("utf8", at, at + length);
      if (length > 0) at += length;
    }
    return fields;
  }
}
