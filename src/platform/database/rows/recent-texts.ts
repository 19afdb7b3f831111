/** Longer texts rarely repeat. */
export const MOST_BYTES = 32;

const SLOTS = 64;

/**
 * The texts that a column had recently. The values of most columns repeat, such as the kind of a segment, and
 * comparing some bytes costs much less than making a string.
 */
export class RecentTexts {
  private readonly texts = new Array<string>(SLOTS).fill("");
  private readonly lengths = new Uint8Array(SLOTS);
  private readonly bytes = new Uint8Array(SLOTS * MOST_BYTES);

  /** Returns the text in the bytes between `start` and `end`. There are at most MOST_BYTES bytes. */
  textOf(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return "";
    const last = bytes[end - 1] ?? 0;
    const secondLast = bytes[end - 2] ?? 0;
    const slot = (last + secondLast * 11 + (bytes[start] ?? 0) * 31 + length * 7) % SLOTS;
    if (this.isSame(slot, bytes, start, length)) return this.texts[slot] ?? "";
    const text = bytes.toString("utf8", start, end);
    const place = slot * MOST_BYTES;
    for (let at = 0; at < length; at += 1) this.bytes[place + at] = bytes[start + at] ?? 0;
    this.lengths[slot] = length;
    this.texts[slot] = text;
    return text;
  }

  private isSame(slot: number, bytes: Buffer, start: number, length: number): boolean {
    if (this.lengths[slot] !== length) return false;
    const place = slot * MOST_BYTES;
    for (let at = 0; at < length; at += 1)
      if (this.bytes[place + at] !== bytes[start + at]) return false;
    return true;
  }
}
