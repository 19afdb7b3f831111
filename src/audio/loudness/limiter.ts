import { PEAK_CONTEXT, peakAt } from "./true-peak.js";

const LOOKAHEAD_SECONDS = 0.005;
const RELEASE_SECONDS = 0.08;
/**
 * A gain above this number counts as 1, because the difference is too small for a 32-bit sample.
 */
const RESTING_GAIN = 1 - 1e-9;

/**
 * Keeps the true peaks of a sound below a ceiling. The limiter looks 5 ms ahead: a sample gets the
 * gain that the loudest peak of the next 5 ms needs. After a peak, the gain rises to 1
 * exponentially. The gain is averaged over 5 ms, so that it falls slowly and has its full effect
 * when the peak comes. Digital silence stays digital silence. Chunks may have any size. `process`
 * returns samples with a delay, and `flush` returns the remaining samples.
 */
export class Limiter {
  private readonly ceiling: number;
  private readonly window: number;
  private readonly release: number;
  /** The gains of the last 5 ms, before averaging, as a ring buffer. */
  private readonly recent: Float64Array;
  private sum: number;
  private gain = 1;
  private position = 0;
  /**
   * The samples that are not returned yet, preceded by the last `PEAK_CONTEXT` returned samples.
   */
  private pending: Float32Array<ArrayBuffer>;
  /**
   * The number of silent samples before the sound, which are not returned. The gain can fall during
   * this silence if the first sample of the sound is loud.
   */
  private lead: number;

  constructor(sampleRate: number, ceilingDb: number) {
    this.ceiling = 10 ** (ceilingDb / 20);
    this.window = Math.round(LOOKAHEAD_SECONDS * sampleRate);
    this.release = 1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRate));
    this.recent = new Float64Array(this.window).fill(1);
    this.sum = this.window;
    this.pending = new Float32Array(PEAK_CONTEXT + this.window);
    this.lead = this.window;
  }

  process(chunk: Float32Array): Float32Array<ArrayBuffer> {
    const input = new Float32Array(this.pending.length + chunk.length);
    input.set(this.pending);
    input.set(chunk, this.pending.length);
    const ready = Math.max(0, input.length - PEAK_CONTEXT * 2 - this.window);
    const least = this.leastGains(input);
    this.pending = input.slice(ready);
    const output = input.subarray(PEAK_CONTEXT, PEAK_CONTEXT + ready);
    if (least || this.gain < RESTING_GAIN) this.limit(output, least);
    const lead = Math.min(this.lead, ready);
    this.lead -= lead;
    return output.subarray(lead);
  }

  flush(): Float32Array<ArrayBuffer> {
    return this.process(new Float32Array(this.window + PEAK_CONTEXT));
  }

  /**
   * Returns a gain for each sample: the gain that the loudest peak in the next 5 ms needs to stay
   * below the ceiling. Returns null if every gain would be 1, as in most speech.
   */
  private leastGains(input: Float32Array): Float64Array | null {
    const length = Math.max(0, input.length - PEAK_CONTEXT * 2);
    let least: Float64Array | null = null;
    for (let index = 0; index < length; index++) {
      const peak = peakAt(input, PEAK_CONTEXT + index, this.ceiling);
      if (peak <= this.ceiling) continue;
      least ??= new Float64Array(length).fill(1);
      const gain = this.ceiling / peak;
      for (let before = Math.max(0, index - this.window); before <= index; before++) {
        least[before] = Math.min(least[before] ?? 1, gain);
      }
    }
    return least;
  }

  private limit(output: Float32Array, least: Float64Array | null): void {
    for (let index = 0; index < output.length; index++) {
      output[index] = (output[index] ?? 0) * this.nextGain(least?.[index] ?? 1);
    }
  }

  private nextGain(least: number): number {
    this.gain = Math.min(least, this.gain + this.release * (1 - this.gain));
    this.sum += this.gain - (this.recent[this.position] ?? 1);
    this.recent[this.position] = this.gain;
    this.position = this.position + 1 < this.window ? this.position + 1 : 0;
    return Math.min(1, this.sum / this.window);
  }
}
