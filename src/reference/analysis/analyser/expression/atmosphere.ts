import type { Atmosphere } from "../lexicon/mood-words.js";
import { MOOD_WORDS } from "../lexicon/mood-words.js";
import type { TokenList } from "../text/tokens.js";

/** For each atmosphere, the number of words in a thousand that evoke the atmosphere. */
export type Atmospheres = Readonly<Record<Atmosphere, number>>;

/**
 * One word counts at most this often in a thousand words, even if the word occurs more often.
 * Without this limit, a story that mentions one ship again and again would be adventurous.
 */
const MOST_PER_WORD = 3;

export function readAtmospheres(tokens: TokenList): Atmospheres {
  const counts = new Map<string, number>();
  let total = 0;
  for (const token of tokens) {
    if (!token.isWord) continue;
    total += 1;
    // Inside a sentence, a word with a capital is a name, which evokes nothing: Hope, Captain Vane.
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
