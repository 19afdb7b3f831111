import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { Cut, cutBetween, isVerse } from "./cuts.js";
import { InkLines } from "./ink-lines.js";
import { findPageLines } from "./page-lines.js";

/**
 * Finds the numbers and running heads of pages on lines of their own. A page break inside a sentence is one span,
 * from the last word of a page to the first word of the next.
 */
export function findPageBreaks(text: string): readonly ApparatusSpan[] {
  const lines = new InkLines(text);
  const kinds = findPageLines(lines);
  const breaks = [...groups([...kinds.keys()]), ...emptyBreaks(lines, kinds)];
  return breaks
    .sort((a, b) => a.first - b.first)
    .flatMap(({ first, last }) => {
      const joined = joinAround(lines, first, last);
      if (joined) return [joined];
      return range(first, last).map((line) => ({
        kind: kinds.get(line) ?? ApparatusKind.PageNumber,
        said: "",
        ...rangeOfLine(lines, line, line === last),
      }));
    });
}

interface Group {
  readonly first: number;
  readonly last: number;
}

/** Puts neighbouring lines together. */
function groups(found: readonly number[]): readonly Group[] {
  const groups: { first: number; last: number }[] = [];
  for (const line of found) {
    const open = groups.at(-1);
    if (open?.last === line - 1) open.last = line;
    else groups.push({ first: line, last: line });
  }
  return groups;
}

/** Returns the form feeds that have no number and no head, and cut a sentence. */
const emptyBreaks = (lines: InkLines, kinds: ReadonlyMap<number, unknown>): readonly Group[] =>
  lines.afterFeeds
    .filter((line) => !kinds.has(line) && !kinds.has(line - 1))
    .filter((line) => cutBetween(lines, line - 1, line) !== Cut.None)
    .map((line) => ({ first: line, last: line - 1 }));

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

/** Returns one span for a break inside a sentence or a poem's stanza. Null for a break between sentences. */
function joinAround(lines: InkLines, first: number, last: number): ApparatusSpan | null {
  const [before, after] = [first - 1, last + 1];
  const cut = cutBetween(lines, before, after);
  if (cut === Cut.None) return null;
  const [start, end] = [lines.endOf(before), lines.startOf(after)];
  // A hyphen at the page's end needs the line end, because it can be the hyphen of a compound.
  const isLineEnd =
    /[-‐¬\u00AD]$/u.test(lines.of(before)) || (cut === Cut.Maybe && isVerse(lines, before, after));
  return { kind: ApparatusKind.PageBreak, start, end, said: isLineEnd ? "\n" : " " };
}

/**
 * Returns the place of a line, with one line end if no blank line separates the line from its neighbours. The lines
 * around stay in one paragraph.
 */
function rangeOfLine(
  lines: InkLines,
  line: number,
  isLast: boolean,
): { start: number; end: number } {
  const [start, end] = [lines.startOf(line), lines.endOf(line)];
  if (lines.isTight(line)) return { start: lines.endOf(line - 1), end };
  return { start, end: isLast && lines.isTight(line + 1) ? lines.startOf(line + 1) : end };
}
