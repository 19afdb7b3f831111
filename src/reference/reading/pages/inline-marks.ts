import { romanNumber } from "../numerals.js";
import { ApparatusKind, type ApparatusSpan } from "../span.js";

/** A form of mark that can also stand in a story. Its marks number pages only if they count up. */
interface CountedForm {
  readonly name: string;
  /** The fewest marks that are a sequence. */
  readonly fewest: number;
}

const COUNTED: readonly CountedForm[] = [
  { name: "brace", fewest: 2 },
  { name: "bracket", fewest: 3 },
  { name: "bar", fewest: 3 },
];
const NUMERAL = String.raw`\d{1,4}|[ivxlc]{1,8}`;
const PAGE = String.raw`(?:pg|page|p)\b\.?\s*`;
/** "[Pg 12]" and `<pb n="12"/>` are numbers of pages wherever they stand. The other forms must count up. */
const INLINE = new RegExp(
  String.raw`\[\s*${PAGE}(?:${NUMERAL})\s*\]|\{\s*${PAGE}(?:${NUMERAL})\s*\}|<pb\b[^<>]{0,200}>` +
    String.raw`|\{\s*(?<brace>${NUMERAL})\s*\}|\[\s?(?<bracket>${NUMERAL})\s?\](?!\()` +
    String.raw`|\|(?<bar>${NUMERAL})\|`,
  "giu",
);
const LARGEST_STEP = 12;
/** The usual distance between two numbers of pages is at least this. Numbers in a list are nearer. */
const SHORTEST_PAGE = 60;

/** Finds the numbers of pages inside lines. A number on a line of its own is left for the line's neighbours to judge. */
export function findInlineMarks(text: string): readonly ApparatusSpan[] {
  const marks = [...text.matchAll(INLINE)];
  const counted = new Set(COUNTED.flatMap((form) => marksInSequence(text, marks, form)));
  let last = 0;
  return marks
    .filter((mark) => (isSure(mark) || counted.has(mark)) && !isAlone(text, mark))
    .map((mark) => {
      const span = spanOf(text, mark);
      const start = Math.max(span.start, last);
      last = span.end;
      return { ...span, start };
    });
}

const isSure = ({ groups = {} }: RegExpExecArray): boolean =>
  COUNTED.every(({ name }) => groups[name] === undefined);

/** Returns the marks of one form that count up, each within a few pages of the mark before. */
function marksInSequence(
  text: string,
  marks: readonly RegExpExecArray[],
  { name, fewest }: CountedForm,
): readonly RegExpExecArray[] {
  const sequences: RegExpExecArray[][] = [];
  let last: number | null = null;
  for (const mark of marks) {
    const numeral = mark.groups?.[name];
    if (numeral === undefined) continue;
    const value = valueOf(numeral);
    const goesOn = value !== null && last !== null && value > last && value - last <= LARGEST_STEP;
    if (goesOn) sequences.at(-1)?.push(mark);
    else sequences.push([mark]);
    last = value;
  }
  const isSequence = (found: readonly RegExpExecArray[]): boolean =>
    found.length >= fewest && (found.length < FEWEST_JUDGED || looksLikePages(text, found));
  return sequences.filter(isSequence).flat();
}

const FEWEST_JUDGED = 3;

const valueOf = (numeral: string): number | null =>
  /^\d/u.test(numeral) ? Number(numeral) : romanNumber(numeral.toUpperCase());

/** Pages have a length, and end after any word. Numbers of rooms are near each other, or after the same word. */
function looksLikePages(text: string, marks: readonly RegExpExecArray[]): boolean {
  const lengths = marks.slice(1).map(({ index }, at) => index - (marks[at]?.index ?? 0));
  const median = lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? 0;
  const words = new Set(marks.map(({ index }) => wordBefore(text, index)));
  const things = marks.filter((mark) => isThing(text, mark)).length;
  return median >= SHORTEST_PAGE && 2 * words.size > marks.length && 4 * things < marks.length;
}

/** A comma belongs to the word before it. In "the key [1], the key [2]" the word is the number. */
const isThing = (text: string, { 0: mark, index }: RegExpExecArray): boolean =>
  /\s/u.test(text.charAt(index - 1)) && /[,.;:!?]/u.test(text.charAt(index + mark.length));

const wordBefore = (text: string, at: number): string =>
  /([\p{L}\p{M}]+)\P{L}*$/u.exec(text.slice(Math.max(0, at - LOOK_BEHIND), at))?.[1] ?? "";
const LOOK_BEHIND = 40;

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
  const [outerStart, outerEnd] = [index - spaceBefore.length, end + spaceBehind.length];
  // A hyphen before a mark inside a word is judged like a hyphen at a line's end.
  if (isInWord(text, outerStart, outerEnd)) {
    return { kind, said: "\n", start: outerStart, end: outerEnd };
  }
  const isAtStart = /(?:^|\n)[^\S\n]*$/u.test(before(text, index));
  const isAtEnd = /^[^\S\n]*(?:\n|$)/u.test(behind(text, end));
  if (isAtEnd) return { kind, said: "", start: outerStart, end };
  return { kind, said: "", start: index, end: isAtStart || spaceBefore !== "" ? outerEnd : end };
}

const isInWord = (text: string, start: number, end: number): boolean =>
  /\p{L}[-‐¬\u00AD]$/u.test(before(text, start)) && /^\p{Ll}/u.test(behind(text, end));
