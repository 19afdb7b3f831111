import { spokenText } from "./spoken-text.js";
import type { SpokenWord } from "./speech.port.js";

/** In letters: what a word costs besides its letters, and how long its stop is. */
const WORD_COST = 1;
const DIGIT_COST = 4;
const STOPS: readonly (readonly [RegExp, number])[] = [
  [/[.?!…]/u, 6],
  [/[,;:—–]/u, 3],
];

/** Words spread over a sound by their letters, for a provider that tells no times. */
export function estimateWords(text: string, durationMs: number): readonly SpokenWord[] {
  const { words } = spokenText(text);
  const costs = words.map(({ text: word }) => costOf(word));
  const stops = words.map(({ charEnd }, index) => {
    const next = words[index + 1];
    return next ? stopOf(text.slice(charEnd, next.charStart)) : 0;
  });
  const total = [...costs, ...stops].reduce((sum, cost) => sum + cost, 0);
  let at = 0;
  return words.map((word, index) => {
    const startMs = (at / total) * durationMs;
    at += costs[index] ?? 0;
    const endMs = (at / total) * durationMs;
    at += stops[index] ?? 0;
    return { ...word, startMs, endMs };
  });
}

function costOf(word: string): number {
  const digits = word.match(/\p{N}/gu)?.length ?? 0;
  return WORD_COST + word.length + digits * (DIGIT_COST - 1);
}

const stopOf = (between: string) => STOPS.find(([pattern]) => pattern.test(between))?.[1] ?? 0;
