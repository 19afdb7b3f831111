import { Gender } from "../document.js";
import type { TextCharacters, TextCharacter } from "./text-characters.js";
import { FEMALE_NOUNS, MALE_NOUNS } from "../lexicon/person-nouns.js";
import type { TokenList } from "../text/tokens.js";
import type { GenderVotes } from "./pronouns.js";
import { genderAfter } from "./pronouns.js";

const FEWEST_CONTRARY_VOTES = 6;
const DECISIVE_SHARE = 0.6;

/**
 * Sets the gender of characters whose pronouns agree: at least 60 % of the first pronouns after
 * their mentions have one gender. This happens in two cases. Either title, noun and first name show
 * no gender. Or only the first name shows a gender, and at least six pronouns are found.
 */
export function assignGenders(characters: TextCharacters, tokens: TokenList): void {
  const votes = characters.members.map(() => ({ male: 0, female: 0, neutral: 0 }));
  characters.mentions.forEach((mention, position) => {
    const vote = votes[mention.member];
    const gender = genderAfter(tokens, mention, characters.mentions[position + 1]);
    if (vote !== undefined && gender !== null) vote[gender] += 1;
  });
  characters.members.forEach((member, index) => {
    const vote = votes[index];
    if (vote !== undefined) decide(member, vote);
  });
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
