import type { TextCharacter } from "../characters/text-characters.js";

/**
 * Votes for the character that a noun means: for each noun, the number of votes for each character.
 * Nouns and characters are indexes. Every cue that names the noun as the speaker gives one vote.
 */
export type NominalVotes = Map<number, Map<number, number>>;

/**
 * The named character that each noun means in the whole text: "the painter" means Basil. Nouns and
 * characters are indexes.
 */
export type NominalLinks = ReadonlyMap<number, number>;

const PROMINENCE = 2;
const FEWEST_VOTES = 2;
const LEAST_SHARE = 0.5;

export function voteFor(votes: NominalVotes, noun: number, member: number): void {
  const counts = votes.get(noun) ?? new Map<number, number>();
  counts.set(member, (counts.get(member) ?? 0) + 1);
  votes.set(noun, counts);
}

/**
 * Links a noun to a named character if the character has at least two votes and at least half of
 * the noun's votes. A vote for the noun itself means that no named character was near. The name
 * must also be at least twice as frequent as the noun. A rarer name belongs to another person: "the
 * niece" is not Mrs. Sappleton.
 */
export function linkNominals(votes: NominalVotes, members: readonly TextCharacter[]): NominalLinks {
  const links = new Map<number, number>();
  for (const [noun, counts] of votes) {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const [winner] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    if (winner === undefined || winner[1] < FEWEST_VOTES) continue;
    const mentionsOfNoun = members[noun]?.mentionCount ?? 0;
    const mentionsOfName = members[winner[0]]?.mentionCount ?? 0;
    if (mentionsOfName < PROMINENCE * mentionsOfNoun) continue;
    if (winner[1] / total >= LEAST_SHARE) links.set(noun, winner[0]);
  }
  return links;
}
