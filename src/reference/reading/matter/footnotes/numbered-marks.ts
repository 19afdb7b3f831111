import type { TextRange } from "../../../../platform/text/edited-text.js";
import { plainLabel, SUPERSCRIPTS } from "./marks.js";

/** A number directly after a word or after the end of a sentence. */
export type NumberedMark = TextRange;

const MARK = new RegExp(
  String.raw`(?<=\p{L}{2}\p{Ll}|\p{L}[.,;:!?…]["'”’»)\]]{0,2}|\p{L}["”»)\]]{1,2})(?:\d{1,3}|\[\d{1,3}\]|[${SUPERSCRIPTS}]{1,3})(?![\p{L}\p{M}\p{N}]|[.,:/’'-]\p{N}|\.\p{L})`,
  "gu",
);
/** The number after such a word is usually a part of the story. */
const NAME =
  /(?:^|[^\p{L}])(?:chap(?:ter)?|sec(?:tion)?|parts?|pages?|pg|pp?|fig(?:ure)?|tables?|vers(?:e|ion)|v|no|nos|nr|number|vol(?:ume)?|lines?|steps?|items?|books?|acts?|scenes?|rooms?|files?|days?|types?|models?|gates?|units?|level)[.]?$/iu;
const LOOK_BEHIND = 16;

/** The numbers in a text that can be the marks of footnotes. */
export class NumberedMarks {
  /** The marks with each number, in order. */
  readonly #plain = new Map<number, NumberedMark[]>();
  readonly #named = new Map<number, NumberedMark[]>();

  /** @param bodies parts of the text that have no marks, in order */
  constructor(text: string, bodies: readonly TextRange[]) {
    let next = 0;
    for (const { 0: written, index: start } of text.matchAll(MARK)) {
      while ((bodies[next]?.end ?? Infinity) <= start) next += 1;
      if (start >= (bodies[next]?.start ?? Infinity)) continue;
      const value = Number(plainLabel(written.replace(/[[\]]/gu, "")));
      const isName = NAME.test(text.slice(Math.max(0, start - LOOK_BEHIND), start));
      const byValue = isName ? this.#named : this.#plain;
      const mark = { start, end: start + written.length };
      const known = byValue.get(value);
      if (known) known.push(mark);
      else byValue.set(value, [mark]);
    }
  }

  /**
   * Returns one mark for each number, in the same order, in a part of the text. Null if one is missing, or if every
   * one stands after a word such as "chapter".
   */
  pair(values: readonly number[], { start, end }: TextRange): readonly NumberedMark[] | null {
    const found: NumberedMark[] = [];
    let [from, plain] = [start, 0];
    for (const value of values) {
      const unnamed = firstBetween(this.#plain.get(value), from, end);
      const mark = unnamed ?? firstBetween(this.#named.get(value), from, end);
      if (mark === null) return null;
      plain += Number(unnamed !== null);
      found.push(mark);
      from = mark.end;
    }
    return plain > 0 ? found : null;
  }
}

function firstBetween(
  marks: readonly NumberedMark[] = [],
  from: number,
  to: number,
): NumberedMark | null {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.start ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const mark = marks[low];
  return mark && mark.start < to ? mark : null;
}
