import { PAUSE, runFlite } from "./flite.engine.js";

/** One call with 30 words takes as long as three calls with one word. */
const WORDS_A_CALL = 30;
/**
 * At ten times the normal speed, words have the same phones, and a call takes less than half the
 * time.
 */
const SETTINGS = { voice: "kal16", stretch: 0.1 };
/**
 * The largest number of cached words, which is enough for several novels. Each word takes about 200
 * bytes.
 */
const MAX_CACHED = 40_000;

const cache = new Map<string, readonly string[]>();

/**
 * Returns the phones that each word has when it is said alone. Caches the phones in this thread.
 * Uses the fastest voice for all words, because the phones of other voices differ little.
 */
export async function pronounce(
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const missing = [...new Set(words)].filter((word) => {
    const phones = cache.get(word);
    if (phones) found.set(word, phones);
    return !phones;
  });
  for (let start = 0; start < missing.length; start += WORDS_A_CALL) {
    for (const [word, phones] of await ask(missing.slice(start, start + WORDS_A_CALL))) {
      if (cache.size >= MAX_CACHED) cache.clear();
      cache.set(word, phones);
      found.set(word, phones);
    }
  }
  return found;
}

/**
 * Asks the engine for the phones of all words in one call. The pauses between the words split the
 * phones into one group per word. If a word has a pause inside or no sound, the number of groups is
 * wrong. In this case, asks for each half of the words in a separate call.
 */
async function ask(words: readonly string[]): Promise<readonly [string, readonly string[]][]> {
  const { phones } = await runFlite(words.join(", "), SETTINGS);
  const [only] = words;
  if (words.length === 1 && only !== undefined) {
    return [[only, phones.map(({ name }) => name).filter((name) => name !== PAUSE)]];
  }
  const groups = splitAtPauses(phones.map(({ name }) => name));
  if (groups.length === words.length)
    return words.map((word, index) => [word, groups[index] ?? []]);
  const middle = Math.ceil(words.length / 2);
  return [...(await ask(words.slice(0, middle))), ...(await ask(words.slice(middle)))];
}

function splitAtPauses(names: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  for (const name of names) {
    if (name === PAUSE) groups.push([]);
    else groups.at(-1)?.push(name);
  }
  return groups.filter((group) => group.length > 0);
}
