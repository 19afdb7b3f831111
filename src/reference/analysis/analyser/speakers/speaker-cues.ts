import { SPEECH_VERBS, WEAK_SPEECH_VERBS } from "../lexicon/speech-verbs.js";
import type { AttributionInput, TokenRange } from "./attribution-input.js";
import { narrationEnd, narrationStart } from "./attribution-input.js";
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

/**
 * The words beside a quote that show the quote's speaker. `verb` is the index of the speech verb's
 * token. `verb` is -1 for a colon clause or an action beat, which have no speech verb.
 */
export interface SpeakerCue {
  readonly subject: Subject;
  readonly method: CueMethod;
  readonly verb: number;
  /** Tokens of the whole cue: "said the old man". */
  readonly range: TokenRange;
}

const VERB_REACH = 15;
const WEAK_VERB_REACH = 6;

/**
 * Finds the cue of a quote. Tries the rules of Muzny et al. (2017), A Two-stage Sieve Approach for
 * Quote Attribution, in the order of the paper. Returns null if no rule finds a cue.
 */
export function findCue(input: AttributionInput, quote: number): SpeakerCue | null {
  return cueAfter(input, quote) ?? cueBefore(input, quote);
}

function cueAfter(input: AttributionInput, quote: number): SpeakerCue | null {
  const first = input.quoteTokens.get(quote)?.last ?? 0;
  const opening = narrationToken(input, first, input.tokens.get(first - 1)?.paragraph);
  if (opening === null) return null;
  const closing = closingMark(input, quote);
  if (closing === "." && opening.isCapital && !isPronounAndVerb(input, first)) return null;
  const allowsWeak = opening.isCapital ? !/[.!?]/u.test(closing) : closing !== ".";
  const range = { first, last: Math.min(narrationEnd(input.tokens, first), first + VERB_REACH) };
  return verbAfter(input, range, allowsWeak ? first + WEAK_VERB_REACH : first);
}

/** Returns the token at `at`. Returns null if the token is not narration of `paragraph`. */
function narrationToken(
  input: AttributionInput,
  at: number,
  paragraph: number | undefined,
): Token | null {
  const token = input.tokens.get(at);
  return token?.quote === -1 && token.paragraph === paragraph ? token : null;
}

function verbAfter(
  input: AttributionInput,
  range: TokenRange,
  weakBefore: number,
): SpeakerCue | null {
  for (let at = range.first; at < range.last; at += 1) {
    if (!isSpeechVerb(input, at, at < weakBefore)) continue;
    const subject = findSubject(input, at, range);
    if (subject !== null) return cueOf(subject, CueMethod.VerbAfterQuote, at);
  }
  return null;
}

/**
 * Returns the last punctuation mark before the closing quotation mark: "," in “Yes,”. Returns "" if
 * there is no such mark.
 */
function closingMark(input: AttributionInput, quote: number): string {
  const range = input.quoteTokens.get(quote);
  if (range === undefined) return "";
  for (let at = range.last - 1; at >= Math.max(range.first, range.last - 3); at -= 1) {
    const text = input.tokens.get(at)?.text ?? "";
    if (/^[.,!?;:…—–-]$/u.test(text)) return text;
  }
  return "";
}

function isPronounAndVerb(input: AttributionInput, at: number): boolean {
  const verb = input.tokens.get(at + 1)?.lower ?? "";
  const range = { first: at, last: at + 2 };
  return SPEECH_VERBS.has(verb) && findSubject(input, at + 1, range) !== null;
}

function isSpeechVerb(input: AttributionInput, at: number, allowsWeak: boolean): boolean {
  const token = input.tokens.get(at);
  if (token === undefined || token.isPossessive) return false;
  return SPEECH_VERBS.has(token.lower) || (allowsWeak && WEAK_SPEECH_VERBS.has(token.lower));
}

function cueBefore(input: AttributionInput, quote: number): SpeakerCue | null {
  const last = input.quoteTokens.get(quote)?.first ?? 0;
  const closing = input.tokens.get(last - 1);
  if (closing?.quote !== -1) return null;
  const isOwnParagraph = closing.paragraph === input.quotes[quote]?.paragraph;
  const isLeading = isOwnParagraph ? leadsIn(closing) : /^[,:]$/u.test(closing.text);
  if (!isLeading) return null;
  const range = { first: narrationStart(input.tokens, last), last };
  return verbBefore(input, range) ?? (closing.text === ":" ? colonClause(input, range) : null);
}

function leadsIn(closing: Token): boolean {
  return closing.isWord || /^[,:—–-]$/u.test(closing.text);
}

function verbBefore(input: AttributionInput, range: TokenRange): SpeakerCue | null {
  const ending = input.tokens.get(range.last - 1)?.text ?? "";
  for (let at = range.last - 1; at >= Math.max(range.first, range.last - VERB_REACH); at -= 1) {
    if (!isSpeechVerb(input, at, ending === "," || ending === ":")) continue;
    const subject = findSubject(input, at, range);
    if (subject !== null) return cueOf(subject, CueMethod.VerbBeforeQuote, at);
  }
  return null;
}

function colonClause(input: AttributionInput, range: TokenRange): SpeakerCue | null {
  const subject = clauseSubject(input, range);
  return subject === null ? null : cueOf(subject, CueMethod.ColonClause, -1);
}

/**
 * Finds an action beat for quotes without a speech verb. An action beat is narration of an action
 * beside the quotes: “No.” Alice turned away. The subject of the action is most often the speaker.
 */
export function findBeat(
  input: AttributionInput,
  quotes: { readonly firstQuote: number; readonly lastQuote: number },
): SpeakerCue | null {
  const first = input.quoteTokens.get(quotes.firstQuote);
  const last = input.quoteTokens.get(quotes.lastQuote);
  if (first === undefined || last === undefined) return null;
  return beatBefore(input, first.first) ?? beatAfter(input, last.last);
}

function beatBefore(input: AttributionInput, quoteStart: number): SpeakerCue | null {
  const paragraph = input.tokens.get(quoteStart)?.paragraph;
  const closing = narrationToken(input, quoteStart - 1, paragraph);
  if (closing === null) return null;
  const last = closing.isWord ? quoteStart : quoteStart - 1;
  return beatOf(input, { first: narrationStart(input.tokens, last), last });
}

function beatAfter(input: AttributionInput, quoteEnd: number): SpeakerCue | null {
  const paragraph = input.tokens.get(quoteEnd - 1)?.paragraph;
  if (narrationToken(input, quoteEnd, paragraph) === null) return null;
  return beatOf(input, { first: quoteEnd, last: narrationEnd(input.tokens, quoteEnd) });
}

function beatOf(input: AttributionInput, range: TokenRange): SpeakerCue | null {
  const subject = clauseSubject(input, range);
  return subject === null ? null : cueOf(subject, CueMethod.ActionBeat, -1);
}

function cueOf(subject: Subject, method: CueMethod, verb: number): SpeakerCue {
  const first = verb === -1 ? subject.first : Math.min(subject.first, verb);
  const last = Math.max(subject.last, verb + 1);
  return { subject, method, verb, range: { first, last } };
}
