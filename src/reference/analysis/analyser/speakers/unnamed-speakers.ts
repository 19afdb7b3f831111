import type { TextCharacters } from "../characters/text-characters.js";
import { Gender } from "../document.js";
import { FEMALE_NOUNS, MALE_NOUNS } from "../lexicon/person-nouns.js";
import { SPEECH_VERBS } from "../lexicon/speech-verbs.js";
import { findNominals } from "../characters/nominals.js";
import type { TokenList } from "../text/tokens.js";

/**
 * A noun becomes a character if the narration mentions it at least this often. A noun that occurs
 * only once is often no character.
 */
const FEWEST_MENTIONS = 2;

/**
 * Returns the nouns that mean speakers without a name. If the text contains "she said" but no
 * character is a woman, returns the female nouns of the narration. For example, a story can call a
 * princess only "she" when she speaks. Does the same for "he said" and male nouns.
 */
export function findUnnamedSpeakers(
  characters: TextCharacters,
  tokens: TokenList,
): readonly string[] {
  return [
    ...unnamedOf(characters, tokens, {
      gender: Gender.Female,
      pronoun: "she",
      nouns: FEMALE_NOUNS,
    }),
    ...unnamedOf(characters, tokens, { gender: Gender.Male, pronoun: "he", nouns: MALE_NOUNS }),
  ];
}

interface Wanted {
  readonly gender: Gender;
  readonly pronoun: string;
  readonly nouns: ReadonlySet<string>;
}

function unnamedOf(
  characters: TextCharacters,
  tokens: TokenList,
  wanted: Wanted,
): readonly string[] {
  if (characters.members.some(({ gender }) => gender === wanted.gender)) return [];
  if (!isReporting(tokens, wanted.pronoun)) return [];
  const counts = new Map<string, number>();
  for (const { key, first } of findNominals(tokens, wanted.nouns)) {
    if (tokens.get(first)?.quote === -1) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= FEWEST_MENTIONS).map(([key]) => key);
}

function isReporting(tokens: TokenList, pronoun: string): boolean {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens.get(at);
    if (token?.lower !== pronoun || token.quote !== -1) continue;
    const beside = [tokens.get(at - 1), tokens.get(at + 1)];
    if (beside.some((near) => SPEECH_VERBS.has(near?.lower ?? ""))) return true;
  }
  return false;
}
