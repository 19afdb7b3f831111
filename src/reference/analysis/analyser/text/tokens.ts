import type { Paragraph } from "../document.js";
import { ABBREVIATIONS } from "../lexicon/honorifics.js";
import type { Quote } from "./quotes.js";

/**
 * A word or a punctuation mark of the text. `quote` is the index of the token's quote, or -1 in
 * narration.
 */
export interface Token {
  /** The written text without the possessive 's. */
  readonly text: string;
  readonly lower: string;
  readonly start: number;
  readonly end: number;
  readonly isWord: boolean;
  readonly isCapital: boolean;
  readonly isPossessive: boolean;
  readonly isSentenceStart: boolean;
  readonly paragraph: number;
  readonly quote: number;
}

const TOKEN = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|\p{N}+|[^\s\p{L}\p{M}\p{N}_*]/gu;
const CAPITAL = /^\p{Lu}/u;
const POSSESSIVE = /['’]s?$/iu;
const STOP = /[.!?:;…—]/u;
/**
 * The largest number of quotation marks and brackets between a full stop and the first word of the
 * next sentence. Without this limit, a page of marks would take quadratic time.
 */
const MOST_MARKS = 6;
const MARKS_AROUND = /["“”‘'’«»()[\]]/u;

/**
 * Splits a text into tokens. Skips underscores and asterisks, because they mark italics in plain
 * text.
 */
export function tokenize(
  text: string,
  paragraphs: readonly Paragraph[],
  quotes: readonly Quote[],
): readonly Token[] {
  const tokens: Token[] = [];
  let next = 0;
  for (const paragraph of paragraphs) {
    const opening = tokens.length;
    for (const match of text.slice(paragraph.start, paragraph.end).matchAll(TOKEN)) {
      const start = paragraph.start + match.index;
      while (next < quotes.length && (quotes[next]?.end ?? 0) <= start) next += 1;
      const quote = quotes[next];
      const place = {
        start,
        paragraph: paragraph.index,
        quote: quote !== undefined && quote.start <= start ? next : -1,
      };
      tokens.push(tokenOf(match[0], place, opensSentence(tokens, opening, place.quote)));
    }
  }
  return tokens;
}

function tokenOf(
  raw: string,
  place: { start: number; paragraph: number; quote: number },
  isSentenceStart: boolean,
): Token {
  const isWord = /^[\p{L}\p{N}]/u.test(raw);
  const isPossessive = isWord && POSSESSIVE.test(raw);
  const text = isPossessive ? raw.replace(POSSESSIVE, "") : raw;
  return {
    ...place,
    text,
    lower: text.toLowerCase().replaceAll("’", "'"),
    end: place.start + raw.length,
    isWord,
    isCapital: CAPITAL.test(raw),
    isPossessive,
    isSentenceStart,
  };
}

function opensSentence(tokens: readonly Token[], opening: number, quote: number): boolean {
  const furthest = Math.max(opening, tokens.length - MOST_MARKS);
  for (let at = tokens.length - 1; at >= furthest; at -= 1) {
    const before = tokens[at];
    if (before === undefined) return true;
    if (quote !== -1 && before.quote !== quote) return true;
    if (before.isWord) return false;
    if (STOP.test(before.text)) return !endsAbbreviation(tokens, at);
    if (!MARKS_AROUND.test(before.text)) return false;
  }
  return true;
}

/** True if the full stop at `at` belongs to a word such as "Mr" or to an initial. */
export function endsAbbreviation(tokens: readonly Token[], at: number): boolean {
  const word = tokens[at - 1];
  const stop = tokens[at];
  if (word === undefined || stop?.text !== "." || word.end !== stop.start) return false;
  const isInitial = word.text.length === 1 && word.isCapital && word.lower !== "i";
  return isInitial || ABBREVIATIONS.has(word.lower);
}
