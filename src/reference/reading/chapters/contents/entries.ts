import { headKey, isHead } from "../../pages/mark-lines.js";
import { headingLine, type HeadingLines, HeadingStyle } from "../heading-lines.js";
import { CHAPTER_RANK } from "../heading-words.js";

/** A line of a table of contents, or a line of the story that has the same form. */
export interface Entry {
  /** Index of the line. */
  readonly line: number;
  /** The whole entry, without its page. */
  readonly key: string;
  /** The title behind the number. Empty if the entry has none. */
  readonly title: string;
  /** The number and what it numbers. Empty if the entry has none. */
  readonly label: string;
  /** The page at the end of the line. Null if there is none. */
  readonly page: number | null;
  /** True if only a table has such a line: leaders or a column of pages. */
  readonly hasColumn: boolean;
  readonly isHeading: boolean;
}

const HEAD =
  /^(?:the\s+)?(?:(?:table\s+of\s+)?contents(?:\s+of\s+(?:the\s+)?(?:book|volume|vol\.?)\b.*)?|index\s+of\s+chapters|list\s+of\s+(?:illustrations|plates|maps|chapters|figures|tables|plans|stories|letters)|(?:full-page\s+)?illustrations|chapters|inhalt|inhaltsverzeichnis|table\s+des\s+mati[èe]res|sommaire|[íi]ndice(?:\s+general)?|sommario|inhoud(?:sopgave)?|содержание|оглавление|spis\s+treści|obsah|sisällys(?:luettelo)?|innhold|innehåll|indhold)\s*[.:]?$/iu;
const COLUMN_HEAD =
  /^(?:(?:chapter|chap\.?|page|pages|part|no\.?|title|facing\s+page|to\s+face\s+page|kapitel|seite|frontispiece|vignette)\s*[.:]?\s*)+$/iu;
/** What a book has behind its story. A file of the story alone lists such parts, and has none of them. */
const BACK_MATTER =
  /^(?:(?:end)?notes|index|appendix|appendices|bibliography|glossary|acknowledge?ments|about the author|credits|register|anhang|index général|índice)$/iu;
const LONGEST = 160;
/** The sign before an entry in Markdown. */
const BULLET = /^[*•·+-]\s+/u;

/** True for the key of an entry such as "Notes" or "Index". */
export const isBackMatter = (key: string): boolean => BACK_MATTER.test(key);

/** True for a line such as "CONTENTS" or "List of Illustrations". */
export const isContentsHead = (line: string): boolean =>
  line.length <= LONGEST && /^\p{Lu}/u.test(line) && HEAD.test(line);

/** True for the heads of the columns: "CHAPTER      PAGE". */
export const isColumnHead = (line: string): boolean =>
  line.length <= LONGEST && COLUMN_HEAD.test(line);

const PAGE = /^(.*?[^\s.…·_-])(\s*(?:[.…·_-]\s*){2,}|\s{2,}|\t\s*|\s)(\d{1,4}|[ivxlc]{1,7})\.?$/u;

/** Most lines of prose fail this test, which is much faster than `PAGE`. */
const PAGE_AT_END = /(?:\d|(?:[\s.…·_-])[ivxlc]{1,7})\.?$/u;

interface PagedLine {
  readonly text: string;
  readonly page: number | null;
  readonly hasColumn: boolean;
}

const pageOf = (line: string): readonly string[] =>
  (PAGE_AT_END.test(line) ? PAGE.exec(line) : null) ?? [];

function withoutPage(line: string): PagedLine {
  const [, text = "", between = "", page = ""] = pageOf(line);
  const isColumn = /[.…·_\t]|\s{2}|--/u.test(between);
  const isPage = isColumn || (/^\d/u.test(page) && !isNumberOfHeading(line, text));
  if (text === "" || !isPage) return { text: line, page: null, hasColumn: false };
  return { text, page: /^\d/u.test(page) ? Number(page) : 0, hasColumn: isColumn };
}

/** True for the number in "Chapter 2". False for the page in "I. The Boat 12". */
const isNumberOfHeading = (line: string, textBeforeNumber: string): boolean =>
  headingLine(line) !== null && headingLine(textBeforeNumber)?.hasName !== true;

/** What stands before the name of a heading: "II." and "CHAPTER II." */
const NUMERAL = /^[^\s.:—–-]+[\s.:—–-]+/u;
const LABEL = /^\S+\s+(?:the\s+)?[\p{L}\d]+(?:-\p{L}+)?[\s.:—–-]*/iu;

/** A long line that begins with a small letter is no heading and no title. */
const PROSE = /^\p{Ll}.{40}/u;

/** Reads a line as an entry. Null if the line can only be a part of the story. */
export function readEntry(line: number, written: string): Entry | null {
  if (written.length > LONGEST) return null;
  const text = written.replace(BULLET, "");
  const { text: entry, page, hasColumn } = withoutPage(text);
  if (page === null && PROSE.test(text)) return null;
  const heading = headingLine(entry.replace(/\s+/gu, " "));
  if (!heading && page === null && !isTitleLine(entry)) return null;
  return {
    ...{ line, page, hasColumn, key: headKey(entry), isHeading: heading !== null },
    ...(heading === null ? { title: "", label: "" } : partsOf(entry, heading)),
  };
}

function partsOf(entry: string, heading: HeadingLines): Pick<Entry, "title" | "label"> {
  if (heading.number === null) return { title: "", label: "" };
  const label = heading.style === HeadingStyle.Titled ? NUMERAL : LABEL;
  return {
    title: heading.hasName ? headKey(entry.replace(label, "")) : "",
    label: labelOf(entry, heading),
  };
}

/** Chapters and numerals are one system: the entry "II. The Ladder" is the heading "CHAPTER II". */
function labelOf(entry: string, { rank, style, number }: HeadingLines): string {
  const isChapter = style !== HeadingStyle.Named || rank === CHAPTER_RANK;
  const word = isChapter ? "" : headKey(/^\p{L}+/u.exec(entry)?.[0] ?? "");
  return `${word}#${String(number)}`;
}

const isTitleLine = (line: string): boolean =>
  isHead(line.replace(/\.$/u, "").replace(/^["“‘'«]|["”’'»]$/gu, ""));

/** The ways in which a later line can show an entry: whole, its number, its title, or its title with a number. */
export const waysToShow = ({ key, title, label }: Entry): readonly string[] =>
  label === ""
    ? [`whole ${key}`, `untold ${key}`]
    : title === ""
      ? [`whole ${key}`, `number ${label}`]
      : [`whole ${key}`, `number ${label}`, `title ${title}`, `both ${label} ${title}`];

/** The ways in which a line can show an earlier entry. */
export function waysShown({ key, title, label }: Entry): readonly string[] {
  if (label === "") return [`whole ${key}`, `title ${key}`];
  if (title === "") return [`whole ${key}`, `number ${label}`];
  return [`whole ${key}`, `both ${label} ${title}`, `untold ${title}`];
}
