import { Cut, cutBetween } from "./cuts.js";
import type { InkLines } from "./ink-lines.js";
import { headKey, isHead, MarkForm, type PageMark, readPageMark } from "./mark-lines.js";
import type { PlacedMark } from "./sequences.js";

/** A running head has at most two lines: "THE SALT ROAD" and "Chapter II". */
export const MOST_HEADS = 2;

/** Lines from `first` to `last` that stand between two pages. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** Reads every line that can be the number of a page, and tells what stands around it. */
export function placeMarks(lines: InkLines): readonly PlacedMark[] {
  const marks = new Map<number, PageMark>();
  for (let line = 0; line < lines.count; line += 1) {
    const mark = readPageMark(lines.of(line));
    if (mark) marks.set(line, mark);
  }
  const isRepeated = findRepeatedHeads(lines, marks);
  return Array.from(marks, ([line, mark]) => {
    const cut = cutAround(lines, line);
    return {
      ...mark,
      line,
      at: lines.startOf(line),
      cut: cut ? Cut.Sure : cutBetween(lines, line - 1, line + 1),
      hasHead:
        isRepeated(line) || (cut !== null && cut.first < cut.last && mark.form !== MarkForm.Headed),
      isTight: lines.isTight(line),
      isAtFeed: lines.isAfterFeed(line) || lines.isAfterFeed(line + 1),
    };
  });
}

/**
 * Returns the fewest lines around a page number that a sentence goes on around: the number, and up to two lines of
 * a running head above and below. Null if no sentence does.
 */
export function cutAround(lines: InkLines, line: number): LineRange | null {
  const [above, below] = [furnitureFrom(lines, line, -1), furnitureFrom(lines, line, 1)];
  for (let size = 0; size <= above + below; size += 1) {
    for (let up = Math.max(0, size - below); up <= Math.min(size, above); up += 1) {
      const range = { first: line - up, last: line + size - up };
      if (cutBetween(lines, range.first - 1, range.last + 1) === Cut.Sure) return range;
    }
  }
  return null;
}

/** Counts the running heads and numbers right above or below a line, up to two. */
function furnitureFrom(lines: InkLines, line: number, direction: -1 | 1): number {
  for (let count = 0; count < MOST_HEADS; count += 1) {
    const text = lines.of(line + direction * (count + 1));
    if (!isHead(text) && readPageMark(text) === null) return count;
  }
  return MOST_HEADS;
}

/** Returns a function that tells whether a running head is at a mark that is also at another mark. */
function findRepeatedHeads(
  lines: InkLines,
  marks: ReadonlyMap<number, PageMark>,
): (line: number) => boolean {
  const headsAt = (line: number): readonly string[] => {
    const head = marks.get(line)?.head;
    if (head) return [headKey(head)];
    return [line - 1, line + 1]
      .map((near) => (marks.has(near) ? "" : lines.of(near)))
      .filter(isHead)
      .map(headKey);
  };
  const values = new Map<string, Set<number>>();
  for (const [line, { value }] of marks) {
    for (const head of headsAt(line)) {
      const known = values.get(head);
      if (!known) values.set(head, new Set([value]));
      else if (known.size < 2) known.add(value);
    }
  }
  return (line) => headsAt(line).some((head) => (values.get(head)?.size ?? 0) > 1);
}
