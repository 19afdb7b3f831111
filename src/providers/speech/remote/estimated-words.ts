import { type WrittenWord, prepareSpokenText } from "../spoken-text.js";
import type { SpokenWord } from "../speech.port.js";

/**
 * Estimated durations. The unit is the duration of one letter. WORD_COST is added for each word. A
 * digit takes DIGIT_COST units instead of one. STOPS has the units of the punctuation after a word.
 */
const WORD_COST = 1;
const DIGIT_COST = 4;
const STOPS: readonly (readonly [RegExp, number])[] = [
  [/[.?!…]/u, 6],
  [/[,;:—–]/u, 3],
];

type Span = readonly [startMs: number, endMs: number];

/**
 * Estimates the times of words from their letters, for a provider that reports no times. Assigns
 * the pauses in the sound to gaps between two words, so that words do not last into a pause. A
 * pause stays inside a word if no gap is near.
 */
export function estimateWords(
  text: string,
  durationMs: number,
  pauses: readonly Span[] = [],
): readonly SpokenWord[] {
  const { words } = prepareSpokenText(text);
  if (words.length === 0) return [];
  const gaps = words.slice(1).map(({ start }, index) => text.slice(words[index]?.end, start));
  const costs = words.map(({ text: word }) => costOf(word));
  const spans: SpokenWord[] = [];
  let [next, fromMs] = [0, 0];
  for (const { gap, pause } of placePauses(costs, gaps, { durationMs, pauses })) {
    spans.push(...spreadWords(text, words.slice(next, gap + 1), [fromMs, pause[0]]));
    [next, fromMs] = [gap + 1, pause[1]];
  }
  return [...spans, ...spreadWords(text, words.slice(next), [fromMs, durationMs])];
}

function spreadWords(
  text: string,
  words: readonly WrittenWord[],
  [fromMs, toMs]: Span,
): readonly SpokenWord[] {
  const costs = words.map(({ text: word }) => costOf(word));
  const stops = words.map(({ end }, index) => {
    const next = words[index + 1];
    return next ? stopOf(text.slice(end, next.start)) : 0;
  });
  const total = [...costs, ...stops].reduce((sum, cost) => sum + cost, 0);
  let at = 0;
  return words.map((word, index) => {
    const startMs = fromMs + (at / total) * (toMs - fromMs);
    at += costs[index] ?? 0;
    const endMs = fromMs + (at / total) * (toMs - fromMs);
    at += stops[index] ?? 0;
    return { ...word, startMs, endMs };
  });
}

/**
 * The additional cost of a pause at a gap without punctuation. The rest of the cost is the distance
 * between the pause and the estimated place of the gap, ms.
 */
const UNWRITTEN_PAUSE_MS = 350;
/**
 * The cost of a pause that stays inside a word, for each ms of the pause. A short pause costs
 * little, because it may belong to a consonant.
 */
const LOST_PAUSE = 6;

interface PlacedPause {
  /** Index of the word before the gap. */
  readonly gap: number;
  readonly pause: Span;
}

const PASSED = 0;
const LOST = 1;
const PLACED = 2;

/**
 * Finds the cheapest way to assign pauses to gaps, by dynamic programming. A later pause gets a
 * later gap.
 */
function placePauses(
  costs: readonly number[],
  gaps: readonly string[],
  { durationMs, pauses }: { readonly durationMs: number; readonly pauses: readonly Span[] },
): readonly PlacedPause[] {
  const silentMs = pauses.reduce((sum, [from, to]) => sum + to - from, 0);
  const misses = measureMisses(pauses, gapPlaces(costs, durationMs - silentMs), gaps);
  const steps: number[][] = [];
  let above = new Array<number>(gaps.length + 1).fill(0);
  for (const [row, [from, to]] of pauses.entries()) {
    const lost = LOST_PAUSE * (to - from);
    const here = above.map((cost) => cost + lost);
    const taken = above.map(() => LOST);
    for (const [gap, miss] of (misses[row] ?? []).entries()) {
      const placed = (above[gap] ?? 0) + miss;
      const passed = here[gap] ?? 0;
      const least = Math.min(here[gap + 1] ?? 0, placed, passed);
      if (least === passed) taken[gap + 1] = PASSED;
      else if (least === placed) taken[gap + 1] = PLACED;
      here[gap + 1] = least;
    }
    steps.push(taken);
    above = here;
  }
  return traceBack(steps).map(([row, gap]) => ({ gap, pause: pauses[row] ?? [0, 0] }));
}

/**
 * Returns the estimated time of each gap, ms, as if the sound had no pauses. The estimate depends
 * on the number of letters before the gap.
 */
function gapPlaces(costs: readonly number[], speechMs: number): readonly number[] {
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  let at = 0;
  return costs.slice(0, -1).map((cost) => {
    at += cost;
    return (at / total) * speechMs;
  });
}

function measureMisses(
  pauses: readonly Span[],
  places: readonly number[],
  gaps: readonly string[],
): readonly (readonly number[])[] {
  let silent = 0;
  return pauses.map(([from, to]) => {
    const at = from - silent;
    silent += to - from;
    return places.map(
      (place, gap) => Math.abs(place - at) + (stopOf(gaps[gap] ?? "") ? 0 : UNWRITTEN_PAUSE_MS),
    );
  });
}

function traceBack(
  steps: readonly (readonly number[])[],
): readonly (readonly [row: number, gap: number])[] {
  const placed: (readonly [number, number])[] = [];
  let row = steps.length - 1;
  let gap = (steps[0]?.length ?? 1) - 1;
  while (row >= 0) {
    const step = steps[row]?.[gap];
    if (step === PLACED) placed.unshift([row, gap - 1]);
    if (step !== LOST) gap -= 1;
    if (step !== PASSED) row -= 1;
  }
  return placed;
}

function costOf(word: string): number {
  const digits = word.match(/\p{N}/gu)?.length ?? 0;
  return WORD_COST + word.length + digits * (DIGIT_COST - 1);
}

const stopOf = (between: string) => STOPS.find(([pattern]) => pattern.test(between))?.[1] ?? 0;
