/** A part of a text, from `start` to `end` (exclusive), in UTF-16 offsets. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A part of a text and the text that replaces it. An empty `text` removes the part. */
export interface TextEdit extends TextRange {
  readonly text: string;
}

/**
 * A text after some edits, with the place of each of its parts in the original text. All offsets are UTF-16
 * offsets.
 */
export class EditedText {
  readonly original: string;
  readonly text: string;
  readonly edits: readonly TextEdit[];
  /** Where the replacement of each edit begins in `text`. */
  readonly #places: Float64Array;

  /** @param edits in order, without overlaps */
  constructor(original: string, edits: readonly TextEdit[]) {
    this.original = original;
    this.edits = edits;
    this.#places = new Float64Array(edits.length);
    const parts: string[] = [];
    let from = 0;
    let length = 0;
    for (const [index, { start, end, text }] of edits.entries()) {
      if (start < from) throw new Error(`The edit at ${start} overlaps the edit before it.`);
      length += start - from;
      this.#places[index] = length;
      length += text.length;
      parts.push(original.slice(from, start), text);
      from = end;
    }
    this.text = edits.length === 0 ? original : parts.concat(original.slice(from)).join("");
  }

  /**
   * Returns where a part that begins at `offset` begins in the original text. A part that begins inside a
   * replacement begins with the whole replaced part.
   */
  startOf(offset: number): number {
    const index = this.#lastEdit(offset, true);
    const edit = this.edits[index];
    if (edit === undefined) return offset;
    const inside = offset - (this.#places[index] ?? 0);
    return inside < edit.text.length ? edit.start : edit.end + inside - edit.text.length;
  }

  /**
   * Returns where a part that ends at `offset` (exclusive) ends in the original text. Removed text after the
   * part does not belong to the part. A part that ends inside a replacement ends with the whole replaced part.
   */
  endOf(offset: number): number {
    const index = this.#lastEdit(offset, false);
    const edit = this.edits[index];
    if (edit === undefined) return offset;
    const inside = offset - (this.#places[index] ?? 0);
    return edit.end + Math.max(0, inside - edit.text.length);
  }

  /** Returns the place of a part in the original text. */
  rangeOf({ start, end }: TextRange): TextRange {
    const from = this.startOf(start);
    return { start: from, end: start === end ? from : this.endOf(end) };
  }

  /** Returns the index of the last edit whose replacement begins before `offset`, or also at `offset`. */
  #lastEdit(offset: number, isIncluded: boolean): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const place = this.#places[middle] ?? 0;
      if (place < offset || (isIncluded && place === offset)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
