import type { Paragraph, Span } from "../../document.js";
import { WEAK_SPEECH_VERBS } from "../../lexicon/speech-verbs.js";
import type { OpenSpan } from "./scripted.js";
import { endOfTag, isSpeechVerb } from "./speech-tags.js";

const DASH_START = /^(?:[—–―]|--|-(?=\s))\s*[\p{L}¿¡…'’]/u;
/** A name below a motto has a dash and no punctuation. */
const STOP = /[,.!?…;:]/u;
const MARKED = /["“„«»]|‘\p{L}/u;
/**
 * A place where speech can end and its attribution can begin: punctuation, an optional dash, and
 * then one to four words.
 */
const TURN = /[,.!?…](?:\s*(?:[—–―]|--))?\s+(?=((?:[\p{L}'’-]+\s+){0,3}[\p{L}'’-]+))/gu;
/** A dash that begins a tag: “— Yes, — said Ivan.” in Russian, “—Yes —said Ana—.” in Spanish. */
const DASHED_TURN =
  /(?<=[,!?…])\s+(?:[—–―-]|--)\s*(?=\p{Ll})|(?<=\S)\s+[—–―](?=\p{Ll}|\p{Lu}[^—–―]{0,160}[—–―][.,;:!?…\s])/gu;
const RESUME = /\s(?:[—–―]|--)\s*(?=\p{L})/u;
/** A dash that ends such a tag. */
const DASHED_RESUME =
  /(?<=[.,;:!?…])\s+(?=(?:[—–―-]|--)\s*\P{Ll}|(?:[—–―-]|--)\s)|(?<=\S)[—–―](?:[.,;:!?…]+|(?=\s))\s*/gu;
/**
 * Paragraphs that begin with a dash are dialogue if the text has at least this many. A single such
 * paragraph can be an item of a list or an aside.
 */
const FEWEST_DASH_PARAGRAPHS = 2;

/** The end of speech, and the place where speech begins again. */
interface Turn {
  readonly end: number;
  readonly resume: number;
}

/**
 * Finds dialogue that begins with a dash. Returns the speech of each such paragraph, by the
 * paragraph's index. Speech ends where a dash or words with a speech verb begin a tag.
 */
export function findDashQuotes(
  text: string,
  paragraphs: readonly Paragraph[],
): ReadonlyMap<number, readonly OpenSpan[]> {
  const dashed = paragraphs.filter((paragraph) => {
    if (!DASH_START.test(text.slice(paragraph.start, paragraph.start + 8))) return false;
    const body = text.slice(paragraph.start, paragraph.end);
    return STOP.test(body) && !MARKED.test(body);
  });
  if (dashed.length < FEWEST_DASH_PARAGRAPHS) return new Map();
  return new Map(dashed.map((paragraph) => [paragraph.index, speechOf(text, paragraph)]));
}

function speechOf(text: string, paragraph: Span): readonly OpenSpan[] {
  const body = text.slice(paragraph.start, paragraph.end);
  const spans: OpenSpan[] = [];
  let start = 0;
  let [spoken, dashed] = [findTurn(body, 0), findDashedTurn(body, 0)];
  while (start < body.length) {
    if (spoken.end < start) spoken = findTurn(body, start);
    if (dashed.end < start) dashed = findDashedTurn(body, start);
    const turn = dashed.end <= spoken.end ? dashed : spoken;
    const place = { start: paragraph.start + start, end: paragraph.start + turn.end };
    spans.push({ ...place, isClosed: true });
    start = Math.max(turn.resume, start + 1);
  }
  return spans;
}

/** Finds words with a speech verb: — Good morning, said Clara. */
function findTurn(body: string, start: number): Turn {
  TURN.lastIndex = start;
  for (let match = TURN.exec(body); match !== null; match = TURN.exec(body)) {
    if (!reportsSpeech(match[1] ?? "")) continue;
    const from = match.index + match[0].length;
    return { end: match.index + match[0].trimEnd().length, resume: findResumption(body, from) };
  }
  return { end: body.length, resume: body.length };
}

function reportsSpeech(words: string): boolean {
  if (/^\p{Lu}/u.test(words)) return false;
  return words
    .toLowerCase()
    .split(/\s+/u)
    .slice(0, 3)
    .some((word) => isSpeechVerb(word) || WEAK_SPEECH_VERBS.has(word));
}

function findResumption(body: string, start: number): number {
  const end = endOfTag(body, start);
  const dash = RESUME.exec(body.slice(start, end));
  return dash === null ? end : start + dash.index + 1;
}

/** Finds a dash that begins a tag. Speech begins again at the next dash of this kind. */
function findDashedTurn(body: string, start: number): Turn {
  DASHED_TURN.lastIndex = Math.max(start, 2);
  const match = DASHED_TURN.exec(body);
  if (match === null) return { end: body.length, resume: body.length };
  DASHED_RESUME.lastIndex = match.index + match[0].length;
  const dash = DASHED_RESUME.exec(body);
  return { end: match.index, resume: dash === null ? body.length : dash.index + dash[0].length };
}
