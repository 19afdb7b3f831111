import { Gender } from "../document.js";
import type { TextCharacters, TextCharacter, Mention } from "./text-characters.js";
import { PHRASE_STOPS, PRONOUN_GENDER } from "../lexicon/function-words.js";
import { FEMALE_NOUNS, MALE_NOUNS } from "../lexicon/person-nouns.js";
import type { Token, TokenList } from "../text/tokens.js";

/**
 * The longest distance in tokens from a mention to a pronoun that shows the gender of the mentioned
 * character. A pronoun further away probably means another person.
 */
const PRONOUN_REACH = 25;
const FEWEST_CONTRARY_VOTES = 6;
const DECISIVE_SHARE = 0.6;

interface GenderVotes {
  readonly male: number;
  readonly female: number;
  readonly neutral: number;
}

/**
 * Sets the gender of characters whose pronouns agree: at least 60 % of the first pronouns after
 * their mentions have one gender. This happens in two cases. Either title, noun and first name show
 * no gender. Or only the first name shows a gender, and at least six pronouns are found.
 */
export function assignGenders(characters: TextCharacters, tokens: TokenList): void {
  const votes = characters.members.map(() => ({ male: 0, female: 0, neutral: 0 }));
  characters.mentions.forEach((mention, position) => {
    const vote = votes[mention.member];
    // In "the King's daughter ... she", the pronoun after the possessive means the daughter, not
    // the King.
    if (tokens.get(mention.last - 1)?.isPossessive === true) return;
    const gender = votedGender(tokens, mention, characters.mentions[position + 1]);
    if (vote !== undefined && gender !== null) vote[gender] += 1;
  });
  characters.members.forEach((member, index) => {
    const vote = votes[index];
    if (vote !== undefined) decide(member, vote);
  });
}

function votedGender(
  tokens: TokenList,
  mention: Mention,
  next: Mention | undefined,
): "male" | "female" | "neutral" | null {
  const end = Math.min(mention.last + PRONOUN_REACH, next?.first ?? tokens.length);
  for (let at = mention.last; at < end; at += 1) {
    const token = tokens.get(at);
    if (token?.paragraph !== mention.paragraph) return null;
    if (token.quote !== mention.quote) continue;
    if (at === mention.last + 1 && isObject(token, tokens.get(at + 1))) continue;
    const gender = genderOfPronoun(token.lower);
    if (gender !== undefined) return gender;
  }
  return null;
}

function genderOfPronoun(lower: string): "male" | "female" | "neutral" | undefined {
  const isThing = lower === "its" || lower === "itself";
  return isThing ? "neutral" : PRONOUN_GENDER.get(lower);
}

/**
 * True if the token is the object of the verb after a mention: "her" in "A Fox observed her and
 * ...". Such a pronoun means another character than the mention.
 */
function isObject(token: Token, next: Token | undefined): boolean {
  if (token.lower === "him") return true;
  return token.lower === "her" && (next?.isWord !== true || PHRASE_STOPS.has(next.lower));
}

function isGenderedNoun(member: TextCharacter): boolean {
  const words = (member.cluster?.forms ?? []).flatMap((form) => form.lowers);
  const isPlural = member.gender === Gender.Neutral;
  return (
    isPlural ||
    [...member.nouns, ...words].some((word) => MALE_NOUNS.has(word) || FEMALE_NOUNS.has(word))
  );
}

function decide(member: TextCharacter, vote: GenderVotes): void {
  // Some first names belong to men and to women. So a clear majority of pronouns outweighs the
  // lists of first names.
  if (member.gender !== Gender.Unknown && !isDisputable(member, vote)) return;
  const total = vote.male + vote.female + vote.neutral;
  for (const gender of [Gender.Male, Gender.Female, Gender.Neutral]) {
    if (total > 0 && vote[gender] / total >= DECISIVE_SHARE) member.gender = gender;
  }
}

function isDisputable(member: TextCharacter, vote: GenderVotes): boolean {
  const isTitled = (member.cluster?.honorifics.size ?? 0) > 0 || isGenderedNoun(member);
  return !isTitled && vote.male + vote.female >= FEWEST_CONTRARY_VOTES;
}
