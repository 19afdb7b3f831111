import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { romanNumber } from "../numerals.js";

/** "[Pg 12]" is the number of a page wherever it stands. "{12}" is one if the numbers in braces count up. */
const INLINE =
  /\[\s*(?:pg|page|p)\b\.?\s*(?:\d{1,4}|[ivxlc]{1,8})\s*\]|\{\s*(?:(?:pg|page|p)\b\.?\s*)?(\d{1,4}|[ivxlc]{1,8})\s*\}/giu;
const LARGEST_STEP = 12;

/** Finds the numbers of pages inside lines. A number on a line of its own is left for the line's neighbours to judge. */
export function findInlineMarks(text: string): readonly ApparatusSpan[] {
  const marks = [...text.matchAll(INLINE)];
  const isCounted = countBraces(marks);
  let last = 0;
  return marks
    .filter((mark, index) => isCounted(index) && !isAlone(text, mark))
    .map((mark) => {
      const span = spanOf(text, mark);
      const start = Math.max(span.start, last);
      last = span.end;
      return { ...span, start };
    });
}

function countBraces(marks: readonly RegExpExecArray[]): (index: number) => boolean {
  const values = marks.map(({ 1: numeral }) => (numeral === undefined ? null : valueOf(numeral)));
  const follows = (from: number | null | undefined, to: number | null | undefined): boolean =>
    typeof from === "number" && typeof to === "number" && to > from && to - from <= LARGEST_STEP;
  return (index) => {
    const value = values[index];
    if (value === null) return marks[index]?.[1] === undefined;
    return follows(values[index - 1], value) || follows(value, values[index + 1]);
  };
}

const valueOf = (numeral: string): number | null =>
  /^\d/u.test(numeral) ? Number(numeral) : romanNumber(numeral.toUpperCase());

/** The longest indent of a line is far shorter. */
const NEAR = 200;

const before = (text: string, at: number): string => text.slice(Math.max(0, at - NEAR), at);
const behind = (text: string, at: number): string => text.slice(at, at + NEAR);

const isAlone = (text: string, { 0: mark, index }: RegExpExecArray): boolean =>
  /(?:^|\n)[^\S\n]*$/u.test(before(text, index)) &&
  /^[^\S\n]*(?:\n|$)/u.test(behind(text, index + mark.length));

/** Takes the space on one side along, so that one space stays between two words. */
function spanOf(text: string, { 0: mark, index }: RegExpExecArray): ApparatusSpan {
  const end = index + mark.length;
  const kind = ApparatusKind.PageNumber;
  const [spaceBefore = ""] = /[^\S\n]*$/u.exec(before(text, index)) ?? [];
  const [spaceBehind = ""] = /^[^\S\n]*/u.exec(behind(text, end)) ?? [];
  const isAtStart = /(?:^|\n)[^\S\n]*$/u.test(before(text, index));
  const isAtEnd = /^[^\S\n]*(?:\n|$)/u.test(behind(text, end));
  if (isAtEnd) return { kind, said: "", start: index - spaceBefore.length, end };
  if (isAtStart || spaceBefore !== "")
    return { kind, said: "", start: index, end: end + spaceBehind.length };
  // A hyphen before a mark inside a word is judged like a hyphen at a line's end.
  const isInWord = /\p{L}[-‐¬]$/u.test(before(text, index)) && /^\p{Ll}/u.test(behind(text, end));
  return { kind, said: isInWord ? "\n" : "", start: index, end };
}
