import type { Span } from "../../document.js";
import { ABBREVIATIONS } from "../../lexicon/honorifics.js";
import { REPORTING_VERBS, WEAK_SPEECH_VERBS } from "../../lexicon/speech-verbs.js";
import { wordSet } from "../../lexicon/word-list.js";

/** "sa" is also the French "her", so only a tag inside speech shows what it is. */
const NORWEGIAN_SAID = "sa";
const PRONOUNS = wordSet(
  "he she i they we it one il elle ils elles on er sie él ella он она lui lei ele ela",
);
const DETERMINERS = wordSet(
  "the his her my our their a an another old young little poor le la les un une son sa mon ma der die das ein eine",
  "el los las su mi il lo gli una o os as den det",
);
/** Words after a comma that belong to the tag: "said she, and turned away". */
const GOES_ON = wordSet(
  "and while as with in at from who whose et en avec tout y con e und mit и с",
);

/** Punctuation inside speech, and up to four words behind it. */
const TURN =
  /[,!?…](?:\s*(?:[—–―]|--))?\s+(?=(\p{Ll}[\p{L}’'-]*)(?:\s+([\p{L}’'-]+))?(?:\s+([\p{L}’'-]+))?)/gu;
const STOP_NEXT = /^\s*(?:[,.;:!?…—–]|$)/u;
const TAG_END = /[.!?…;](?=\s|$)|,\s+(?=(\p{L}*))/gu;
const LAST_WORD = /(\p{L}+)$/u;
/** A longer passage behind a comma is no tag. */
const LONGEST_TAG = 160;
const CAPITAL = /^\p{Lu}/u;
const HYPHENED = /^\p{L}[\p{L}’']*-(?:t-)?(?:il|elle|ils|elles|je|on|ele|ela)$/u;

/** True if a word reports speech, in any form that narration uses. */
export function isSpeechVerb(word: string): boolean {
  const lower = word.toLowerCase();
  const verb = HYPHENED.test(lower) ? (lower.split("-")[0] ?? lower) : lower;
  return REPORTING_VERBS.has(verb) || verb === NORWEGIAN_SAID;
}

/**
 * Yields the tags inside speech: «On the table, said Frieda. You put it there.» A tag begins with its first word and ends
 * before the words that are speech again.
 */
export function* findTags(text: string, span: Span): Generator<Span> {
  const speech = text.slice(span.start, span.end);
  const turn = new RegExp(TURN);
  for (let match = turn.exec(speech); match !== null; match = turn.exec(speech)) {
    const start = match.index + match[0].length;
    const words = match.slice(1).map((word: string | undefined) => word ?? "");
    if (!isTag(words, speech.slice(start, start + LONGEST_TAG))) continue;
    const end = endOfTag(speech, start);
    yield { start: span.start + start, end: span.start + end };
    turn.lastIndex = end;
  }
}

function isTag(words: readonly string[], passage: string): boolean {
  const [first = "", second = ""] = words;
  if (isAnyVerb(first)) return HYPHENED.test(first) || isSubject(second);
  if (PRONOUNS.has(first) && isSpeechVerb(second)) return stopsAfter(passage, 2);
  return DETERMINERS.has(first) && words.slice(2).some(isSpeechVerb) && stopsAfter(passage, 3);
}

const isAnyVerb = (word: string): boolean => isSpeechVerb(word) || WEAK_SPEECH_VERBS.has(word);

const isSubject = (word: string): boolean => {
  const lower = word.toLowerCase();
  return CAPITAL.test(word) || PRONOUNS.has(lower) || DETERMINERS.has(lower);
};

function stopsAfter(passage: string, words: number): boolean {
  const [found = ""] =
    new RegExp(`^(?:[\\p{L}’'-]+\\s*){${String(words)}}`, "u").exec(passage) ?? [];
  return STOP_NEXT.test(passage.slice(found.trimEnd().length));
}

/** Returns where speech can begin again behind the tag at `from`: after a sentence, or after most commas. */
export function endOfTag(speech: string, from: number): number {
  TAG_END.lastIndex = from;
  for (let match = TAG_END.exec(speech); match !== null; match = TAG_END.exec(speech)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith(",") ? GOES_ON.has(match[1] ?? "") : isAbbreviated(speech, match.index))
      continue;
    const blank = /^\s*/u.exec(speech.slice(end, end + LONGEST_TAG))?.[0].length ?? 0;
    return end + blank;
  }
  return speech.length;
}

const isAbbreviated = (speech: string, stop: number): boolean => {
  const word = LAST_WORD.exec(speech.slice(Math.max(0, stop - 12), stop))?.[1] ?? "";
  return (
    speech.charAt(stop) === "." && (word.length === 1 || ABBREVIATIONS.has(word.toLowerCase()))
  );
};
