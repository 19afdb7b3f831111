/** A share with its 95 % confidence interval, all 0-1. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.96;

/** Returns the share of `right` in `total` with its Wilson score interval (Wilson 1927). */
export function wilson(right: number, total: number): Share {
  if (total === 0) return { share: 0, low: 0, high: 1 };
  const share = right / total;
  const centre = share + (Z * Z) / (2 * total);
  const spread = Z * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total));
  const scale = 1 + (Z * Z) / total;
  return { share, low: (centre - spread) / scale, high: (centre + spread) / scale };
}

const RESAMPLES = 2000;

/**
 * Returns the difference of the shares of two judges of the same items, with its bootstrap interval
 * (Efron 1979). Resamples pairs, because both judges find the same items hard. The same pairs always give the
 * same interval.
 * @param pairs 1 or 0 of the first and of the second judge
 */
export function pairedDifference(pairs: readonly (readonly [boolean, boolean])[]): Share {
  const differences = pairs.map(([first, second]) => Number(second) - Number(first));
  const next = generator(differences.length + 1);
  const mean = (pick: (index: number) => number): number =>
    differences.reduce((sum, _, index) => sum + (differences[pick(index)] ?? 0), 0) /
    Math.max(1, differences.length);
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(() => Math.floor(next() * differences.length)),
  ).sort((a, b) => a - b);
  return {
    share: mean((index) => index),
    low: means[Math.floor(RESAMPLES * 0.025)] ?? 0,
    high: means[Math.ceil(RESAMPLES * 0.975) - 1] ?? 0,
  };
}

/** A linear congruential generator of numbers from 0 to 1 (Numerical Recipes). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
