import { NO_STAMMERS, ONSETS } from "../tables/stammers.js";

const VOWELS: ReadonlyMap<string, string> = new Map([
  ["a", "ah"],
  ["e", "eh"],
  ["i", "ih"],
  ["o", "oh"],
  ["u", "uh"],
]);

/**
 * Returns a stammered word as it is heard, or null for other words. A voice would spell the `w` of `w-what`, so it
 * becomes `wuh`.
 * @param parts the parts of a word between hyphens
 */
export function unstammered(parts: readonly string[]): string | null {
  const word = parts.at(-1) ?? "";
  const starts = parts.slice(0, -1);
  if (NO_STAMMERS.has(parts.join("-").toLowerCase())) return null;
  const isStammer = starts.every((start) => isOnset(start, word));
  if (!isStammer)
    return isRepeated(parts) ? parts.map((part) => sayStart(part, part)).join("-") : null;
  const said = starts.map((start) => sayStart(start, word));
  return [...said, word].join("-");
}

/** `B-b-b` without a word. `S-s-s` is a sound of its own. */
const isRepeated = (parts: readonly string[]) =>
  parts.length > 2 &&
  parts.every((part) => part.length === 1) &&
  /^([bdfgjklnptvw])(?:-\1)+$/i.test(parts.join("-"));

/** True for the consonants at the beginning of a word, or its first vowel. `re-read` is no stammering. */
function isOnset(start: string, word: string): boolean {
  const [beginning, whole] = [start.toLowerCase(), word.toLowerCase()];
  if (!whole.startsWith(beginning) || whole.length <= beginning.length) return false;
  return (
    /^(?:[^aeiou]{1,3}|qu)$/.test(beginning) ||
    /^[aeu]$/.test(beginning) ||
    (beginning === "i" && !/^i['’]?[md]?$|^i['’]/.test(whole))
  );
}

function sayStart(start: string, word: string): string {
  const beginning = start.toLowerCase();
  const vowel = VOWELS.get(beginning);
  const said = vowel ?? `${soundOf(beginning, word.toLowerCase())}uh`;
  return start === start.toLowerCase() ? said : said.charAt(0).toUpperCase() + said.slice(1);
}

/** Returns letters that stand for the sound at the beginning of a word: `c` is `k` in can and `s` in city. */
function soundOf(beginning: string, word: string): string {
  return ONSETS.find(([pattern]) => pattern.test(word))?.[1] ?? beginning;
}
