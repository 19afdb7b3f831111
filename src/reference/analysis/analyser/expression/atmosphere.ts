import type { Atmosphere } from "../lexicon/mood-words.js";
import { MOOD_WORDS } from "../lexicon/mood-words.js";
import type { Token } from "../text/tokens.js";

/** How many words of each kind stand among a thousand. */
export type Atmospheres = Readonly<Record<Atmosphere, number>>;

/** A word that a story repeats counts no more than this often in a thousand words: the ship of a story is only one ship. */
const MOST_PER_WORD = 3;

export function readAtmospheres(tokens: readonly Token[]): Atmospheres {
  const counts = new Map<string, number>();
  let total = 0;
  for (const token of tokens) {
    if (!token.isWord) continue;
    total += 1;
    // Inside a sentence a capital makes a name of a word: Hope, Captain Vane.
    if (token.isCapital && !token.isSentenceStart) continue;
    counts.set(token.lower, (counts.get(token.lower) ?? 0) + 1);
  }
  const density = (words: ReadonlySet<string>): number =>
    [...words].reduce((sum, word) => {
      const perThousand = (1000 * (counts.get(word) ?? 0)) / Math.max(1, total);
      return sum + Math.min(MOST_PER_WORD, perThousand);
    }, 0);
  return {
    eerie: density(MOOD_WORDS.eerie),
    mysterious: density(MOOD_WORDS.mysterious),
    tender: density(MOOD_WORDS.tender),
    playful: density(MOOD_WORDS.playful),
    adventurous: density(MOOD_WORDS.adventurous),
  };
}
