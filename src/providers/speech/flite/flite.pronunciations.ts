import { PAUSE, runFlite } from "./flite.engine.js";

/** One call of 30 words costs what three calls of one word cost. */
const WORDS_A_CALL = 30;
/** Said at ten times the speed, words have the same phones and cost less than half. */
const SETTINGS = { voice: "kal16", stretch: 0.1 };
/** The vocabulary of several novels; about 200 bytes a word. */
const MAX_CACHED = 40_000;

const cache = new Map<string, readonly string[]>();

/**
 * The phones that words have alone, kept for the thread's life. All through one voice: the fastest,
 * and the phones of the others differ little.
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

/** A word that pauses inside, or is silent alone, shows as a wrong count: then each half is asked. */
async function ask(words: readonly string[]): Promise<readonly [string, readonly string[]][]> {
  const { phones } = await runFlite(words.join(", "), SETTINGS);
  const [only] = words;
  if (words.length === 1 && only !== undefined) {
    return [[only, phones.map(({ name }) => name).filter((name) => name !== PAUSE)]];
  }
  const groups = groupsBetweenPauses(phones.map(({ name }) => name));
  if (groups.length === words.length)
    return words.map((word, index) => [word, groups[index] ?? []]);
  const middle = Math.ceil(words.length / 2);
  return [...(await ask(words.slice(0, middle))), ...(await ask(words.slice(middle)))];
}

function groupsBetweenPauses(names: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  for (const name of names) {
    if (name === PAUSE) groups.push([]);
    else groups.at(-1)?.push(name);
  }
  return groups.filter((group) => group.length > 0);
}
