import { PAUSE, runFlite } from "./flite.engine.js";

/** One call of 30 words costs as much as three calls of one word. */
const WORDS_A_CALL = 30;
/** At ten times the speed, words have the same phones and cost less than half. */
const SETTINGS = { voice: "kal16", stretch: 0.1 };
/** Enough for the vocabulary of several novels. Each word takes about 200 bytes. */
const MAX_CACHED = 40_000;

const cache = new Map<string, readonly string[]>();

/**
 * Finds the phones of words said alone, and caches them in this thread. All words use the fastest
 * voice, because the phones of other voices differ little.
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
 * Asks the engine for the phones of words. Pauses split the phones into one group per word. A word
 * with a pause inside, or a word without sound, gives a wrong number of groups. In this case each
 * half of the words is asked alone.
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
