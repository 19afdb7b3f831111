import type { Paragraph, Span } from "../../document.js";
import { SPEECH_VERBS, WEAK_SPEECH_VERBS } from "../../lexicon/speech-verbs.js";
import type { QuoteMarks } from "./quote-style.js";

interface DashSpan extends Span {
  readonly isClosed: true;
}

const DASH_START = /^(?:[—–―]|--|-(?=\s))\s*[\p{L}¿¡…'’]/u;
/**
 * A place where speech can end and its attribution can begin: punctuation, an optional dash, and
 * then one to four words.
 */
const TURN = /[,.!?…](?:\s*(?:[—–―]|--))?\s+(?=((?:\p{L}+\s+){0,3}\p{L}+))/gu;
const RESUME = /\s(?:[—–―]|--)\s*(?=\p{L})|[.!?]\s+(?=\p{Lu})/gu;
/**
 * Paragraphs that begin with a dash are dialogue if the text has at least this many. A single such
 * paragraph can be an item of a list or an aside.
 */
const FEWEST_DASH_PARAGRAPHS = 2;

/**
 * Finds dialogue that begins with a dash. Returns the speech of each such paragraph, by the
 * paragraph's index. No mark shows where such speech ends. So speech ends where words with a speech
 * verb follow.
 */
export function findDashQuotes(
  text: string,
  paragraphs: readonly Paragraph[],
  marks: QuoteMarks,
): ReadonlyMap<number, DashSpan[]> {
  const quoteMarks = marks.openers + (marks.straight === "'" ? "" : marks.straight);
  const dashed = paragraphs.filter((paragraph) => {
    if (!DASH_START.test(text.slice(paragraph.start, paragraph.start + 8))) return false;
    const body = text.slice(paragraph.start, paragraph.end);
    return ![...quoteMarks].some((mark) => body.includes(mark));
  });
  if (dashed.length < FEWEST_DASH_PARAGRAPHS) return new Map();
  return new Map(dashed.map((paragraph) => [paragraph.index, speechOf(text, paragraph)]));
}

function speechOf(text: string, paragraph: Paragraph): DashSpan[] {
  const body = text.slice(paragraph.start, paragraph.end);
  const spans: DashSpan[] = [];
  let start = 0;
  while (start < body.length) {
    const turn = findTurn(body, start);
    spans.push({ start: paragraph.start + start, end: paragraph.start + turn, isClosed: true });
    start = turn === body.length ? turn : findResumption(body, turn);
  }
  return spans;
}

function findTurn(body: string, start: number): number {
  TURN.lastIndex = start;
  for (let match = TURN.exec(body); match !== null; match = TURN.exec(body)) {
    if (reportsSpeech(match[1] ?? "")) return match.index + match[0].trimEnd().length;
  }
  return body.length;
}

function reportsSpeech(words: string): boolean {
  if (/^\p{Lu}/u.test(words)) return false;
  return words
    .toLowerCase()
    .split(/\s+/u)
    .slice(0, 3)
    .some((word) => SPEECH_VERBS.has(word) || WEAK_SPEECH_VERBS.has(word));
}

function findResumption(body: string, start: number): number {
  RESUME.lastIndex = start;
  const match = RESUME.exec(body);
  if (match === null) return body.length;
  const isDash = /[—–―-]/u.test(match[0]);
  return match.index + (isDash ? 1 : match[0].length);
}
