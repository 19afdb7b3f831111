/** A part of a text that a reader sees in another form. An empty `text` is not shown. */
export interface ShownEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Returns a part of a text as a reader sees it: after the edits inside the part. An edit that is only partly
 * inside does not count.
 * @param edits in order, without overlaps
 */
export function shownText(
  text: string,
  edits: readonly ShownEdit[],
  { start, end }: Pick<ShownEdit, "start" | "end">,
): string {
  const parts: string[] = [];
  let from = start;
  for (let index = firstFrom(edits, start); index < edits.length; index += 1) {
    const edit = edits[index];
    if (edit === undefined || edit.end > end) break;
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  return parts.concat(text.slice(from, end)).join("");
}

/** Returns the index of the first edit that begins at `start` or later. */
function firstFrom(edits: readonly ShownEdit[], start: number): number {
  let [low, high] = [0, edits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edits[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
