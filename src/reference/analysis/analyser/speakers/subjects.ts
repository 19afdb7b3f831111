import type { Mention } from "../characters/text-characters.js";
import { PRONOUN_GENDER, SUBJECT_PRONOUNS } from "../lexicon/function-words.js";
import { ADJECTIVES } from "../lexicon/person-nouns.js";
import { VERB_PARTICLES } from "../lexicon/speech-verbs.js";
import { isPossessiveBefore } from "../characters/name-forms.js";
import { isVerbGroupWord } from "../characters/nominals.js";
import type { AttributionInput, TokenRange } from "./attribution-input.js";

/**
 * The subject of a sentence: a character, or a pronoun that means a character. `member` is the
 * character's index, or null for a pronoun.
 */
export interface Subject extends TokenRange {
  readonly member: number | null;
  readonly pronoun: "male" | "female" | "plural" | null;
  readonly isNominal: boolean;
}

const JOINTS: ReadonlySet<string> = new Set(["and", "but", "or", "who", "to", "than", "as"]);
const LONGEST_VERB_GROUP = 5;
const LONGEST_OPENING = 3;

/**
 * Finds the subject of the verb at `verb` within `range`. Looks directly before the verb, then
 * after the verb, and last for an earlier subject in the same sentence.
 */
export function findSubject(
  input: AttributionInput,
  verb: number,
  range: TokenRange,
): Subject | null {
  return (
    subjectBefore(input, verb, range.first) ??
    subjectAfter(input, verb, range.last) ??
    subjectBeforeAside(input, verb, range.first) ??
    joinedSubject(input, verb, range.first)
  );
}

function subjectBefore(input: AttributionInput, verb: number, first: number): Subject | null {
  let at = verb - 1;
  const furthest = Math.max(first, verb - LONGEST_VERB_GROUP);
  while (at > furthest && isVerbGroupWord(input.tokens.get(at)?.lower ?? "")) at -= 1;
  return at < first ? null : subjectEndingAt(input, at);
}

function subjectAfter(input: AttributionInput, verb: number, last: number): Subject | null {
  const subject = invertedSubject(input, verb, last);
  // In "said her mother", the mention "her mother" is the subject. "told him" has no subject after
  // the verb, because "him" is an object.
  return subject !== null && subject.last <= last ? subject : null;
}

function invertedSubject(input: AttributionInput, verb: number, last: number): Subject | null {
  // In "put in Vera", "in" is no preposition of Vera.
  if (VERB_PARTICLES.has(input.tokens.get(verb + 1)?.lower ?? "")) return sourceAt(input, verb + 2);
  let at = verb + 1;
  while (at < last && at < verb + 3 && isVerbGroupWord(input.tokens.get(at)?.lower ?? "")) at += 1;
  return at >= last ? null : subjectStartingAt(input, at);
}

/** Returns the character mentioned at `at` as a subject. Returns null for a pronoun. */
export function nameAt(input: AttributionInput, at: number): Subject | null {
  const mention = mentionFrom(input, at);
  return mention?.canBeSubject === true ? mentioned(mention) : null;
}

/** Returns the character after the preposition "from" or "by" before `at`. */
export function sourceAt(input: AttributionInput, at: number): Subject | null {
  const mention = mentionFrom(input, at);
  if (mention === undefined || isPossessiveBefore(input.tokens, mention.last)) return null;
  return mentioned(mention);
}

/**
 * Returns the owner of a noun for speech as a subject: Tom in "Tom's question", the woman in "her
 * answer". `at` is the place of the owner. Returns null if there is no owner.
 */
export function ownerAt(input: AttributionInput, at: number): Subject | null {
  const mention = input.mentionByFirst.get(at);
  if (mention !== undefined)
    return isPossessiveBefore(input.tokens, mention.last) ? mentioned(mention) : null;
  const lower = input.tokens.get(at)?.lower ?? "";
  const pronoun = lower === "his" ? "male" : lower === "her" ? "female" : null;
  return pronoun && { first: at, last: at + 1, member: null, pronoun, isNominal: false };
}

/**
 * Finds a subject that an aside separates from its verb: "the Fox, snatching it up, said". A comma
 * after the subject begins the aside, and a comma before the verb ends the aside.
 */
function subjectBeforeAside(input: AttributionInput, verb: number, first: number): Subject | null {
  if (input.tokens.get(verb - 1)?.text !== ",") return null;
  for (let at = verb - 2; at > first; at -= 1) {
    if (input.tokens.get(at)?.text !== ",") continue;
    const subject = subjectEndingAt(input, at - 1);
    if (subject !== null) return subject;
  }
  return null;
}

/**
 * Finds the subject of a verb that a comma or "and" joins to an earlier verb: "Alice looked up and
 * said". The first subject of the clause is the subject of both verbs.
 */
function joinedSubject(input: AttributionInput, verb: number, first: number): Subject | null {
  let at = verb - 1;
  while (at > first && isVerbGroupWord(input.tokens.get(at)?.lower ?? "")) at -= 1;
  const joint = input.tokens.get(at);
  const isJoined = joint === undefined || !joint.isWord || JOINTS.has(joint.lower);
  return isJoined ? clauseSubject(input, { first, last: verb }) : null;
}

/** Returns the first subject in a range of tokens. Returns null if there is none. */
export function clauseSubject(input: AttributionInput, range: TokenRange): Subject | null {
  for (let at = range.first; at < range.last; at += 1) {
    const subject = subjectStartingAt(input, at);
    if (subject !== null && subject.last <= range.last) return subject;
  }
  return null;
}

function subjectEndingAt(input: AttributionInput, at: number): Subject | null {
  const mention = input.mentionByEnd.get(at + 1);
  if (mention !== undefined) return mention.canBeSubject ? mentioned(mention) : null;
  return pronounAt(input, at);
}

function subjectStartingAt(input: AttributionInput, at: number): Subject | null {
  const mention = mentionFrom(input, at);
  if (mention !== undefined) return mention.canBeSubject ? mentioned(mention) : null;
  return pronounAt(input, at);
}

/**
 * Returns the mention that begins at `at` or up to three words later. The words before the mention
 * are "the" and adjectives, because a mention of a name does not include them: "the Fox", "the poor
 * little Lamb".
 */
function mentionFrom(input: AttributionInput, at: number): Mention | undefined {
  let first = at;
  while (first < at + LONGEST_OPENING && input.mentionByFirst.get(first) === undefined) {
    const lower = input.tokens.get(first)?.lower ?? "";
    const isEpithet = ADJECTIVES.has(lower) || (first > at && isParticiple(lower));
    if (lower !== "the" && !isEpithet) return undefined;
    first += 1;
  }
  return input.mentionByFirst.get(first);
}

/** True for a word like "startled" in "cried the startled Clara". */
function isParticiple(lower: string): boolean {
  return lower.length > 4 && lower.endsWith("ed");
}

function mentioned(mention: Mention): Subject {
  const { member, first, last, isNominal } = mention;
  return { member, first, last, isNominal, pronoun: null };
}

function pronounAt(input: AttributionInput, at: number): Subject | null {
  const lower = input.tokens.get(at)?.lower ?? "";
  if (!SUBJECT_PRONOUNS.has(lower) || input.tokens.get(at)?.isPossessive === true) return null;
  if (lower === "i") return null;
  const gender = PRONOUN_GENDER.get(lower) ?? "plural";
  return { first: at, last: at + 1, member: null, pronoun: gender, isNominal: false };
}
