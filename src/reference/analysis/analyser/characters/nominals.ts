import { DETERMINERS, PHRASE_STOPS, PREPOSITIONS } from "../lexicon/function-words.js";
import { ADJECTIVES, NOT_SPEAKERS } from "../lexicon/person-nouns.js";
import {
  LINKING_VERBS,
  SPEECH_NOUNS,
  REPORTING_VERBS,
  VERB_GROUP_WORDS,
} from "../lexicon/speech-verbs.js";
import { wordSet } from "../lexicon/word-list.js";
import type { Token, TokenList } from "../text/tokens.js";

/**
 * A noun phrase that can mean a character: "the old fox", "his mother". The phrase consists of the
 * tokens from `first` to `last` (exclusive).
 */
export interface NominalSpan {
  readonly first: number;
  readonly last: number;
  /**
   * The head noun: "fox". If a word such as "second" or "elder" is before the head noun, the key
   * contains both words, because the word distinguishes characters: "second pig".
   */
  readonly key: string;
  readonly head: string;
}

const KEPT_MODIFIERS = wordSet(
  "first second third fourth fifth other eldest youngest elder younger",
);
const LONGEST_PHRASE = 5;
/** The longest distance, in tokens, between a quote and the verb that reports the quote. */
const VERB_REACH = 8;
const RELATIVE_PRONOUNS = wordSet("who whose");
const INDEFINITE_ARTICLES = wordSet("a an");
const DEFINITES = wordSet("the this that");
const OPENING_PARAGRAPHS = 4;
const NOT_A_HEAD = /(?:ly|ing)$/u;

/**
 * Nouns of relatives and the royal persons that they mean after the possessive of a ruler: "the
 * King's daughter" means the princess.
 */
const ROYAL_KIN: ReadonlyMap<string, string> = new Map([
  ["daughter", "princess"],
  ["son", "prince"],
  ["wife", "queen"],
]);
const ROYALS = wordSet("king queen emperor empress sultan");

function isRoyal(possessor: Token | undefined): boolean {
  return possessor?.isPossessive === true && ROYALS.has(possessor.lower);
}

/**
 * Reads a noun phrase from its determiner at `first` to the right, up to a word that ends a noun
 * phrase. Returns null if there is no noun phrase.
 */
export function readPhraseAfter(tokens: TokenList, first: number): NominalSpan | null {
  const opening = tokens.get(first);
  if (opening === undefined || !isDeterminer(opening)) return null;
  let last = first + 1;
  while (last - first <= LONGEST_PHRASE && isPhraseWord(tokens, last, opening)) last += 1;
  return last === first + 1 ? null : phraseAt(tokens, first, last);
}

/**
 * Reads a noun phrase from its head noun at `head` to the left, up to a determiner. Returns null if
 * there is no noun phrase.
 */
export function readPhraseBefore(tokens: TokenList, head: number): NominalSpan | null {
  const closing = tokens.get(head);
  if (closing === undefined || !isPhraseWord(tokens, head, closing)) return null;
  for (let first = head - 1; first >= head - LONGEST_PHRASE + 1; first -= 1) {
    const token = tokens.get(first);
    if (token === undefined) return null;
    if (isDeterminer(token)) return phraseAt(tokens, first, head + 1);
    if (!isPhraseWord(tokens, first, closing)) return null;
  }
  return null;
}

function isDeterminer(token: Token): boolean {
  return DETERMINERS.has(token.lower) || (token.isPossessive && token.isCapital);
}

function isPhraseWord(tokens: TokenList, at: number, peer: Token): boolean {
  const token = tokens.get(at);
  if (token?.paragraph !== peer.paragraph || token.quote !== peer.quote) return false;
  if (!token.isWord) return false;
  return !PHRASE_STOPS.has(token.lower) && !PREPOSITIONS.has(token.lower) && !isAdverb(token.lower);
}

function isAdverb(lower: string): boolean {
  return lower.length > 4 && lower.endsWith("ly");
}

function phraseAt(tokens: TokenList, first: number, last: number): NominalSpan | null {
  const head = tokens.get(last - 1);
  if (head === undefined || !canBeHead(head)) return null;
  if (isRoyal(tokens.get(first))) {
    const royal = ROYAL_KIN.get(head.lower);
    if (royal !== undefined) return { first, last, head: royal, key: royal };
  }
  const modifier = last - 2 > first ? (tokens.get(last - 2)?.lower ?? "") : "";
  const key = KEPT_MODIFIERS.has(modifier) ? `${modifier} ${head.lower}` : head.lower;
  return { first, last, head: head.lower, key };
}

function canBeHead(token: Token): boolean {
  if (token.isPossessive || token.text.length < 3) return false;
  const isVerbal = NOT_A_HEAD.test(token.lower) || REPORTING_VERBS.has(token.lower);
  return !isVerbal && !ADJECTIVES.has(token.lower);
}

/**
 * Finds noun phrases that are the subject of a speech verb near a quote. Returns how often each
 * phrase is such a subject, by the key of the phrase. The result also contains the phrases of
 * `introducedNominals`, with the count 0 if they are never such a subject.
 */
export function discoverNominals(tokens: TokenList): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  tokens.forEach((token, at) => {
    if (token.quote !== -1 || !isReportingVerb(tokens, at) || !isNearQuote(tokens, at)) return;
    const end = subjectEnd(tokens, at);
    const phrase = isOpening(tokens, end)
      ? readPhraseAfter(tokens, at + 1)
      : readPhraseBefore(tokens, end);
    if (phrase === null || NOT_SPEAKERS.has(phrase.head) || isNamed(tokens, phrase)) return;
    found.set(phrase.key, (found.get(phrase.key) ?? 0) + 1);
  });
  for (const key of introducedNominals(tokens)) found.set(key, found.get(key) ?? 0);
  return found;
}

/** True for a speech verb, but not for a noun with the same letters: "her thought was". */
export function isReportingVerb(tokens: TokenList, at: number): boolean {
  const lower = tokens.get(at)?.lower ?? "";
  if (!REPORTING_VERBS.has(lower)) return false;
  return !SPEECH_NOUNS.has(lower) || !LINKING_VERBS.has(tokens.get(at + 1)?.lower ?? "");
}

/**
 * Returns the keys of phrases like "a ... who" in the first four paragraphs. Such a phrase
 * introduces a character, even if the character never speaks: "There was once an old goat who had
 * seven kids".
 */
function introducedNominals(tokens: TokenList): readonly string[] {
  let opening = 0;
  while ((tokens.get(opening)?.paragraph ?? Infinity) < OPENING_PARAGRAPHS) opening += 1;
  const early = tokens.range(0, opening);
  const keys: string[] = [];
  early.forEach((token, at) => {
    const phrase = RELATIVE_PRONOUNS.has(token.lower) ? readPhraseBefore(early, at - 1) : null;
    if (phrase === null || token.quote !== -1 || isNamed(early, phrase)) return;
    if (INDEFINITE_ARTICLES.has(early.get(phrase.first)?.lower ?? "")) keys.push(phrase.key);
  });
  return keys;
}

/**
 * True if the token at `at` belongs to a quote or is a punctuation mark. The token is directly
 * before a speech verb. Because no subject ends with such a token, the subject follows the verb.
 */
function isOpening(tokens: TokenList, at: number): boolean {
  const before = tokens.get(at);
  return before?.quote !== -1 || !before.isWord;
}

/**
 * True if the head is a name, which names.ts finds: the head has a capital, and the word before the
 * head is neither "the" nor capitalised.
 */
function isNamed(tokens: TokenList, phrase: NominalSpan): boolean {
  const head = tokens.get(phrase.last - 1);
  const before = tokens.get(phrase.last - 2);
  return head?.isCapital === true && before?.isCapital !== true && before?.lower !== "the";
}

function subjectEnd(tokens: TokenList, verb: number): number {
  let at = verb - 1;
  while (at > verb - 5 && isVerbGroupWord(tokens.get(at)?.lower ?? "")) at -= 1;
  return at;
}

export function isVerbGroupWord(lower: string): boolean {
  return VERB_GROUP_WORDS.has(lower) || isAdverb(lower);
}

function isNearQuote(tokens: TokenList, at: number): boolean {
  const paragraph = tokens.get(at)?.paragraph;
  for (const token of tokens.range(at - VERB_REACH, at + VERB_REACH + 1)) {
    if (token.paragraph === paragraph && token.quote !== -1) return true;
  }
  return false;
}

/** True for a phrase that introduces somebody: "an old gentleman", "his mother". */
export function isIntroducing(tokens: TokenList, { first }: NominalSpan): boolean {
  return !DEFINITES.has(tokens.get(first)?.lower ?? "");
}

/** Returns every noun phrase of the text whose key or head noun is a known key. */
export function findNominals(
  tokens: TokenList,
  known: ReadonlySet<string>,
): readonly NominalSpan[] {
  const heads = new Set([...known].map((key) => key.split(" ").at(-1) ?? key));
  for (const [kin, royal] of ROYAL_KIN) if (known.has(royal)) heads.add(kin);
  const spans: NominalSpan[] = [];
  tokens.forEach((token, at) => {
    if (!token.isWord || !heads.has(token.lower)) return;
    const phrase = readPhraseBefore(tokens, at);
    if (phrase === null) return;
    if (known.has(phrase.key)) spans.push(phrase);
    else if (known.has(phrase.head)) spans.push({ ...phrase, key: phrase.head });
  });
  return spans;
}
