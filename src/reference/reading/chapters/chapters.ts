import type { ScriptParagraph } from "../layout/layout.js";
import type { Paragraph } from "../layout/paragraphs.js";
import { headKey, isHead } from "../pages/mark-lines.js";
import { dropUncounted, type Heading } from "./counted-headings.js";
import { CHAPTER_RANK } from "./heading-words.js";
import {
  headingIn,
  type HeadingLines,
  HeadingStyle,
  isTitle,
  MAX_TITLE_LENGTH,
  withTitle,
} from "./heading-lines.js";

/** The heading of a chapter, and the place in the text where the chapter begins. */
export interface ChapterHeading {
  readonly title: string;
  /** UTF-16 offset of the heading. */
  readonly start: number;
}

/** The chapters of a text, and the indexes of the paragraphs that are their headings. */
export interface Chapters {
  readonly chapters: readonly ChapterHeading[];
  readonly headings: ReadonlySet<number>;
}

/**
 * Finds the chapters of a text by their headings. A heading is a paragraph of a few lines: "CHAPTER I", "Chapter 2.
 * Down the Rabbit-Hole", "PART TWO", "Prologue", "# Title", or a title from the contents. The name can be the
 * paragraph below. Paragraphs that are only a numeral, or a numeral and a title, are headings if the numerals count
 * up. If several headings have no text between them, the last heading and the wider headings before it form one
 * chapter ("PART TWO: CHAPTER I"). The other headings form no chapters.
 * @param titles the keys of the titles in the table of contents
 */
export function findChapters(
  text: string,
  paragraphs: readonly (Paragraph & Partial<Pick<ScriptParagraph, "label">>)[],
  titles: ReadonlySet<string> = new Set(),
): Chapters {
  const headings = paragraphs.flatMap(({ index, start, end }) => {
    const paragraph = text.slice(start, Math.min(end, start + 4 * MAX_TITLE_LENGTH));
    const heading = headingIn(paragraph) ?? listedTitle(paragraph, titles);
    return heading ? [{ ...heading, start, paragraph: index, last: index }] : [];
  });
  const textOf = (index: number): string => {
    const { start, end, label = null } = paragraphs[index] ?? { start: 0, end: 0 };
    const isSpeech = label !== null;
    return isSpeech || end - start > 2 * MAX_TITLE_LENGTH ? LONG : text.slice(start, end);
  };
  return joinHeadings(joinNames(dropUncounted(dropLists(headings)), textOf));
}

const LONG = "A long paragraph or a speech is no title.";

function listedTitle(paragraph: string, titles: ReadonlySet<string>): HeadingLines | null {
  if (titles.size === 0 || paragraph.includes("\n") || !titles.has(headKey(paragraph))) return null;
  const title = paragraph.replace(/\s+/gu, " ").trim();
  if (!isHead(title)) return null;
  return {
    ...{ title: title.replace(/\.$/u, ""), rank: CHAPTER_RANK, style: HeadingStyle.Named },
    ...{ number: null, isBareWord: false, hasName: true },
  };
}

/**
 * Removes numerals that follow each other without text between them: a list, or somebody who counts. The last stays
 * if it begins again, because it is then the first chapter after a list of chapters.
 */
function dropLists(headings: readonly Heading[]): readonly Heading[] {
  const follows = (from: Heading | undefined, to: Heading | undefined): boolean =>
    from !== undefined &&
    to?.paragraph === from.paragraph + 1 &&
    from.style === to.style &&
    to.style !== HeadingStyle.Named;
  return headings.filter((heading, index) => {
    const [before, after] = [headings[index - 1], headings[index + 1]];
    if (follows(heading, after)) return false;
    return !follows(before, heading) || (heading.number ?? 0) <= (before?.number ?? 0);
  });
}

/** Joins each heading without a name with the title in the paragraph below. */
function joinNames(
  headings: readonly Heading[],
  textOf: (index: number) => string,
): readonly Heading[] {
  const joined: Heading[] = [];
  for (const [index, heading] of headings.entries()) {
    if (joined.at(-1)?.last === heading.paragraph) continue;
    const below = heading.paragraph + 1;
    const next = headings[index + 1];
    if (
      heading.hasName ||
      !isFree(heading, next) ||
      !isNameBelow(textOf(below), textOf(below + 1))
    ) {
      joined.push(heading);
    } else {
      const name = textOf(below).replace(/\s+/gu, " ").trim();
      joined.push({ ...heading, ...withTitle(heading, name), last: below });
    }
  }
  return joined;
}

/** True if the paragraph below is no heading with a number, and not the whole text of the chapter. */
const isFree = (heading: Heading, next: Heading | undefined): boolean =>
  (next?.paragraph !== heading.paragraph + 1 || (next.hasName && next.number === null)) &&
  !isWholeChapter(heading, next);

/** "No." between "Chapter 1" and "Chapter 2" is the text of chapter 1, because a chapter has a text. */
const isWholeChapter = (heading: Heading, next: Heading | undefined): boolean =>
  next?.paragraph === heading.paragraph + 2 && next.rank <= heading.rank;

/** "It went on." has small words and a stop. */
const SMALL_WORDS_AND_STOP = /\s\p{Ll}.*[.!?…]["'”’»]?$/su;

const SENTENCE_END = /[.!?…:,]["'”’»)]*$/u;
const END = /^(?:the end|finis|end|fin|ende)\.?$/iu;
/** "No." is an answer, not a title. */
const ONE_WORD_AND_STOP = /^\p{Lu}\p{Ll}*[.!?…]$/u;
const NO_NAMES = [END, SMALL_WORDS_AND_STOP, ONE_WORD_AND_STOP];

/** True if a paragraph is the name of the heading above: a title, and text or another heading below. */
function isNameBelow(name: string, below: string): boolean {
  if (!isTitle(name.replace(/\s+/gu, " ")) || NO_NAMES.some((form) => form.test(name)))
    return false;
  if (below === "") return false;
  if (name === name.toUpperCase()) return name.split("\n").length <= 3 && !name.endsWith(":");
  const isText = SENTENCE_END.test(below) || below.length > MAX_TITLE_LENGTH / 3;
  return !name.includes("\n") && !/\d/u.test(name) && (isText || headingIn(below) !== null);
}

function joinHeadings(headings: readonly Heading[]): Chapters {
  const chapters: ChapterHeading[] = [];
  const paragraphs = new Set<number>();
  let open: Heading[] = [];
  const close = (): void => {
    const [widest] = open;
    if (widest) chapters.push({ title: joinedTitle(open), start: widest.start });
    for (const { paragraph, last } of open) paragraphs.add(paragraph).add(last);
  };
  for (const heading of headings) {
    if (open.at(-1)?.last !== heading.paragraph - 1) {
      close();
      open = [];
    }
    open = [...open.filter(({ rank }) => rank < heading.rank), heading];
  }
  close();
  return { chapters, headings: paragraphs };
}

function joinedTitle(open: readonly Heading[]): string {
  const title = open.map((heading) => heading.title).join(": ");
  return title.length <= MAX_TITLE_LENGTH ? title : (open.at(-1)?.title ?? title);
}
