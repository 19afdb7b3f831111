import type { AgeGroup, Character, CharacterRole } from "../document.js";
import type { TextCharacter } from "./text-characters.js";
import type { NameForm } from "./name-forms.js";
import type { NarratedCharacters } from "./narrator.js";
import { CHILD_NOUNS, ELDER_NOUNS, KIN_NOUNS, YOUNG_NOUNS } from "../lexicon/person-nouns.js";

/**
 * The largest number of characters in a document. No novel of the Project Dialogism Novel Corpus
 * has more speaking characters. A quote of a less important character keeps its cue but has no
 * speaker.
 */
const MOST_CHARACTERS = 300;
const MAJOR_SHARE = 0.2;
/**
 * One quote counts as much as this number of mentions, because quotes show the importance of a
 * character better than mentions.
 */
const QUOTE_WEIGHT = 3;

export interface CharacterTable {
  readonly characters: readonly Character[];
  /**
   * The id in the document of each character of the text. The place in the array is the character's
   * index. Null if the character is not in the document.
   */
  readonly idOf: readonly (string | null)[];
}

/** Returns the characters of the document, the most important first. */
export function describeCharacters(
  found: NarratedCharacters,
  quoteCounts: readonly number[],
): CharacterTable {
  const quotesOf = (member: TextCharacter): number => quoteCounts[member.index] ?? 0;
  const weight = (member: TextCharacter): number =>
    member.mentionCount + QUOTE_WEIGHT * quotesOf(member);
  const kept = found.members
    .filter((member) => weight(member) > 0)
    .sort((a, b) => weight(b) - weight(a) || a.index - b.index)
    .slice(0, MOST_CHARACTERS);
  const heaviest = Math.max(1, ...kept.slice(0, 1).map(weight));
  const ids = new Map<string, number>();
  const idOf: (string | null)[] = found.members.map(() => null);
  const characters = kept.map((member, rank) => {
    const isNarrator = member.index === found.narrator;
    const name = nameOf(member, isNarrator);
    const id = freshId(ids, name);
    idOf[member.index] = id;
    const role = isNarrator ? "narrator" : roleOf(rank, weight(member) / heaviest);
    return characterOf(member, { id, name, role, quoteCount: quotesOf(member) });
  });
  return { characters, idOf };
}

function characterOf(
  member: TextCharacter,
  known: {
    readonly id: string;
    readonly name: string;
    readonly role: CharacterRole;
    readonly quoteCount: number;
  },
): Character {
  const ageGroup = ageOf(member);
  return {
    id: known.id,
    canonicalName: known.name,
    aliases: aliasesOf(member).filter((alias) => alias !== known.name),
    role: known.role,
    gender: member.gender,
    ageGroup,
    description: describe(member, known, ageGroup),
    mentionCount: member.mentionCount,
    quoteCount: known.quoteCount,
  };
}

function roleOf(rank: number, share: number): CharacterRole {
  if (rank === 0) return "protagonist";
  return share >= MAJOR_SHARE ? "major" : "minor";
}

function nameOf(member: TextCharacter, isNarrator: boolean): string {
  const full = [...(member.cluster?.forms ?? [])].sort(byFitness)[0];
  if (full !== undefined) {
    // If the text uses both "Fox" and "the fox" for the character, the character is called "The
    // Fox".
    return member.nouns.has(full.key) ? `The ${full.written}` : display(full);
  }
  const noun = [...member.nouns][0];
  if (noun === undefined) return isNarrator ? "Narrator" : "Unknown";
  return KIN_NOUNS.has(noun) ? capitalised(noun) : `The ${noun}`;
}

/** Sorts full names first, then titled names, then single words. */
function byFitness(a: NameForm, b: NameForm): number {
  const rank = (form: NameForm): number =>
    form.words.length > 1 ? 0 : form.honorific === null ? 2 : 1;
  return rank(a) - rank(b) || b.count - a.count || (a.key < b.key ? -1 : 1);
}

const ABBREVIATED = new Set([
  "mr",
  "mrs",
  "ms",
  "dr",
  "rev",
  "capt",
  "col",
  "gen",
  "lieut",
  "prof",
  "st",
]);

function display(form: NameForm): string {
  const name = form.written;
  if (form.honorific !== null) {
    const dot = ABBREVIATED.has(form.honorific) ? "." : "";
    return `${capitalised(form.honorific)}${dot} ${name}`;
  }
  return form.withThe * 2 > form.count ? `The ${name}` : name;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function aliasesOf(member: TextCharacter): readonly string[] {
  const forms = [...(member.cluster?.forms ?? [])].sort((a, b) => b.count - a.count);
  return [...new Set([...forms.map(display), ...[...member.nouns].map((noun) => `the ${noun}`)])];
}

/**
 * Returns an id that no other character of the text has: "framton-nuttel". The second character
 * with the name "The Fox" gets "the-fox-2". The same text always gives the same ids.
 */
function freshId(taken: Map<string, number>, name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/gu, "");
  const base = slug === "" ? "character" : slug;
  const count = (taken.get(base) ?? 0) + 1;
  taken.set(base, count);
  return count === 1 ? base : freshId(taken, `${base}-${String(count)}`);
}

function ageOf(member: TextCharacter): AgeGroup {
  const words = [...member.nouns].flatMap((noun) => noun.split(" "));
  if (words.some((word) => ELDER_NOUNS.has(word))) return "elder";
  if (words.some((word) => CHILD_NOUNS.has(word))) return "child";
  if (words.some((word) => YOUNG_NOUNS.has(word))) return "young";
  const isTitled = [...(member.cluster?.honorifics ?? [])].some(
    (title) => title !== "miss" && title !== "master",
  );
  return isTitled || words.some((word) => KIN_NOUNS.has(word)) ? "adult" : "unknown";
}

function describe(
  member: TextCharacter,
  known: { readonly role: CharacterRole; readonly quoteCount: number },
  ageGroup: AgeGroup,
): string {
  const traits = [ageGroup, member.gender].filter((trait) => trait !== "unknown");
  const opening = capitalised(
    [...traits, known.role === "narrator" ? "narrator" : `${known.role} character`].join(" "),
  );
  const mentions = plural(member.mentionCount, "mention");
  return `${opening}: ${mentions}, ${plural(known.quoteCount, "quote")}.`;
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
