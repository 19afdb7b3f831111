import type { Span } from "../../document.js";
import type { MarkHabits } from "./mark-habits.js";
import { isAtSpeech, Role } from "./mark-roles.js";
import { Family } from "./marks.js";
import type { ParagraphMarks } from "./paragraph-marks.js";
import type { OpenSpan } from "./scripted.js";

interface Around {
  readonly text: string;
  readonly paragraph: Span;
  readonly habits: MarkHabits;
  /** True if the speech of the paragraph before has no closing mark. */
  readonly isOpen: boolean;
}

/** The end of an open quote: at a closing mark, before the mark of the next quote, or nowhere (-1). */
interface Ending {
  readonly index: number;
  readonly isClosed: boolean;
}

const NO_END: Ending = { index: -1, isClosed: false };
const OPENERS: ReadonlySet<number> = new Set([Role.Opens, Role.Both, Role.MayOpen, Role.Shortens]);
/** The roles of marks that close a quote only if no other mark does. */
const CLOSERS: ReadonlySet<number> = new Set([Role.MayClose, Role.Doubtful]);
/**
 * How many marks are read to find the end of a quote whose first mark is probably an apostrophe. Without a limit, a page of
 * apostrophes would take quadratic time.
 */
const DOUBTFUL_REACH = 64;
const BLANK = /[\s\uFEFF]/u;
const STOP = /[,.!?…—–-]/u;
const UPPER = /^[^\p{L}\p{N}]{0,6}(?:\p{Lu}|\p{N})/u;

/** Pairs the marks of a paragraph. Returns the outer quotes with their marks. */
export function pairMarks(marks: ParagraphMarks, around: Around): OpenSpan[] {
  const spans: OpenSpan[] = [];
  let index = 0;
  while (index < marks.length) {
    const ending = endOf(marks, index, around);
    if (ending === null) {
      if (index === 0 && closesUnopened(marks, around)) spans.push(toMark(marks, around));
      index += 1;
      continue;
    }
    spans.push(quoteSpan(marks, { index, ending }, around));
    index = nextAfter(marks, ending);
  }
  return spans;
}

const nextAfter = (marks: ParagraphMarks, { index, isClosed }: Ending): number => {
  if (index === -1) return marks.length;
  return isClosed ? index + 1 : index;
};

function quoteSpan(
  marks: ParagraphMarks,
  { index, ending }: { readonly index: number; readonly ending: Ending },
  { text, paragraph }: Around,
): OpenSpan {
  const start = marks.start(index);
  if (ending.isClosed) return { start, end: marks.end(ending.index), isClosed: true };
  if (ending.index === -1) return { start, end: paragraph.end, isClosed: false };
  let end = marks.start(ending.index);
  while (end > start + 1 && BLANK.test(text.charAt(end - 1))) end -= 1;
  return { start, end, isClosed: false };
}

/** Returns where the quote of a mark ends. Returns null if the mark opens no quote. */
function endOf(marks: ParagraphMarks, index: number, around: Around): Ending | null {
  const role = marks.role(index);
  if (marks.family(index) === Family.Single) return endOfSingle(marks, index, around);
  return role === Role.Opens || role === Role.Both ? findEnd(marks, index) : null;
}

/** Finds the end of a quote in double marks or guillemets. */
function findEnd(marks: ParagraphMarks, opening: number): Ending {
  let doubtful = -1;
  for (let at = marks.next(opening); at !== -1; at = marks.next(at)) {
    const role = marks.role(at);
    if (role === Role.Closes || role === Role.Both) return { index: at, isClosed: true };
    if (role === Role.Doubtful && doubtful === -1) doubtful = at;
    if (role !== Role.Opens) continue;
    if (doubtful !== -1) break;
    const inner = endOfNested(marks, at);
    if (inner === -1) return { index: at, isClosed: false };
    at = inner;
  }
  return doubtful === -1 ? NO_END : { index: doubtful, isClosed: true };
}

/**
 * Returns the closing mark of a quote inside a quote with the same marks. Returns -1 if no second closing mark
 * follows: the outer quote was never closed.
 */
function endOfNested(marks: ParagraphMarks, at: number): number {
  const inner = marks.next(at);
  const outer = inner === -1 ? -1 : marks.next(inner);
  const isNested = outer !== -1 && closes(marks, inner) && marks.role(outer) === Role.Closes;
  return isNested ? inner : -1;
}

const closes = (marks: ParagraphMarks, at: number): boolean =>
  marks.role(at) === Role.Closes || marks.role(at) === Role.Both;

function endOfSingle(marks: ParagraphMarks, index: number, around: Around): Ending | null {
  const { text, paragraph, habits } = around;
  const role = marks.role(index);
  if (!OPENERS.has(role)) return null;
  const first = paragraph.start;
  const isLeading = isAtSpeech({ text, first, last: paragraph.end }, marks.start(index));
  const ending = findSingleEnd(marks, index, isLeading);
  if (!ending.isClosed) {
    return role === Role.Opens && habits.isSingle && isLeading ? ending : null;
  }
  if (habits.isSingle && role !== Role.Shortens) return ending;
  return isLeading && isSure(marks, { index, ending }, text) ? ending : null;
}

/**
 * True if marks that are most often apostrophes are around speech: a capital letter opens it, and a
 * full stop, a comma or another stop closes it.
 */
function isSure(
  marks: ParagraphMarks,
  { index, ending }: { readonly index: number; readonly ending: Ending },
  text: string,
): boolean {
  const start = marks.start(index);
  if (!UPPER.test(text.slice(start, start + 8))) return false;
  const isCurly = marks.role(index) === Role.Opens && text.charAt(start) !== "'";
  const isEnd = isCurly && marks.role(ending.index) === Role.Closes;
  return isEnd || STOP.test(text.charAt(marks.start(ending.index) - 1));
}

/** Finds the end of a quote in single marks. Skips quotes in double marks inside it. */
function findSingleEnd(marks: ParagraphMarks, opening: number, isLeading: boolean): Ending {
  const best = { index: -1, role: 0 };
  const last = reachOf(marks, opening);
  for (let at = opening + 1; at < last; at += 1) {
    const role = marks.role(at);
    if (marks.family(at) !== Family.Single) {
      at = lastOfOther(marks, at);
    } else if (closes(marks, at)) {
      return { index: at, isClosed: true };
    } else if (opensInside(role, best)) {
      const inner = best.index === -1 ? endOfNested(marks, at) : -1;
      if (inner === -1) return endBefore(best.index, at);
      at = inner;
    } else {
      keepBetter(best, { index: at, role });
    }
  }
  // The speech of "‘I saw the boys’ coats." goes on in the next paragraph.
  const isPlural = isLeading && best.role === Role.Doubtful;
  return best.index === -1 || isPlural ? NO_END : { index: best.index, isClosed: true };
}

/** Returns where the search for the end of a quote in single marks ends. */
const reachOf = (marks: ParagraphMarks, opening: number): number =>
  marks.role(opening) === Role.Opens
    ? marks.length
    : Math.min(marks.length, opening + DOUBTFUL_REACH);

interface Candidate {
  index: number;
  role: number;
}

function keepBetter(best: Candidate, found: Candidate): void {
  if (CLOSERS.has(found.role) && found.role > best.role) Object.assign(best, found);
}

/** Returns the end of a quote before the next quote: at the best mark that can close it, if there is one. */
const endBefore = (best: number, next: number): Ending =>
  best === -1 ? { index: next, isClosed: false } : { index: best, isClosed: true };

const opensInside = (role: number, best: { readonly index: number }): boolean =>
  role === Role.Opens || (role === Role.MayOpen && best.index !== -1);

/** Returns the index of a mark of another family, or of the mark that closes its quote. */
function lastOfOther(marks: ParagraphMarks, at: number): number {
  const { index, isClosed } = marks.role(at) === Role.Opens ? findEnd(marks, at) : NO_END;
  return isClosed ? index : at;
}

/** True if the first mark of a paragraph closes speech that no mark opens. */
function closesUnopened(marks: ParagraphMarks, { text, isOpen }: Around): boolean {
  if (marks.role(0) !== Role.Closes || marks.family(0) === Family.Single) return false;
  return isOpen || STOP.test(text.charAt(marks.start(0) - 1));
}

const toMark = (marks: ParagraphMarks, { paragraph }: Around): OpenSpan => ({
  start: paragraph.start,
  end: marks.end(0),
  isClosed: true,
});
