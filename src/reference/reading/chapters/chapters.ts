import type { Paragraph } from "../layout/paragraphs.js";
import { romanNumber, wordNumber } from "../numerals.js";

/** The heading of a chapter, and the place in the text where the chapter begins. */
export interface ChapterHeading {
  readonly title: string;
  /** UTF-16 offset of the heading. */
  readonly start: number;
}

const MAX_TITLE_LENGTH = 200;
const MAX_NAME_LENGTH = 100;

/**
 * The rank of each word or mark that begins a heading. A smaller rank means a wider part of the
 * book: a volume is wider than a chapter. A heading directly after a wider heading belongs to the
 * same chapter.
 */
const RANKS: ReadonlyMap<string, number> = new Map(
  [
    ["volume"],
    ["book"],
    ["part", "act"],
    ["#"],
    ["##"],
    ["###"],
    ["chapter", "stave", "canto", "letter", "scene", "chapitre", "kapitel", "capítulo", "capitolo"],
  ].flatMap((words, rank) => words.map((word) => [word, rank] as const)),
);
const CHAPTER_RANK = 6;
const NUMERAL_RANK = 7;
const UNNUMBERED = new Set(
  "prologue epilogue preface foreword introduction interlude prelude afterword postscript".split(
    " ",
  ),
);
const STOP_BETWEEN_SENTENCES = /\p{L}{4,}[.?!…]\s+\p{Lu}/u;

interface Heading extends ChapterHeading {
  readonly rank: number;
  /** Index of the paragraph. */
  readonly paragraph: number;
  /** The number if the heading is only a numeral. Null for other headings. */
  readonly number: number | null;
  /** True if the heading is exactly "I.", which can also be the word that a character says. */
  readonly isBareWord: boolean;
}

/**
 * Finds the chapters of a text by their headings. A heading is a paragraph of one or two lines:
 * "CHAPTER I", "Chapter 2. Down the Rabbit-Hole", "PART TWO", "Prologue", "# Title". Paragraphs
 * that are only a numeral are headings if the numerals count up. If several headings have no text
 * between them, the last heading and the wider headings before it form one chapter ("PART TWO:
 * CHAPTER I"). The other headings are a table of contents and form no chapters.
 */
export function findChapters(
  text: string,
  paragraphs: readonly Paragraph[],
): readonly ChapterHeading[] {
  const headings = paragraphs.flatMap(({ index, start, end }) => {
    const heading = headingIn(text.slice(start, end));
    return heading ? [{ ...heading, start, paragraph: index }] : [];
  });
  return joinHeadings(dropUncounted(headings));
}

type Found = Omit<Heading, "start" | "paragraph">;

/** Every heading begins like this. Most paragraphs of short lines do not, and need no other check. */
const HEADING_START = /^[\s*_]*[#\d\p{Lu}]/u;

function headingIn(paragraph: string): Found | null {
  if (!HEADING_START.test(paragraph)) return null;
  const lines = paragraph.split("\n").map((line) => line.replace(/^[\s*_]+|[\s*_]+$/gu, ""));
  const [first = "", second] = lines;
  if (lines.length > 2 || first.length > MAX_TITLE_LENGTH) return null;
  const found = markdownHeading(first) ?? numeralHeading(first) ?? namedHeading(first);
  if (second === undefined) return found;
  // "CHAPTER" and its number can be on two lines.
  if (!found) return isNumeral(second) ? namedHeading(`${first} ${second}`) : null;
  return withNameBelow(found, second);
}

/**
 * Joins a heading with the name on the next line: "CHAPTER I." and "Down the Rabbit-Hole". Returns
 * null if the next line cannot be a name. Returns null if the next line is a heading that is not
 * narrower, because both lines are then a table of contents.
 */
function withNameBelow(found: Found, name: string): Found | null {
  const below = headingIn(name);
  if (!isName(name) || (below && below.rank <= found.rank)) return null;
  const title = `${found.title}. ${titleOf(name)}`;
  return title.length <= MAX_TITLE_LENGTH ? { ...found, title } : found;
}

function markdownHeading(line: string): Found | null {
  const [, marks = "", name = ""] = /^(#{1,3})\s+(\S.*?)\s*#*$/u.exec(line) ?? [];
  const title = titleOf(name);
  return title === "" ? null : found(title, RANKS.get(marks) ?? CHAPTER_RANK);
}

function numeralHeading(line: string): Found | null {
  const numeral = line.replace(/\.$/, "");
  const number = /^\d{1,3}$/.test(numeral) ? Number(numeral) : romanNumber(numeral);
  if (number === null) return null;
  return { title: numeral, rank: NUMERAL_RANK, number, isBareWord: line === "I." };
}

function namedHeading(line: string): Found | null {
  const [, word = "", rest = ""] = /^(\p{Lu}\p{L}+)(.*)$/u.exec(line) ?? [];
  const name = word.toLowerCase();
  if (UNNUMBERED.has(name)) return isEmptyOrName(rest) ? found(titleOf(line), CHAPTER_RANK) : null;
  const rank = RANKS.get(name);
  return rank !== undefined && isNumbered(rest) ? found(titleOf(line), rank) : null;
}

/**
 * True if the text is a number, or a number and a name. If no punctuation is between number and
 * name, the name must not end like a sentence.
 */
function isNumbered(rest: string): boolean {
  const [, numeral = "", behind = ""] =
    /^\s+(?:the\s+)?([\p{L}\d]+(?:-\p{L}+)?)(.*)$/iu.exec(rest) ?? [];
  if (!isNumeral(numeral)) return false;
  return isEmptyOrName(behind) || (/^\s+\p{Lu}/u.test(behind) && isUnstopped(behind));
}

/** True if the text is empty, or punctuation and a name: ". Down the Rabbit-Hole". */
const isEmptyOrName = (behind: string): boolean =>
  /^\s*[.:]?\s*$/u.test(behind) ||
  (/^\s*[.:—–-]/u.test(behind) && isName(behind.replace(/^\s*[.:—–-]+\s*["“'‘’«(]?/u, "")));

const isUnstopped = (name: string): boolean => isName(name.trim()) && !/[.?!…]$/u.test(name);

/**
 * True if the text can be a chapter's name. Speech, a part of a sentence, or two sentences cannot
 * be a name.
 */
const isName = (name: string): boolean =>
  name.length <= MAX_NAME_LENGTH &&
  /^[\p{Lu}\p{N}]/u.test(name) &&
  !/[,;]$/u.test(name) &&
  !STOP_BETWEEN_SENTENCES.test(name);

const isNumeral = (word: string): boolean =>
  /^(?:\d{1,3}|last)$/i.test(word) || wordNumber(word) !== null || romanNumber(word) !== null;

const found = (title: string, rank: number): Found => ({
  title,
  rank,
  number: null,
  isBareWord: false,
});

const titleOf = (line: string): string =>
  line
    .replace(/\s+/gu, " ")
    .replace(/[\s.:—–-]+$/u, "")
    .trim();

/**
 * Removes headings that are only a numeral and do not count up. The number 1 stays if a 2 follows.
 * Any other number stays if it is one more than the last number that stayed, or if it is in the
 * first paragraph.
 */
function dropUncounted(headings: readonly Heading[]): readonly Heading[] {
  let last = 0;
  const nextOneOrTwo = findNextOneOrTwo(headings);
  return headings.filter(({ number, paragraph, isBareWord }, index) => {
    if (number === null) return true;
    const begins = number === 1 ? nextOneOrTwo[index] === 2 : paragraph === 0 && !isBareWord;
    const isOne = begins || (last > 0 && number === last + 1);
    if (isOne) last = number;
    return isOne;
  });
}

/**
 * Returns for each heading the next number after it that is 1 or 2. Returns 0 if there is none. One
 * pass from the end, because a text can have 600,000 numerals.
 */
function findNextOneOrTwo(headings: readonly Heading[]): Uint8Array {
  const next = new Uint8Array(headings.length);
  let known = 0;
  for (let index = headings.length - 1; index >= 0; index -= 1) {
    next[index] = known;
    const number = headings[index]?.number;
    if (number === 1 || number === 2) known = number;
  }
  return next;
}

function joinHeadings(headings: readonly Heading[]): readonly ChapterHeading[] {
  const found: ChapterHeading[] = [];
  let open: Heading[] = [];
  const close = (): void => {
    const [widest] = open;
    if (widest) found.push({ title: joinedTitle(open), start: widest.start });
  };
  for (const heading of headings) {
    if (open.at(-1)?.paragraph !== heading.paragraph - 1) {
      close();
      open = [];
    }
    open = [...open.filter(({ rank }) => rank < heading.rank), heading];
  }
  close();
  return found;
}

function joinedTitle(open: readonly Heading[]): string {
  const title = open.map((heading) => heading.title).join(": ");
  return title.length <= MAX_TITLE_LENGTH ? title : (open.at(-1)?.title ?? title);
}
