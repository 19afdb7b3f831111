import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { InkLines } from "../../pages/ink-lines.js";
import {
  type Entry,
  isBackMatter,
  isColumnHead,
  isContentsHead,
  readEntry,
  waysShown,
  waysToShow,
} from "./entries.js";

/** A run of lines that all look like entries. */
interface Run {
  /** The line of the word "Contents", or of the first entry. */
  readonly first: number;
  readonly isHeaded: boolean;
  readonly entries: readonly Entry[];
  /** The line behind the run. */
  readonly end: number;
}

const FEWEST_ENTRIES = 3;

/**
 * Finds tables of contents and lists of illustrations, with or without a head. An entry without a page is told from
 * a real heading by what comes after: the headings of the chapters repeat the entries. A list whose lines do not come
 * again, and have no pages, is a part of the story.
 */
export function findContents(text: string): readonly ApparatusSpan[] {
  const lines = new InkLines(text);
  const runs = findRuns(lines);
  if (runs.length === 0) return [];
  const laterLine = findLastLines(lines, runs);
  return runs.flatMap((run) => {
    const last = lastEntry(run, lines, laterLine);
    if (last === null) return [];
    const [start, end] = [lines.startOf(run.first), lines.endOf(last)];
    return [{ kind: ApparatusKind.Contents, start, end, said: "" }];
  });
}

/** Returns the keys of the titles in a table of contents. */
export function contentsTitles(contents: string): readonly string[] {
  const lines = new InkLines(contents);
  const titles: string[] = [];
  for (let line = 0; line < lines.count; line += 1) {
    const text = lines.of(line);
    if (isContentsHead(text) || isColumnHead(text)) continue;
    const entry = readEntry(line, text);
    if (entry) titles.push(...[entry.key, entry.title].filter((title) => title !== ""));
  }
  return titles;
}

/** Finds the runs of at least three entries, and shorter runs below a head. */
function findRuns(lines: InkLines): readonly Run[] {
  const runs: Run[] = [];
  let line = 0;
  while (line < lines.count) {
    const run = runAt(lines, line);
    const fewest = run.isHeaded ? 1 : FEWEST_ENTRIES;
    if (run.entries.length >= fewest) runs.push(run);
    line = Math.max(run.end, line + 1);
  }
  return runs;
}

function runAt(lines: InkLines, first: number): Run {
  const isHeaded = isContentsHead(lines.of(first));
  const entries: Entry[] = [];
  let line = first;
  for (; line < lines.count; line += 1) {
    const text = lines.of(line);
    if (isContentsHead(text)) {
      // A head begins a run of its own, but a list of illustrations goes on with the contents above.
      if (line > first && !isHeaded) break;
      continue;
    }
    const entry = entryAt(line, text, isHeaded);
    const isInside = isHeaded || entries.length > 0;
    if (entry) entries.push(entry);
    else if (!isInside || !isPartOfTable(lines, line)) break;
  }
  return { first, isHeaded, entries, end: line };
}

/** Without a head above, "No." and "I ran." are no entries: they can be the whole first section of a chapter. */
function entryAt(line: number, text: string, isHeaded: boolean): Entry | null {
  const entry = isColumnHead(text) ? null : readEntry(line, text);
  return entry?.isHeading === false && !isHeaded && STOPPED.test(text) ? null : entry;
}

const STOPPED = /[.!?…]["'”’»]?$/u;

const isPartOfTable = (lines: InkLines, line: number): boolean =>
  isColumnHead(lines.of(line)) || isWrappedEntry(lines, line);

/** The longest entry has this many lines. */
const MOST_LINES = 4;

/** True for the first lines of an entry whose last line has the page. */
function isWrappedEntry(lines: InkLines, line: number): boolean {
  for (let below = line + 1; below < line + MOST_LINES && lines.isTight(below); below += 1) {
    const entry = readEntry(below, lines.of(below));
    if (entry) return entry.hasColumn;
  }
  return false;
}

/** Returns the last line that shows each entry. */
function findLastLines(lines: InkLines, runs: readonly Run[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { entries } of runs) {
    for (const entry of entries) for (const way of waysToShow(entry)) last.set(way, entry.line);
  }
  if (last.size === 0) return last;
  for (let line = 0; line < lines.count; line += 1) {
    const entry = readEntry(line, lines.of(line));
    for (const way of entry ? waysShown(entry) : []) if (last.has(way)) last.set(way, line);
  }
  return last;
}

/** Returns the last line of a table of contents. Null if the run is none. */
function lastEntry(
  run: Run,
  lines: InkLines,
  laterLine: ReadonlyMap<string, number>,
): number | null {
  const { entries, isHeaded } = run;
  const paged = lastColumn(entries, isHeaded);
  if (paged !== null && (isHeaded || paged.count >= FEWEST_ENTRIES)) {
    const listed = entries.filter(({ line }) => line <= paged.line);
    return isHeaded || comesAgain(listed, paged.line + 1, laterLine) ? paged.line : null;
  }
  const listed = entries.slice(0, firstHeading(entries, lines));
  const isList = isHeaded
    ? isHeadedList(run, listed, laterLine)
    : isUnheadedList(listed, laterLine);
  return isList ? (listed.at(-1)?.line ?? null) : null;
}

const countHeadings = (entries: readonly Entry[]): number =>
  entries.filter(({ isHeading }) => isHeading).length;

const lastLine = (entries: readonly Entry[]): number => entries.at(-1)?.line ?? 0;

/**
 * Numbers that begin again in every part come again too. So the first entry with a number must come again, and at least
 * half of the entries that are no headings. An introduction in front of the numbers can be in the list only.
 */
const isUnheadedList = (
  listed: readonly Entry[],
  laterLine: ReadonlyMap<string, number>,
): boolean =>
  countHeadings(listed) >= FEWEST_ENTRIES &&
  [listed, [firstCounted(listed)], listed.filter(isOwnTitle)].every((entries) =>
    comesAgain(
      entries.filter((entry) => entry !== undefined),
      lastLine(listed) + 1,
      laterLine,
    ),
  );

const isOwnTitle = ({ isHeading, key }: Entry): boolean => !isHeading && !isBackMatter(key);

/** Returns the first entry. Headings without a number are passed over, if numbers follow. */
const firstCounted = (listed: readonly Entry[]): Entry | undefined => {
  const first = listed.find(({ isHeading, label }) => !isHeading || label !== "");
  return first?.isHeading === true ? first : listed[0];
};

/** Returns the last entry with a page, if most entries up to there have pages that do not fall. */
function lastColumn(
  entries: readonly Entry[],
  isHeaded: boolean,
): { line: number; count: number } | null {
  let [count, columns, index, last] = [0, 0, -1, -1];
  for (const [at, { page, hasColumn, line }] of entries.entries()) {
    if (page === null) continue;
    count += 1;
    columns += Number(hasColumn);
    [index, last] = [at, line];
  }
  // A short list without columns has a head above, and a page in every line.
  const fewest = isHeaded && count === index + 1 ? 2 : FEWEST_ENTRIES;
  const hasColumns = columns >= 2 || (columns >= 1 && count === 1);
  return (hasColumns || count >= fewest) && 2 * count > index ? { line: last, count } : null;
}

/** True if most entries are headings or come again later, or the list is long and at the start of the text. */
function isHeadedList(
  { first }: Run,
  listed: readonly Entry[],
  laterLine: ReadonlyMap<string, number>,
): boolean {
  if (2 * countHeadings(listed) >= listed.length && listed.length > 1) return true;
  if (comesAgain(listed, lastLine(listed) + 1, laterLine)) return true;
  return first < FEWEST_LINES_OF_STORY && listed.length >= FEWEST_ENTRIES;
}

/** Above the contents of a book are only titles and names. */
const FEWEST_LINES_OF_STORY = 12;

/** True if at least half of the entries come again as lines of their own. */
function comesAgain(
  entries: readonly Entry[],
  from: number,
  laterLine: ReadonlyMap<string, number>,
): boolean {
  const again = entries.filter((entry) =>
    waysToShow(entry).some((way) => (laterLine.get(way) ?? -1) >= from),
  );
  return 2 * again.length >= entries.length;
}

/**
 * Returns the index of the first entry that is the real heading of the first chapter. Such entries are the last of
 * the run, and repeat earlier entries in their order, or are headings below a list that has none.
 */
function firstHeading(entries: readonly Entry[], lines: InkLines): number {
  const repeats = findRepeats(entries);
  let first = entries.length;
  while (first > 1 && goesOn(repeats[first - 1] ?? null, repeats[first] ?? null)) first -= 1;
  if (first === entries.length) return firstBehindGap(entries, lines);
  // A list of titles has no numbers, so the number above the first title is a real heading.
  const isTitleList = countHeadings(entries.slice(0, first - 1)) === 0;
  return isTitleList && entries[first - 1]?.isHeading ? first - 1 : first;
}

/** True if two neighbouring lines show the same earlier entry or two neighbouring entries. */
const goesOn = (repeated: number | null, next: number | null): boolean =>
  repeated !== null && (next === null || repeated === next || repeated === next - 1);

/** Returns for each entry the index of the first earlier entry that it shows. Null if there is none. */
function findRepeats(entries: readonly Entry[]): readonly (number | null)[] {
  const firstWith = new Map<string, number>();
  return entries.map((entry, index) => {
    const found = waysShown(entry).flatMap((way) => firstWith.get(way) ?? []);
    for (const way of waysToShow(entry)) if (!firstWith.has(way)) firstWith.set(way, index);
    return found.length === 0 ? null : Math.min(...found);
  });
}

/** Returns the index of the headings below a list of titles, or behind a gap larger than every gap in the list. */
function firstBehindGap(entries: readonly Entry[], lines: InkLines): number {
  const lastTitle = entries.findLastIndex(({ isHeading }) => !isHeading);
  const isTitleList = entries[0]?.isHeading === false && lastTitle > 0;
  if (isTitleList && lastTitle < entries.length - 1) return lastTitle + 1;
  let widest = 2;
  for (const [index, { line }] of entries.slice(1).entries()) {
    const gap = lines.gapAbove(line);
    if (index > 0 && gap > widest) return index + 1;
    widest = Math.max(widest, gap);
  }
  return entries.length;
}
