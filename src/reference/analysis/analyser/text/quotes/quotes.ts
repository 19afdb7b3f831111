import { findDashQuotes } from "./dash-dialogue.js";
import type { Paragraph, Span } from "../../document.js";
import { SPEECH_VERBS } from "../../lexicon/speech-verbs.js";
import type { QuoteMarks } from "./quote-style.js";
import type { SpokenParagraph } from "./scripted.js";
import { type OpenSpan, findScriptedSpeech } from "./scripted.js";
import { detectQuoteStyle, QUOTE_MARKS } from "./quote-style.js";

/** A piece of direct speech with its quotation marks. */
export interface Quote extends Span {
  readonly index: number;
  readonly paragraph: number;
  /**
   * True if the quote continues the speech of the previous paragraph: the quote opens a paragraph,
   * and the previous quote has no closing mark.
   */
  readonly isContinuation: boolean;
  /** The speaker's name that a play writes before the line. Null in prose. */
  readonly label: string | null;
}

const BLANK = /[\s\uFEFF]/u;
const TERMINAL = /[.!?…,;:—–-]['’_*]*[^\p{L}\p{N}]*$/u;
const SCARE_QUOTE_WORDS = 5;
/**
 * The longest scare quote in characters: words in quotation marks that are not speech. The limit
 * saves time, because a mark without a partner can open a very long span.
 */
const SCARE_QUOTE_LENGTH = 200;
const VERB_REACH = 60;

/**
 * Finds quotes in reading order. Reads each paragraph mark by mark. The analyser's README has the
 * measured accuracy.
 */
export function findQuotes(text: string, paragraphs: readonly SpokenParagraph[]): readonly Quote[] {
  const marks = QUOTE_MARKS[detectQuoteStyle(text)];
  const dashes = findDashQuotes(text, paragraphs, marks);
  const quotes: Quote[] = [];
  let isOpen = false;
  for (const paragraph of paragraphs) {
    const { index, label } = paragraph;
    const unmarked = label === null ? dashes.get(index) : findScriptedSpeech(text, paragraph);
    const spans = unmarked ?? scanParagraph(text, paragraph, marks);
    const continuesAt = isOpen ? paragraph.start : -1;
    for (const span of spans) {
      const { start, end } = span;
      const isContinuation = start === continuesAt;
      const isSpeech = unmarked !== undefined || isContinuation;
      if (!isSpeech && isScareQuote(text, paragraph, span)) continue;
      quotes.push({ index: quotes.length, paragraph: index, start, end, isContinuation, label });
    }
    isOpen = spans.at(-1)?.isClosed === false;
  }
  return quotes;
}

function scanParagraph(text: string, paragraph: Paragraph, marks: QuoteMarks): OpenSpan[] {
  const spans: OpenSpan[] = [];
  let start = -1;
  for (let at = paragraph.start; at < paragraph.end; at += 1) {
    const role = roleOf(text, at, marks, start >= 0);
    if (role === "open") {
      if (start >= 0) spans.push({ start, end: trimEnd(text, start, at), isClosed: true });
      start = at;
    } else if (role === "close" && start >= 0) {
      spans.push({ start, end: at + 1, isClosed: true });
      start = -1;
    }
  }
  if (start >= 0) spans.push({ start, end: paragraph.end, isClosed: false });
  return spans;
}

function roleOf(
  text: string,
  at: number,
  marks: QuoteMarks,
  isInside: boolean,
): "open" | "close" | null {
  const mark = text.charAt(at);
  const isCurly = marks.openers.includes(mark);
  if (isCurly || marks.closers.includes(mark)) return curlyRole(text, at, isCurly, isInside);
  if (marks.straight === "" || mark !== marks.straight) return null;
  if (mark === "'") return straightSingleRole(text, at, isInside);
  if (!isInside) return "open";
  return isAfterBlank(text, at) && isBeforeInk(text, at) ? "open" : "close";
}

function curlyRole(
  text: string,
  at: number,
  isOpener: boolean,
  isInside: boolean,
): "open" | "close" | null {
  // Inside a quote, a second opening mark begins a nested quote or is an error. It opens no new
  // quote.
  if (isOpener) return isInside ? null : "open";
  return text.charAt(at) === "’" && isBetweenLetters(text, at) ? null : "close";
}

/**
 * Returns the role of a straight single mark. Returns null for an apostrophe: inside a word, or in
 * a quote before a shortened word ('tis).
 */
function straightSingleRole(text: string, at: number, isInside: boolean): "open" | "close" | null {
  if (isBetweenLetters(text, at)) return null;
  if (!isInside) return isAfterBlank(text, at) && isBeforeInk(text, at) ? "open" : null;
  const isAfterStop = /[,.!?—…;:-]/u.test(text.charAt(at - 1));
  return isAfterStop && !isBeforeLetter(text, at) ? "close" : null;
}

function isAfterBlank(text: string, at: number): boolean {
  return at === 0 || /[\s\uFEFF(—–-]/u.test(text.charAt(at - 1));
}

function isBeforeInk(text: string, at: number): boolean {
  return at + 1 < text.length && !BLANK.test(text.charAt(at + 1));
}

function isBeforeLetter(text: string, at: number): boolean {
  return /\p{L}/u.test(text.charAt(at + 1));
}

function isBetweenLetters(text: string, at: number): boolean {
  return at > 0 && /[\p{L}\p{N}]/u.test(text.charAt(at - 1)) && isBeforeLetter(text, at);
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && BLANK.test(text.charAt(at - 1))) at -= 1;
  return at;
}

/**
 * True if the quotation marks are around a title, a term or an ironic word, and not around speech.
 * Such a span has few words, does not end with punctuation, and has no speech verb near.
 */
function isScareQuote(text: string, paragraph: Paragraph, span: OpenSpan): boolean {
  if (span.start === paragraph.start && span.end === paragraph.end) return false;
  if (!isBrief(text.slice(span.start + 1, span.isClosed ? span.end - 1 : span.end))) return false;
  const before = text.slice(Math.max(paragraph.start, span.start - VERB_REACH), span.start);
  const after = text.slice(span.end, Math.min(paragraph.end, span.end + VERB_REACH));
  const opening = before.split(/[.!?]/u).at(-1) ?? "";
  const rest = after.split(/[.!?]/u)[0] ?? "";
  return !/[,:]\s*$/u.test(before) && !hasSpeechVerb(opening) && !hasSpeechVerb(rest);
}

function isBrief(inside: string): boolean {
  if (inside.length > SCARE_QUOTE_LENGTH || TERMINAL.test(inside)) return false;
  return inside.trim().split(/\s+/u).length <= SCARE_QUOTE_WORDS;
}

function hasSpeechVerb(passage: string): boolean {
  return (passage.toLowerCase().match(/\p{L}+/gu) ?? []).some((word) => SPEECH_VERBS.has(word));
}
