import { SPEECH_VERBS, WEAK_SPEECH_VERBS } from "../lexicon/speech-verbs.js";
import type { Reading, TokenRange } from "./reading.js";
import { narrationEnd, narrationStart } from "./reading.js";
import type { Subject } from "./subjects.js";
import { clauseSubject, findSubject } from "./subjects.js";
import type { Token } from "../text/tokens.js";

export const CueMethod = {
  VerbAfterQuote: "verb-after-quote",
  VerbBeforeQuote: "verb-before-quote",
  ColonClause: "colon-clause",
  ActionBeat: "action-beat",
} as const;
export type CueMethod = (typeof CueMethod)[keyof typeof CueMethod];

/** What beside a quote tells its speaker. `verb` is the speech verb's token, -1 for a colon clause or a beat. */
export interface SpeakerCue {
  readonly subject: Subject;
  readonly method: CueMethod;
  readonly verb: number;
  /** Tokens of the whole cue: "said the old man". */
  readonly range: TokenRange;
}

const VERB_REACH = 15;
const WEAK_VERB_REACH = 6;

/** The quote-to-mention sieves of Muzny et al. (2017), A Two-stage Sieve Approach for Quote Attribution, in their order. */
export function findCue(reading: Reading, quote: number): SpeakerCue | null {
  return cueAfter(reading, quote) ?? cueBefore(reading, quote);
}

function cueAfter(reading: Reading, quote: number): SpeakerCue | null {
  const first = reading.quoteTokens[quote]?.last ?? 0;
  const opening = narrationToken(reading, first, reading.tokens[first - 1]?.paragraph);
  if (opening === null) return null;
  const closing = closingMark(reading, quote);
  if (closing === "." && opening.isCapital && !isPronounAndVerb(reading, first)) return null;
  const allowsWeak = opening.isCapital ? !/[.!?]/u.test(closing) : closing !== ".";
  const range = { first, last: Math.min(narrationEnd(reading.tokens, first), first + VERB_REACH) };
  return verbAfter(reading, range, allowsWeak ? first + WEAK_VERB_REACH : first);
}

/** The token at `at` if it is narration of that paragraph. */
function narrationToken(reading: Reading, at: number, paragraph: number | undefined): Token | null {
  const token = reading.tokens[at];
  return token?.quote === -1 && token.paragraph === paragraph ? token : null;
}

function verbAfter(reading: Reading, range: TokenRange, weakBefore: number): SpeakerCue | null {
  for (let at = range.first; at < range.last; at += 1) {
    if (!isSpeechVerb(reading, at, at < weakBefore)) continue;
    const subject = findSubject(reading, at, range);
    if (subject !== null) return cueOf(subject, CueMethod.VerbAfterQuote, at);
  }
  return null;
}

/** The stop that ends the speech inside its marks: "," in “Yes,” */
function closingMark(reading: Reading, quote: number): string {
  const range = reading.quoteTokens[quote];
  if (range === undefined) return "";
  for (let at = range.last - 1; at >= Math.max(range.first, range.last - 3); at -= 1) {
    const text = reading.tokens[at]?.text ?? "";
    if (/^[.,!?;:…—–-]$/u.test(text)) return text;
  }
  return "";
}

function isPronounAndVerb(reading: Reading, at: number): boolean {
  const verb = reading.tokens[at + 1]?.lower ?? "";
  const range = { first: at, last: at + 2 };
  return SPEECH_VERBS.has(verb) && findSubject(reading, at + 1, range) !== null;
}

function isSpeechVerb(reading: Reading, at: number, allowsWeak: boolean): boolean {
  const token = reading.tokens[at];
  if (token === undefined || token.isPossessive) return false;
  return SPEECH_VERBS.has(token.lower) || (allowsWeak && WEAK_SPEECH_VERBS.has(token.lower));
}

function cueBefore(reading: Reading, quote: number): SpeakerCue | null {
  const last = reading.quoteTokens[quote]?.first ?? 0;
  const closing = reading.tokens[last - 1];
  if (closing?.quote !== -1) return null;
  const isOwnParagraph = closing.paragraph === reading.quotes[quote]?.paragraph;
  const isLeading = isOwnParagraph ? leadsIn(closing) : /^[,:]$/u.test(closing.text);
  if (!isLeading) return null;
  const range = { first: narrationStart(reading.tokens, last), last };
  return verbBefore(reading, range) ?? (closing.text === ":" ? colonClause(reading, range) : null);
}

function leadsIn(closing: Token): boolean {
  return closing.isWord || /^[,:—–-]$/u.test(closing.text);
}

function verbBefore(reading: Reading, range: TokenRange): SpeakerCue | null {
  const ending = reading.tokens[range.last - 1]?.text ?? "";
  for (let at = range.last - 1; at >= Math.max(range.first, range.last - VERB_REACH); at -= 1) {
    if (!isSpeechVerb(reading, at, ending === "," || ending === ":")) continue;
    const subject = findSubject(reading, at, range);
    if (subject !== null) return cueOf(subject, CueMethod.VerbBeforeQuote, at);
  }
  return null;
}

function colonClause(reading: Reading, range: TokenRange): SpeakerCue | null {
  const subject = clauseSubject(reading, range);
  return subject === null ? null : cueOf(subject, CueMethod.ColonClause, -1);
}

/** Without a speech verb, the subject of the narration beside a quote most often speaks it: “No.” Alice turned away. */
export function findBeat(reading: Reading, quotes: readonly number[]): SpeakerCue | null {
  const first = reading.quoteTokens[quotes[0] ?? -1];
  const last = reading.quoteTokens[quotes.at(-1) ?? -1];
  if (first === undefined || last === undefined) return null;
  return beatBefore(reading, first.first) ?? beatAfter(reading, last.last);
}

function beatBefore(reading: Reading, quoteStart: number): SpeakerCue | null {
  const paragraph = reading.tokens[quoteStart]?.paragraph;
  const closing = narrationToken(reading, quoteStart - 1, paragraph);
  if (closing === null) return null;
  const last = closing.isWord ? quoteStart : quoteStart - 1;
  return beatOf(reading, { first: narrationStart(reading.tokens, last), last });
}

function beatAfter(reading: Reading, quoteEnd: number): SpeakerCue | null {
  const paragraph = reading.tokens[quoteEnd - 1]?.paragraph;
  if (narrationToken(reading, quoteEnd, paragraph) === null) return null;
  return beatOf(reading, { first: quoteEnd, last: narrationEnd(reading.tokens, quoteEnd) });
}

function beatOf(reading: Reading, range: TokenRange): SpeakerCue | null {
  const subject = clauseSubject(reading, range);
  return subject === null ? null : cueOf(subject, CueMethod.ActionBeat, -1);
}

function cueOf(subject: Subject, method: CueMethod, verb: number): SpeakerCue {
  const first = verb === -1 ? subject.first : Math.min(subject.first, verb);
  const last = Math.max(subject.last, verb + 1);
  return { subject, method, verb, range: { first, last } };
}
