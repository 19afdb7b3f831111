/** Filter coefficients, normalised so that a0 = 1. */
export interface BiquadCoefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/**
 * A filter of the second order (direct form II, transposed). It keeps its state from one chunk to
 * the next.
 */
export class Biquad {
  private first = 0;
  private second = 0;

  constructor(private readonly by: BiquadCoefficients) {}

  /** Writes the filtered chunk into `output`. `output` may be `chunk` itself. */
  run(chunk: Float32Array | Float64Array, output: Float32Array | Float64Array): void {
    const { b0, b1, b2, a1, a2 } = this.by;
    let [first, second] = [this.first, this.second];
    for (let index = 0; index < chunk.length; index++) {
      const input = chunk[index] ?? 0;
      const filtered = b0 * input + first;
      first = b1 * input - a1 * filtered + second;
      second = b2 * input - a2 * filtered;
      output[index] = filtered;
    }
    [this.first, this.second] = [first, second];
  }
}

/**
 * Returns the coefficients of a high shelf, which is a filter that changes frequencies above
 * `cornerHz` by `gainDb`. The slope is 1 (R. Bristow-Johnson, Audio EQ Cookbook).
 */
export function highShelf(
  cornerHz: number,
  gainDb: number,
  sampleRate: number,
): BiquadCoefficients {
  const a = 10 ** (gainDb / 40);
  const w = (2 * Math.PI * cornerHz) / sampleRate;
  const cos = Math.cos(w);
  const root = 2 * Math.sqrt(a) * (Math.sin(w) / 2) * Math.SQRT2;
  const a0 = a + 1 - (a - 1) * cos + root;
  return {
    b0: (a * (a + 1 + (a - 1) * cos + root)) / a0,
    b1: (-2 * a * (a - 1 + (a + 1) * cos)) / a0,
    b2: (a * (a + 1 + (a - 1) * cos - root)) / a0,
    a1: (2 * (a - 1 - (a + 1) * cos)) / a0,
    a2: (a + 1 - (a - 1) * cos - root) / a0,
  };
}
