/**
 * The number of zero crossings of the sinc on each side of its centre. With the Blackman window, 16
 * crossings weaken frequencies outside the band by 96 dB.
 */
const CROSSINGS = 16;
/**
 * The part of the frequency band that is kept. The filter falls off gradually, so it cannot keep
 * the highest 6 %.
 */
const KEPT_BAND = 0.94;

/**
 * Resamples by band-limited interpolation with a Blackman-windowed sinc, with one set of weights
 * for each phase (Smith & Gossett 1984). A phase is the place of an output sample between two input
 * samples. Adds no delay. The length of the result is rounded to the nearest sample.
 */
export function resample(
  pcm: Float32Array<ArrayBuffer>,
  fromRate: number,
  toRate: number,
): Float32Array<ArrayBuffer> {
  if (fromRate === toRate) return pcm;
  const { up, down, reach, phases } = planOf(fromRate, toRate);
  const output = new Float32Array(Math.round((pcm.length * toRate) / fromRate));
  // Add silence at both ends: reading past the end of an array is ten times as slow as reading
  // inside it.
  const padded = new Float32Array(pcm.length + reach * 2 + 2);
  padded.set(pcm, reach);
  for (let index = 0; index < output.length; index++) {
    const position = index * down;
    const centre = Math.floor(position / up);
    output[index] = weighted(padded, centre + 1, phases[position % up] ?? NO_WEIGHTS);
  }
  return output;
}

interface ResamplePlan {
  readonly up: number;
  readonly down: number;
  /** The number of input samples on each side that an output sample depends on. */
  readonly reach: number;
  readonly phases: readonly Float64Array[];
}

function planOf(fromRate: number, toRate: number): ResamplePlan {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const up = toRate / divisor;
  const cutoff = Math.min(1, toRate / fromRate) * KEPT_BAND;
  const reach = Math.ceil(CROSSINGS / cutoff);
  const phases = Array.from({ length: up }, (_, phase) => weights(phase / up, cutoff, reach));
  return { up, down: fromRate / divisor, reach, phases };
}

/**
 * Resamples a stream like `resample`, in chunks of any size. The chunks together give the same
 * samples as the whole sound.
 */
export class Resampler {
  private readonly plan: ResamplePlan;
  /** The input that later output depends on. It begins with silence, as in `resample`. */
  private pending: Float32Array<ArrayBuffer>;
  /** The number of samples that were dropped before `pending`. */
  private dropped = 0;
  private received = 0;
  private returned = 0;

  constructor(
    private readonly fromRate: number,
    private readonly toRate: number,
  ) {
    this.plan = planOf(fromRate, toRate);
    this.pending = new Float32Array(this.plan.reach);
  }

  process(chunk: Float32Array): Float32Array<ArrayBuffer> {
    this.received += chunk.length;
    return this.take(chunk, Infinity);
  }

  /** Returns the rest of the sound. */
  flush(): Float32Array<ArrayBuffer> {
    const total = Math.round((this.received * this.toRate) / this.fromRate);
    return this.take(new Float32Array(this.plan.reach + 2), total);
  }

  private take(chunk: Float32Array, most: number): Float32Array<ArrayBuffer> {
    const { up, down, reach, phases } = this.plan;
    const input = new Float32Array(this.pending.length + chunk.length);
    input.set(this.pending);
    input.set(chunk, this.pending.length);
    // The last output sample whose weights end inside the input.
    const lastCentre = this.dropped + input.length - reach * 2 - 1;
    const end = Math.min(most, Math.floor(((lastCentre + 1) * up - 1) / down) + 1);
    const output = new Float32Array(Math.max(0, end - this.returned));
    for (let index = 0; index < output.length; index++) {
      const position = (this.returned + index) * down;
      const start = Math.floor(position / up) + 1 - this.dropped;
      output[index] = weighted(input, start, phases[position % up] ?? NO_WEIGHTS);
    }
    this.returned += output.length;
    const next = Math.floor((this.returned * down) / up) + 1;
    const kept = Math.max(0, Math.min(input.length, next - this.dropped));
    this.pending = input.slice(kept);
    this.dropped += kept;
    return output;
  }
}

const NO_WEIGHTS = new Float64Array(0);

function weights(fraction: number, cutoff: number, reach: number): Float64Array {
  const taps = Float64Array.from({ length: reach * 2 }, (_, tap) => {
    const distance = tap - reach + 1 - fraction;
    return cutoff * sinc(cutoff * distance) * blackman(distance / reach);
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

function weighted(pcm: Float32Array, start: number, taps: Float64Array): number {
  let sum = 0;
  for (let tap = 0; tap < taps.length; tap++) sum += (pcm[start + tap] ?? 0) * (taps[tap] ?? 0);
  return sum;
}

export const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/**
 * Returns the value of the Blackman window at `x`. The window reaches from -1 to 1. Outside the
 * window, the value is 0.
 */
const blackman = (x: number) =>
  Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);

/**
 * Returns the value of the Kaiser window at `x`. The window reaches from -1 to 1. Outside the
 * window, the value is 0. A higher `beta` makes the window narrower.
 */
export const kaiser = (x: number, beta: number) =>
  Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta);

/** Computes the modified Bessel function of the first kind and order zero, by its power series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
