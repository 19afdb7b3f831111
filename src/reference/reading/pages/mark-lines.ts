import { romanNumber } from "../numerals.js";

/** How a line shows the number of a page. A stronger form is rarer in stories. */
export const MarkForm = {
  /** "[Pg 12]", `<pb n="12"/>` */
  Sure: "sure",
  /** "Page 12 of 300", "p. 12" */
  Named: "named",
  /** "- 12 -", "[12]", "{12}" */
  Decorated: "decorated",
  /** "12 | THE HOUSE", "THE HOUSE 12" */
  Headed: "headed",
  /** "12", "xii" */
  Bare: "bare",
} as const;
export type MarkForm = (typeof MarkForm)[keyof typeof MarkForm];

/** A line that can be the number of a page. */
export interface PageMark {
  readonly form: MarkForm;
  readonly value: number;
  /** Numbers of different systems form no sequence. */
  readonly system: "arabic" | "roman" | "ROMAN";
  /** The running head on the same line. */
  readonly head: string | null;
}

const LONGEST = 80;
const NUMERAL = /(\d{1,4}|[ivxlc]{1,8}|[IVXLC]{1,8})/u.source;
const OF_TOTAL = /(?:\s*(?:of|\/|von|de|sur|di|van|av|из)\s*\d{1,4})?/u.source;
const PAGE =
  /(?:[Pp]gs?|PG|[Pp]ages?|PAGE|[Pp]|[Ss]eite|SEITE|[Pp]ágina|[Pp]agina|[Pp]ág|[Сс]тр|[Ss]ida|[Ss]ide|[Ss]trona|[Ss]ivu)/u
    .source;
const DECOR = /[-–—~*•·|=_+]{1,4}/u.source;
const BETWEEN = /(?:\s*[|•·~]\s*|\s+[-–—]+\s+|\s+)/u.source;
const whole = (parts: readonly string[]): RegExp => new RegExp(`^${parts.join("")}$`, "u");

const SURE = whole([/\[\s*/u.source, PAGE, /\.?\s*/u.source, NUMERAL, /\s*\]/u.source]);
/** The tag of an edition in TEI. */
const TAGGED = whole([/<pb\b[^<>]*\sn="/u.source, NUMERAL, /"[^<>]*>/u.source]);
const NAMED = whole([
  /[-–—~*\s]*[[({<]?\s*/u.source,
  PAGE,
  /(?:\.\s*|\s+|(?=\d))/u.source,
  NUMERAL,
  OF_TOTAL,
  /\s*[\])}>]?[-–—~*.\s]*/u.source,
]);
const DECORATED = whole([
  "(?:",
  [DECOR, NUMERAL, DECOR].join(String.raw`\s*`),
  "|",
  [/[[({<]/u.source, NUMERAL, /[\])}>]/u.source].join(String.raw`\s*`),
  ")",
]);
const BARE = whole([
  "(?:",
  NUMERAL,
  String.raw`\.?|\|\s*`,
  NUMERAL,
  "|",
  NUMERAL,
  String.raw`\s*\||(\d{1,4})\s*(?:\/|of)\s*\d{1,4})`,
]);
const NUMBER_FIRST = whole([
  String.raw`[[({]?`,
  NUMERAL,
  String.raw`[\])}]?`,
  BETWEEN,
  String.raw`(\S.*)`,
]);
const NUMBER_LAST = whole([
  String.raw`(.*\S)`,
  BETWEEN,
  String.raw`[[({]?`,
  NUMERAL,
  String.raw`[\])}]?`,
]);
/** Every form has a digit or begins or ends with a Roman numeral. Most lines do not, and need no other check. */
const POSSIBLE = /\d|^<pb\b|\b[ivxlc]+\W*$|^\W*[ivxlc]+\b|\b[IVXLC]+\W*$|^\W*[IVXLC]+\b/u;

/** Reads a line as the number of a page, with or without a running head. Null if the line is none. */
export function readPageMark(line: string): PageMark | null {
  if (line.length > LONGEST || !POSSIBLE.test(line)) return null;
  return (
    markOf(SURE.exec(line), MarkForm.Sure) ??
    markOf(TAGGED.exec(line), MarkForm.Sure) ??
    markOf(NAMED.exec(line), MarkForm.Named) ??
    markOf(DECORATED.exec(line), MarkForm.Decorated) ??
    markOf(BARE.exec(line), MarkForm.Bare) ??
    headedMark(line)
  );
}

function markOf(found: RegExpExecArray | null, form: MarkForm): PageMark | null {
  const groups: readonly (string | undefined)[] = found ?? [];
  const numeral = groups.slice(1).find((group) => group !== undefined);
  return numeral === undefined ? null : mark(numeral, form, null);
}

function headedMark(line: string): PageMark | null {
  const [, first = "", headAfter = ""] = NUMBER_FIRST.exec(line) ?? [];
  if (isHead(headAfter)) return mark(first, MarkForm.Headed, headAfter);
  const [, headBefore = "", last = ""] = NUMBER_LAST.exec(line) ?? [];
  return isHead(headBefore) ? mark(last, MarkForm.Headed, headBefore) : null;
}

function mark(numeral: string, form: MarkForm, head: string | null): PageMark | null {
  if (/^\d/u.test(numeral)) return { form, value: Number(numeral), system: "arabic", head };
  const value = romanNumber(numeral.toUpperCase());
  if (value === null) return null;
  return { form, value, system: /^\p{Lu}/u.test(numeral) ? "ROMAN" : "roman", head };
}

const LONGEST_HEAD = 70;
const SPEECH = /^["'“”‘„«»‹›–—-]/u;
/** A line that ends like a part of a sentence, or like speech. */
const OPEN_OR_SPEECH = /[,;:“”"»!?…-]$/u;
/** "CHAPTER 2" is a heading and no running head with a page number. */
const ONLY_LABEL =
  /^(?:the\s+)?(?:chapter|part|book|volume|vol|act|scene|stave|canto|letter|section|no|chapitre|kapitel|cap[íi]tulo|capitolo|teil|buch|livre|partie|глава|часть|hoofdstuk|rozdział|luku|kapittel|kapitola)\.?$/iu;

/** True for a line that can stand at the top of every page: a short line in capitals or in title case. */
export function isHead(line: string): boolean {
  if (line.length > LONGEST_HEAD || !/\p{L}{2}/u.test(line)) return false;
  if (SPEECH.test(line) || ONLY_LABEL.test(line)) return false;
  if (/\p{Lu}/u.test(line) && line === line.toUpperCase()) return true;
  return !OPEN_OR_SPEECH.test(line) && !/\p{L}{3}\.$/u.test(line) && isTitleCase(line);
}

/** True if every word of four letters or more begins with a capital, and the first word too. */
const isTitleCase = (line: string): boolean =>
  /^[^\p{L}]*\p{Lu}/u.test(line) && !/(?<![\p{L}'’])\p{Ll}[\p{L}'’]{3}/u.test(line);

/** Returns the same key for a running head on every page, whatever its case and number are. */
export const headKey = (head: string): string =>
  head
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(/^ | $/gu, "");
