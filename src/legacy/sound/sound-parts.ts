/** The bytes of one statement. A connection holds about three times as much for a moment. */
const PART_BYTES = 4_194_304;

export interface PartRange {
  /** How many bytes are left out at the beginning. */
  readonly skip: number;
  readonly size: number;
}

/** Reads a part of a file. Returns null if there is no such file. */
export type ReadPart = (range: PartRange) => Promise<Buffer | null>;

/** Reads a file in parts, so that a large file is never whole in the memory of this process. */
export async function* soundParts(read: ReadPart, size = PART_BYTES): AsyncGenerator<Buffer> {
  for (let skip = 0; ; skip += size) {
    const part = await read({ skip, size });
    if (part && part.length > 0) yield part;
    if (!part || part.length < size) return;
  }
}
