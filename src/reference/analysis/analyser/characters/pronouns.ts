import { PHRASE_STOPS, PRONOUN_GENDER } from "../lexicon/function-words.js";
import { isPossessiveBefore } from "./name-forms.js";
import type { Token, TokenList } from "../text/tokens.js";

/** Tokens `first` to `last` (exclusive) that mean somebody. */
interface NamedSpan {
  readonly first: number;
  readonly last: number;
}

/**
 * The longest distance in tokens from a mention to a pronoun that shows the gender of the mentioned
 * character. A pronoun further away probably means another person.
 */
const PRONOUN_REACH = 25;
/** How many of the first pronouns after the mentions of a person have each gender. */
export interface GenderVotes {
  male: number;
  female: number;
  neutral: number;
}

/**
 * Returns the gender of the first pronoun after a name or a noun. Reads no further than the next
 * name or noun, the end of the paragraph, or 25 tokens. Returns null if there is no pronoun.
 */
export function genderAfter(
  tokens: TokenList,
  named: NamedSpan,
  next: NamedSpan | undefined,
): keyof GenderVotes | null {
  const own = tokens.get(named.last - 1);
  // In "the King's daughter ... she", the pronoun after the possessive means the daughter, not the
  // King.
  if (own === undefined || isPossessiveBefore(tokens, named.last)) return null;
  const end = Math.min(named.last + PRONOUN_REACH, next?.first ?? tokens.length);
  for (let at = named.last; at < end; at += 1) {
    const token = tokens.get(at);
    if (token?.paragraph !== own.paragraph) return null;
    const gender = token.quote === own.quote ? genderAt(tokens, at, token) : undefined;
    if (gender !== undefined) return gender;
  }
  return null;
}

function genderAt(tokens: TokenList, at: number, token: Token): keyof GenderVotes | undefined {
  return isObject(token, tokens.get(at + 1)) ? undefined : genderOfPronoun(token.lower);
}

function genderOfPronoun(lower: string): "male" | "female" | "neutral" | undefined {
  const isThing = lower === "its" || lower === "itself";
  return isThing ? "neutral" : PRONOUN_GENDER.get(lower);
}

/**
 * True if the token is the object of a verb: "her" in "A Fox observed her and ...". Such a pronoun
 * often means another character than the mention before it.
 */
function isObject(token: Token, next: Token | undefined): boolean {
  if (token.lower === "him") return true;
  return token.lower === "her" && (next?.isWord !== true || PHRASE_STOPS.has(next.lower));
}
