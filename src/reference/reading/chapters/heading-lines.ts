import { romanNumber, wordNumber } from "../numerals.js";
import { CHAPTER_RANK, FOREIGN_NUMBERS, NUMERAL_RANK, RANKS, UNNUMBERED } from "./heading-words.js";

/** How a heading shows its number. A named heading says what it is; the others must count up. */
export const HeadingStyle = {
  /** "CHAPTER I", "Prologue", "# Title" */
  Named: "named",
  /** "I", "1.", "— 1 —" */
  Numeral: "numeral",
  /** "ONE" */
  Word: "word",
  /** "I. THE STORM", "1 The Storm" */
  Titled: "titled",
} as const;
export type HeadingStyle = (typeof HeadingStyle)[keyof typeof HeadingStyle];

/** A heading as its lines show it. */
export interface HeadingLines {
  readonly title: string;
  readonly rank: number;
  readonly style: HeadingStyle;
  /** The heading's number. Null if the heading has none. */
  readonly number: number | null;
  /** True if the heading is exactly "I.", which can also be the word that a character says. */
  readonly isBareWord: boolean;
  /** True if the heading says more than its number. */
  readonly hasName: boolean;
}

export const MAX_TITLE_LENGTH = 200;
const MAX_NAME_LENGTH = 100;
const MAX_LINES = 4;
/** "Chap." and "Vol." can end with a full stop, "Chapter" cannot. */
const LONGEST_ABBREVIATION = 4;
const NUMBER_BEHIND = /^\s+(?:the\s+)?([\p{L}\d]+(?:-\p{L}+)?)(.*)$/iu;
const STOP_BETWEEN_SENTENCES = /\p{L}{4,}[.?!…]\s+\p{Lu}/u;

/** Every heading begins like this. Most paragraphs of short lines do not, and need no other check. */
const HEADING_START = /^[\s*_>~–—-]*[#\d\p{Lu}]/u;
const AROUND = /^[\s*_>]+|[\s*_]+$/gu;

/** Reads a paragraph as a heading: a line, or a line with its name on the lines below. Null if it is none. */
export function headingIn(paragraph: string): HeadingLines | null {
  if (!HEADING_START.test(paragraph)) return null;
  const lines = paragraph.split("\n", MAX_LINES + 1).map((line) => line.replace(AROUND, ""));
  const [first = "", ...below] = lines;
  if (below.length >= MAX_LINES || first.length > MAX_TITLE_LENGTH) return null;
  const found = headingLine(first);
  if (below.length === 0) return found;
  return found ? withNamesBelow(found, below, STOP.test(first)) : labelAbove(first, below);
}

/** "CHAPTER" and its number can be on two lines. */
const labelAbove = (
  label: string,
  [numeral = "", ...more]: readonly string[],
): HeadingLines | null =>
  more.length === 0 && isNumeral(numeral) ? namedHeading(`${label} ${numeral}`) : null;

/** A name of more than one line is in capitals. */
const withNamesBelow = (
  found: HeadingLines,
  names: readonly string[],
  isStopped: boolean,
): HeadingLines | null =>
  names.length > 1 && !names.every(isCapitals)
    ? null
    : withNameBelow(found, names.join(" "), isStopped);

/** Reads one line as a heading. Null if the line is none. */
export const headingLine = (line: string): HeadingLines | null =>
  markdownHeading(line) ??
  numeralHeading(line) ??
  namedHeading(line) ??
  orderedHeading(line) ??
  titledHeading(line);

const isCapitals = (line: string): boolean => /\p{Lu}/u.test(line) && line === line.toUpperCase();

/**
 * Joins a heading with the name on the next line: "CHAPTER I." and "Down the Rabbit-Hole". Returns
 * null if the next line cannot be a name. Returns null if the next line is a heading that is not
 * narrower, because both lines are then a table of contents.
 */
function withNameBelow(found: HeadingLines, name: string, isStopped: boolean): HeadingLines | null {
  const below = headingIn(name);
  if (!isName(name) || isSentence(name) || (below && below.rank <= found.rank)) return null;
  return isAnswer(name) && !isStopped ? null : withTitle(found, name);
}

const STOP = /[.!?…]["'”’»]?$/u;
const SMALL_WORD_AND_STOP = /(?<![\p{L}'’-])\p{Ll}[\p{L}'’-]*[.!?…]["'”’»]?$/u;

/** True for "It was dark." and "I ran.", not for "The Science of Deduction." */
const isSentence = (name: string): boolean =>
  STOP.test(name) && (!isTitleCase(name) || SMALL_WORD_AND_STOP.test(name));

/** "No." below "Chapter 1" is text. "Loomings." below "CHAPTER 1." is a name, because both lines have a stop. */
const isAnswer = (name: string): boolean =>
  STOP.test(name) && !name.includes(" ") && !isCapitals(name);

/** Adds a name to a heading: "CHAPTER I" and "THE STORM". */
export function withTitle(found: HeadingLines, name: string): HeadingLines {
  const title = `${found.title}. ${titleOf(name)}`;
  return { ...found, title: title.length <= MAX_TITLE_LENGTH ? title : found.title, hasName: true };
}

function markdownHeading(line: string): HeadingLines | null {
  const [, marks = "", name = ""] = /^(#{1,3})\s+(\S.*?)\s*#*$/u.exec(line) ?? [];
  const title = titleOf(name);
  if (title === "") return null;
  return { ...named(title, RANKS.get(marks) ?? CHAPTER_RANK), hasName: true };
}

/** Signs around a number alone: "— 1 —". */
const DECORATION = /^[-–—~•]\s*(.*?)\s*[-–—~•]$/u;

function numeralHeading(line: string): HeadingLines | null {
  const bare = line.replace(DECORATION, "$1");
  const numeral = bare.replace(/\.$/, "");
  const number = /^\d{1,3}$/.test(numeral) ? Number(numeral) : romanNumber(numeral);
  const word = /^\p{Lu}[\p{L}-]+$/u.test(bare) ? wordNumber(bare) : null;
  const value = number ?? word;
  if (value === null) return null;
  const style = number === null ? HeadingStyle.Word : HeadingStyle.Numeral;
  return { ...numbered(numeral, value, style), isBareWord: line === "I." };
}

function namedHeading(line: string): HeadingLines | null {
  const { name, behind, isAbbreviated } = firstWord(line);
  if (UNNUMBERED.has(name)) return unnumberedHeading(line, behind);
  const rank = isAbbreviated && name.length > LONGEST_ABBREVIATION ? undefined : RANKS.get(name);
  return rank === undefined ? null : numberedHeading(line, rank, behind.replace(/^\./u, ""));
}

function firstWord(line: string): { name: string; behind: string; isAbbreviated: boolean } {
  const [, word = "", behind = ""] = /^(\p{Lu}\p{L}+(?:-\p{L}+)?)(.*)$/u.exec(line) ?? [];
  return { name: word.toLowerCase(), behind, isAbbreviated: behind.startsWith(".") };
}

function numberedHeading(line: string, rank: number, rest: string): HeadingLines | null {
  const [, numeral = "", behind = ""] = NUMBER_BEHIND.exec(rest) ?? [];
  if (!isNumbered(numeral, behind)) return null;
  return { ...named(titleOf(line), rank), number: numberOf(numeral), hasName: !isEmpty(behind) };
}

const unnumberedHeading = (line: string, behind: string): HeadingLines | null =>
  isEmptyOrName(behind) ? { ...named(titleOf(line), CHAPTER_RANK), hasName: true } : null;

/** "Erstes Kapitel", "THE FIRST CHAPTER", "2. luku": the number comes first. */
function orderedHeading(line: string): HeadingLines | null {
  const [, numeral = "", word = "", behind = ""] =
    /^(?:the\s+)?(\p{Lu}[\p{L}-]+|\d{1,3}(?=\.))\.?\s+(\p{L}+)(.*)$/iu.exec(line) ?? [];
  const rank = RANKS.get(word.toLowerCase());
  const number = numberOf(numeral);
  if (rank === undefined || number === null || !isEmptyOrName(behind)) return null;
  // "Two letters" can begin a sentence. An English heading has two capitals.
  if (wordNumber(numeral) !== null && !/^\p{Lu}/u.test(word)) return null;
  return { ...named(titleOf(line), rank), number, hasName: !isEmpty(behind) };
}

/** "I. THE STORM", "2 The Storm", "III: The Storm". The name is in capitals or in title case. */
function titledHeading(line: string): HeadingLines | null {
  const [, numeral = "", between = "", name = ""] =
    /^(\d{1,3}|[IVXLC]+)(\.|:|\s*[—–-]|(?=\s))\s*(\S.*)$/u.exec(line) ?? [];
  const number = numberOf(numeral);
  // "I Went Home" is no heading with the number 1.
  if (number === null || (between === "" && !/^\d/u.test(numeral)) || !isTitle(name)) return null;
  return { ...numbered(titleOf(line), number, HeadingStyle.Titled), hasName: true };
}

/** True for a name in capitals or in title case that does not end like a sentence or a list. */
export function isTitle(name: string): boolean {
  if (!isName(name) || !/\p{L}{2}/u.test(name)) return false;
  if (isCapitals(name)) return true;
  return isTitleCase(name) && !/\p{L}{3}[.?!…]["'”’»]?$/u.test(name);
}

/** True if every word of five letters or more begins with a capital. */
const isTitleCase = (name: string): boolean => !/(?<![\p{L}'’])\p{Ll}[\p{L}'’]{4}/u.test(name);

/**
 * True if the text is a number, or a number and a name. If no punctuation is between number and
 * name, the name must not end like a sentence.
 */
function isNumbered(numeral: string, behind: string): boolean {
  if (!isNumeral(numeral)) return false;
  return isEmptyOrName(behind) || (/^\s+\p{Lu}/u.test(behind) && isUnstopped(behind));
}

const isEmpty = (behind: string): boolean => /^\s*[.:]?\s*$/u.test(behind);

/** True if the text is empty, or punctuation and a name: ". Down the Rabbit-Hole". */
const isEmptyOrName = (behind: string): boolean =>
  isEmpty(behind) ||
  (/^\s*[.:—–-]/u.test(behind) && isName(behind.replace(/^\s*[.:—–-]+\s*["“'‘’«(]?/u, "")));

const isUnstopped = (name: string): boolean => isName(name.trim()) && !/[.?!…]$/u.test(name);

/**
 * True if the text can be a chapter's name. Speech, a part of a sentence, or two sentences cannot
 * be a name.
 */
const isName = (name: string): boolean =>
  name.length <= MAX_NAME_LENGTH &&
  /^[>"“‘«]?[\p{Lu}\p{N}]/u.test(name) &&
  !/[,;]$/u.test(name) &&
  !STOP_BETWEEN_SENTENCES.test(name);

const isNumeral = (word: string): boolean => /^last$/iu.test(word) || numberOf(word) !== null;

const numberOf = (word: string): number | null =>
  /^\d{1,3}$/u.test(word)
    ? Number(word)
    : (wordNumber(word) ?? romanNumber(word) ?? FOREIGN_NUMBERS.get(word.toLowerCase()) ?? null);

const named = (title: string, rank: number): HeadingLines => ({
  ...{ title, rank, style: HeadingStyle.Named, number: null, isBareWord: false, hasName: false },
});

const numbered = (title: string, number: number, style: HeadingStyle): HeadingLines => ({
  ...{ title, rank: NUMERAL_RANK, style, number, isBareWord: false, hasName: false },
});

const titleOf = (line: string): string =>
  line
    .replace(/\s+/gu, " ")
    .replace(/^>/u, "")
    .replace(/[\s.:—–-]+$/u, "")
    .trim();
