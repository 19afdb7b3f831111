import { Biquad, type BiquadCoefficients } from "../signal/biquad.js";

/** ITU-R BS.1770-4: loudness = -0.691 + 10 log10(mean square of the K-weighted signal). */
const OFFSET_DB = -0.691;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
/**
 * A block of 400 ms is four steps of 100 ms. A block begins at each step, so blocks overlap by
 * three quarters.
 */
const STEPS_A_BLOCK = 4;
const STEPS_A_SECOND = 10;

/**
 * Measures the integrated loudness of a mono stream, in chunks of any size. Keeps one number of 8
 * bytes for each 100 ms, which is 3 MB for ten hours of sound.
 */
export class LoudnessMeter {
  private readonly shelf: Biquad;
  private readonly highPass: Biquad;
  private readonly stepSize: number;
  private readonly steps: number[] = [];
  private readonly weighted: Float64Array;
  private energy = 0;
  private filled = 0;
  private total = 0;
  private count = 0;

  constructor(sampleRate: number) {
    this.shelf = new Biquad(headShelf(sampleRate));
    this.highPass = new Biquad(lowCut(sampleRate));
    this.stepSize = Math.round(sampleRate / STEPS_A_SECOND);
    this.weighted = new Float64Array(this.stepSize);
  }

  add(chunk: Float32Array): void {
    for (let start = 0; start < chunk.length;) {
      const end = Math.min(chunk.length, start + this.stepSize - this.filled);
      const weighted = this.weighted.subarray(0, end - start);
      this.shelf.run(chunk.subarray(start, end), weighted);
      this.highPass.run(weighted, weighted);
      for (const sample of weighted) this.energy += sample * sample;
      this.filled += end - start;
      if (this.filled === this.stepSize) this.closeStep();
      start = end;
    }
  }

  /**
   * Returns the loudness of all chunks, LUFS. Returns -Infinity for silence. BS.1770 defines no
   * loudness for sound shorter than a block of 400 ms. For such sound, returns the loudness of the
   * whole sound without gates.
   */
  integrated(): number {
    if (this.steps.length < STEPS_A_BLOCK) {
      return lufs((this.total + this.energy) / Math.max(1, this.count + this.filled));
    }
    const blocks = this.blocks().filter((power) => lufs(power) > ABSOLUTE_GATE_LUFS);
    const gate = lufs(mean(blocks)) + RELATIVE_GATE_LU;
    return lufs(mean(blocks.filter((power) => lufs(power) > gate)));
  }

  private closeStep(): void {
    this.steps.push(this.energy / this.stepSize);
    this.total += this.energy;
    this.count += this.filled;
    this.energy = 0;
    this.filled = 0;
  }

  private blocks(): readonly number[] {
    const lastStart = this.steps.length - STEPS_A_BLOCK + 1;
    return Array.from({ length: lastStart }, (_, start) =>
      mean(this.steps.slice(start, start + STEPS_A_BLOCK)),
    );
  }
}

export function measureLoudness(pcm: Float32Array, sampleRate: number): number {
  const meter = new LoudnessMeter(sampleRate);
  meter.add(pcm);
  return meter.integrated();
}

const lufs = (power: number) => OFFSET_DB + 10 * Math.log10(power);

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

// BS.1770 gives the coefficients of the two filters only for 48 kHz. These two functions compute
// the coefficients for any rate, from the analogue filters that lead to the standard's numbers (De
// Man 2014, "Evaluation of implementations of the EBU R128 loudness measurement").
function headShelf(sampleRate: number): BiquadCoefficients {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  };
}

function lowCut(sampleRate: number): BiquadCoefficients {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 };
}
