import type { CastMember } from "../characters/cast.js";

/** How often the conversation had each member speak where a noun was said to: noun, then member, then count. */
export type NominalVotes = Map<number, Map<number, number>>;

/** The named character that a noun stands for throughout: "the painter" for Basil. */
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
 * A noun is linked when its votes agree; a vote for itself says that nobody named was at hand. A name that is hardly more
 * frequent than the noun is another person: the niece and Mrs. Sappleton.
 */
export function linkNominals(votes: NominalVotes, members: readonly CastMember[]): NominalLinks {
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
