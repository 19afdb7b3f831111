import { readText } from "../reading/reading.js";

const MAX_TITLE_LENGTH = 200;

/**
 * Returns the first line of a text if it is a title. Returns null if no blank line follows the
 * first line, or if the line does not look like a title.
 */
export function titleLineOf(content: string): string | null {
  const [, line = ""] = /^([^\n]+)\n[^\S\n]*\n/.exec(content) ?? [];
  const title = lineOf(line.replace(/^#{1,6}\s+/, ""));
  const isTitle =
    title.length <= MAX_TITLE_LENGTH &&
    /\p{L}|\p{N}/u.test(title) &&
    !SPEECH_OR_SENTENCE.test(title) &&
    !DATE.test(title) &&
    readText(title).chapters.length === 0;
  return isTitle ? title : null;
}

/**
 * A line that is not a title, because the line begins with a quotation mark or a dialogue dash, or
 * ends like a sentence, a clause or a quote.
 */
const SPEECH_OR_SENTENCE = /^[\p{Pi}\p{Pf}"'„‚<–—-]|[.!?…,;:"'\p{Pi}\p{Pf}]$/u;

const MONTH = String.raw`\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b`;
/**
 * A line that is a date: a number with the name of a month, or only numbers. Examples: "14 March
 * 1889", "Tuesday, May 3rd", "3.5.1889".
 */
const DATE = new RegExp(String.raw`${MONTH}.*\d|\d.*${MONTH}|^[\d\s./-]+$`, "iu");

export function titleFromFileName(fileName: string): string {
  const base = fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const words = lineOf(base.replace(/[-_]+/g, " "));
  return words ? words.charAt(0).toUpperCase() + words.slice(1, MAX_TITLE_LENGTH) : "Untitled";
}

/** Returns a text as one line: no control characters, single spaces, NFC. */
const lineOf = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .normalize("NFC");

/** Returns a text as one line of at most `max` UTF-16 units. Null if no letter or digit is in it. */
export function nameOf(text: string | null | undefined, max = MAX_TITLE_LENGTH): string | null {
  if (text === null || text === undefined) return null;
  const line = lineOf(text.slice(0, 10 * max).toWellFormed());
  if (!/[\p{L}\p{N}]/u.test(line)) return null;
  return line.length <= max
    ? line
    : `${line
        .slice(0, max - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
