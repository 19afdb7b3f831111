import type { Finding } from "./rule.js";

const WORD = /[\p{L}\p{M}\p{N}'’-]+/gu;

/** Returns the words of a lexicon in the form in which `isKept` compares them. */
export const wordsToKeep = (words: readonly string[]): ReadonlySet<string> =>
  new Set(words.map(comparable).filter(Boolean));

/** True if a finding would change a word of the lexicon. */
export function isKept(text: string, finding: Finding, kept: ReadonlySet<string>): boolean {
  if (kept.size === 0) return false;
  const [start, end] = wholeWords(text, finding[0]?.start ?? 0, finding.at(-1)?.end ?? 0);
  const place = text.slice(start, end);
  const words = [...place.split(/\s+/), ...(place.match(WORD) ?? [])];
  return words.some((word) => kept.has(comparable(word)));
}

/** Case and the marks around a word do not count: `Capt.` of a text is `capt` of a lexicon. */
const comparable = (word: string) =>
  word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");

/** Widens a place to the spaces around it. A word ends after MOST_CHARS characters at the latest. */
function wholeWords(text: string, start: number, end: number): readonly [number, number] {
  let [from, to] = [start, end];
  while (from > 0 && start - from < MOST_CHARS && /\S/.test(text.charAt(from - 1))) from -= 1;
  while (to < text.length && to - end < MOST_CHARS && /\S/.test(text.charAt(to))) to += 1;
  return [from, to];
}

const MOST_CHARS = 60;
