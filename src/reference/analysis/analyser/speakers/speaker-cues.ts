import { isReportingVerb } from "../characters/nominals.js";
import { REPORTING_VERBS, WEAK_SPEECH_VERBS } from "../lexicon/speech-verbs.js";
import type { AttributionInput, TokenRange } from "./attribution-input.js";
import { narrationEnd, narrationStart } from "./attribution-input.js";
import type { Subject } from "./subjects.js";
import { clauseSubject, findSubject, nameAt, sourceAt } from "./subjects.js";
import { speechNounAfter, speechNounBefore } from "./speech-nouns.js";
import type { Token } from "../text/tokens.js";

export const CueMethod = {
  Label: "label",
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
/** A longer paragraph is narration of its own. */
const LONGEST_ACTION = 12;

/**
 * Finds the cue of a quote. Tries the rules of Muzny et al. (2017), A Two-stage Sieve Approach for
 * Quote Attribution, in the order of the paper. Returns null if no rule finds a cue.
 */
export function findCue(input: AttributionInput, quote: number): SpeakerCue | null {
  return labelOf(input, quote) ?? cueAfter(input, quote) ?? cueBefore(input, quote);
}

/** A play names the speaker before the line: "NORA. I am here." The label is not in the story. */
function labelOf(input: AttributionInput, quote: number): SpeakerCue | null {
  const member = input.characters.memberOfLabel.get(input.quotes[quote]?.label ?? "");
  if (member === undefined) return null;
  const first = input.quoteTokens.get(quote)?.first ?? 0;
  const range = { first, last: first };
  const subject = { ...range, member, pronoun: null, isNominal: false };
  return { subject, method: CueMethod.Label, verb: -1, range };
}

function cueAfter(input: AttributionInput, quote: number): SpeakerCue | null {
  const first = input.quoteTokens.get(quote)?.last ?? 0;
  const opening = narrationToken(input, first, input.tokens.get(first - 1)?.paragraph);
  if (opening === null) return null;
  const closing = closingMark(input, quote);
  const range = { first, last: Math.min(narrationEnd(input.tokens, first), first + VERB_REACH) };
  if (opening.isCapital) return cueInSentence(input, range, closing);
  const weakBefore = closing === "." ? first : first + WEAK_VERB_REACH;
  return (
    ownedAfter(input, range) ??
    verbAfter(input, range, weakBefore) ??
    invertedVerb(input, range.first) ??
    finalVerb(input, range)
  );
}

/** Finds the cue in narration that opens with a capital: “Come!” Clara whispered. */
function cueInSentence(
  input: AttributionInput,
  range: TokenRange,
  closing: string,
): SpeakerCue | null {
  if (closing === ".") return subjectAndVerb(input, range);
  const weakBefore = /[.!?]/u.test(closing) ? range.first : range.first + WEAK_VERB_REACH;
  const cue = verbAfter(input, range, weakBefore);
  return closing === "," ? (cue ?? finalVerb(input, range)) : cue;
}

/** Finds the speaker in “Well?” was Tom's question, and in “Well?” from Tom. */
function ownedAfter(input: AttributionInput, range: TokenRange): SpeakerCue | null {
  const found = speechNounAfter(input, range);
  if (found !== null) {
    const whole = { first: range.first, last: found.last };
    return { subject: found.owner, method: CueMethod.VerbAfterQuote, verb: -1, range: whole };
  }
  if (input.tokens.get(range.first)?.lower !== "from") return null;
  const source = sourceAt(input, range.first + 1);
  return source === null ? null : cueOf(source, CueMethod.VerbAfterQuote, -1);
}

/**
 * Finds a verb that no list contains but whose place shows speech, because it is between the quote
 * and its subject: “I know,” flashed Helen.
 */
function invertedVerb(input: AttributionInput, verb: number): SpeakerCue | null {
  const subject = isPastVerb(input.tokens.get(verb)) ? nameAt(input, verb + 1) : null;
  return subject === null ? null : cueOf(subject, CueMethod.VerbAfterQuote, verb);
}

/** The same for a verb that ends the clause: “I know,” Helen volleyed. */
function finalVerb(input: AttributionInput, range: TokenRange): SpeakerCue | null {
  const subject = nameAt(input, range.first);
  if (subject === null || !isPastVerb(input.tokens.get(subject.last))) return null;
  const after = subject.last + 1;
  const isEnd = after >= range.last || input.tokens.get(after)?.isWord === false;
  return isEnd ? cueOf(subject, CueMethod.VerbAfterQuote, subject.last) : null;
}

function isPastVerb(token: Token | undefined): boolean {
  return token?.isWord === true && token.lower.length > 4 && token.lower.endsWith("ed");
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

/**
 * Finds a speech verb right after its subject, in a sentence of its own: “Come.” Clara whispered.
 */
function subjectAndVerb(input: AttributionInput, { first, last }: TokenRange): SpeakerCue | null {
  const subject = clauseSubject(input, { first, last });
  if (subject?.first !== first) return null;
  const isVerb = REPORTING_VERBS.has(input.tokens.get(subject.last)?.lower ?? "");
  return isVerb ? cueOf(subject, CueMethod.VerbAfterQuote, subject.last) : null;
}

function isSpeechVerb(input: AttributionInput, at: number, allowsWeak: boolean): boolean {
  const token = input.tokens.get(at);
  if (token === undefined || token.isPossessive) return false;
  return isReportingVerb(input.tokens, at) || (allowsWeak && WEAK_SPEECH_VERBS.has(token.lower));
}

function cueBefore(input: AttributionInput, quote: number): SpeakerCue | null {
  const range = clauseBefore(input, quote);
  if (range === null) return null;
  const isColon = input.tokens.get(range.last - 1)?.text === ":";
  const cue = ownedBefore(input, range) ?? verbBefore(input, range);
  return cue ?? (isColon ? colonClause(input, range) : null);
}

/** Returns the narration that leads into a quote. Returns null if none does. */
function clauseBefore(input: AttributionInput, quote: number): TokenRange | null {
  const last = input.quoteTokens.get(quote)?.first ?? 0;
  const closing = input.tokens.get(last - 1);
  if (closing?.quote !== -1) return null;
  const isOwnParagraph = closing.paragraph === input.quotes[quote]?.paragraph;
  const isLeading = isOwnParagraph ? leadsIn(closing) : /^[,:]$/u.test(closing.text);
  return isLeading ? { first: narrationStart(input.tokens, last), last } : null;
}

function ownedBefore(input: AttributionInput, range: TokenRange): SpeakerCue | null {
  const found = speechNounBefore(input, range);
  if (found === null) return null;
  const whole = { first: found.owner.first, last: found.last };
  return { subject: found.owner, method: CueMethod.VerbBeforeQuote, verb: -1, range: whole };
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
 * beside the quotes: “No.” Alice turned away. “Not yet.” The subject of the action is most often the
 * speaker.
 */
export function findBeat(
  input: AttributionInput,
  quotes: { readonly firstQuote: number; readonly lastQuote: number },
): SpeakerCue | null {
  const first = input.quoteTokens.get(quotes.firstQuote);
  const before = first === undefined ? null : beatBefore(input, first.first);
  if (before !== null) return before;
  for (let quote = quotes.firstQuote; quote <= quotes.lastQuote; quote += 1) {
    const range = input.quoteTokens.get(quote);
    const beat = range === undefined ? null : beatAfter(input, range.last);
    if (beat !== null) return beat;
  }
  return null;
}

/** Returns the subject of the paragraph above a quote that opens its paragraph: She paused. “Or shall I?” */
export function actionAbove(input: AttributionInput, quote: number): Subject | null {
  const last = input.quoteTokens.get(quote)?.first ?? 0;
  const closing = input.tokens.get(last - 1);
  if (closing?.quote !== -1 || closing.paragraph === input.quotes[quote]?.paragraph) return null;
  return shortAction(input, sentenceBefore(input, last, closing), closing.paragraph);
}

/** Returns the subject that opens a short sentence, if the sentence is the whole paragraph. */
function shortAction(
  input: AttributionInput,
  range: TokenRange,
  paragraph: number,
): Subject | null {
  const isAlone = input.tokens.get(range.first - 1)?.paragraph !== paragraph;
  if (!isAlone || range.last - range.first > LONGEST_ACTION) return null;
  const subject = clauseSubject(input, range);
  return subject?.first === range.first ? subject : null;
}

/** Returns the sentence of narration that ends at `end`, without its stop. */
function sentenceBefore(input: AttributionInput, end: number, closing: Token): TokenRange {
  const last = closing.isWord ? end : end - 1;
  return { first: narrationStart(input.tokens, last), last };
}

function beatBefore(input: AttributionInput, quoteStart: number): SpeakerCue | null {
  const paragraph = input.tokens.get(quoteStart)?.paragraph;
  const closing = narrationToken(input, quoteStart - 1, paragraph);
  if (closing === null) return null;
  return beatOf(input, sentenceBefore(input, quoteStart, closing));
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
