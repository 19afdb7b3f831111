import { CHAPTER_RANK } from "./heading-words.js";
import { type HeadingLines, HeadingStyle } from "./heading-lines.js";

export interface Heading extends HeadingLines {
  readonly start: number;
  /** Index of the paragraph, and of the last paragraph of the heading's name. */
  readonly paragraph: number;
  readonly last: number;
}

interface LookAhead {
  readonly nextOneOrTwo: Uint8Array;
  readonly nextNamed: Uint16Array;
}

/**
 * Removes headings that are only numbered and do not count up. The number 1 stays if a 2 follows, or directly below a
 * wider heading. Any other number stays if it is one more than the last number that stayed and no chapter by name has
 * it, or if it is a bare number in the first paragraph. Inside a chapter by name, the sections have numbers of their
 * own: "Chapter 1, I, II, Chapter 2, I, II".
 */
export function dropUncounted(headings: readonly Heading[]): readonly Heading[] {
  const counter = new Counter(headings);
  return headings.filter((_, index) => counter.counts(index));
}

class Counter {
  readonly #headings: readonly Heading[];
  readonly #ahead: LookAhead;
  #last = 0;
  #isInChapter = false;
  /** True if the numbers began inside a chapter by name. */
  #isOwnCount = false;

  constructor(headings: readonly Heading[]) {
    this.#headings = headings;
    this.#ahead = lookAhead(headings);
  }

  /** True if the heading stays. Pass the headings in order. */
  counts(index: number): boolean {
    const heading = this.#headings[index];
    if (heading === undefined) return false;
    if (heading.style === HeadingStyle.Named) return this.#openNamed(heading);
    const begins = this.#begins(heading, index);
    const isNext = this.#isNext(heading, index);
    if (begins) this.#isOwnCount = this.#isInChapter;
    if (begins || isNext) this.#last = heading.number ?? this.#last;
    return begins || isNext;
  }

  #openNamed(heading: Heading): true {
    const number = chapterNumber(heading);
    this.#isOwnCount = false;
    this.#isInChapter ||= number !== null;
    this.#last = number ?? this.#last;
    return true;
  }

  #begins(heading: Heading, index: number): boolean {
    if (heading.number !== 1) return isOpening(heading);
    return (
      this.#ahead.nextOneOrTwo[index] === 2 || isBelowWider(this.#headings[index - 1], heading)
    );
  }

  #isNext({ number }: Heading, index: number): boolean {
    if (this.#last === 0 || number !== this.#last + 1) return false;
    return this.#isOwnCount || this.#ahead.nextNamed[index] !== number;
  }
}

/** "PART TWO" and "I": the part has one chapter. */
const isBelowWider = (above: Heading | undefined, { paragraph, style }: Heading): boolean =>
  above?.style === HeadingStyle.Named &&
  above.paragraph === paragraph - 1 &&
  style === HeadingStyle.Numeral;

/** Returns the number of a chapter by name. Null for other headings. */
const chapterNumber = ({ style, rank, number }: Heading): number | null =>
  style === HeadingStyle.Named && rank === CHAPTER_RANK ? number : null;

const isOpening = ({ paragraph, isBareWord, style }: Heading): boolean =>
  paragraph === 0 && !isBareWord && style === HeadingStyle.Numeral;

/**
 * Returns for each heading the next number after it that is 1 or 2, and the number of the next chapter by name.
 * Returns 0 if there is none. One pass from the end, because a text can have 600,000 numerals.
 */
function lookAhead(headings: readonly Heading[]): LookAhead {
  const nextOneOrTwo = new Uint8Array(headings.length);
  const nextNamed = new Uint16Array(headings.length);
  let [known, named] = [0, 0];
  for (const [index, heading] of [...headings.entries()].reverse()) {
    nextOneOrTwo[index] = known;
    nextNamed[index] = named;
    named = chapterNumber(heading) ?? named;
    const { number, style } = heading;
    if (style !== HeadingStyle.Named && (number === 1 || number === 2)) known = number;
  }
  return { nextOneOrTwo, nextNamed };
}
