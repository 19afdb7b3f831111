import { blackman, sinc } from "./resample.js";

/** BS.1770-4 annex 2: fourfold oversampling. */
const OVERSAMPLING = 4;
/** Samples on each side that an interpolated one depends on. */
export const PEAK_CONTEXT = 6;

const PHASES = Array.from({ length: OVERSAMPLING - 1 }, (_, phase) =>
  Float64Array.from({ length: PEAK_CONTEXT * 2 }, (_empty, tap) => {
    const distance = tap - PEAK_CONTEXT + 1 - (phase + 1) / OVERSAMPLING;
    return sinc(distance) * blackman(distance / (PEAK_CONTEXT + 1));
  }),
);

/**
 * The largest magnitude at a sample and on the way to the next one.
 * @param floor where both samples are below half of it, what lies between is not computed: speech
 *   does not double between two samples
 */
export function peakAt(pcm: Float32Array, index: number, floor: number): number {
  const here = Math.abs(pcm[index] ?? 0);
  const next = Math.abs(pcm[index + 1] ?? 0);
  if (here * 2 < floor && next * 2 < floor) return here;
  let peak = here;
  for (const taps of PHASES) peak = Math.max(peak, Math.abs(between(pcm, index, taps)));
  return peak;
}

function between(pcm: Float32Array, index: number, taps: Float64Array): number {
  let sum = 0;
  for (let tap = 0; tap < taps.length; tap++) {
    sum += (pcm[index - PEAK_CONTEXT + 1 + tap] ?? 0) * (taps[tap] ?? 0);
  }
  return sum;
}

/** The true peak of a stream, in chunks of any size. */
export class TruePeakMeter {
  private peak = 0;
  private rest = new Float32Array(PEAK_CONTEXT);

  add(chunk: Float32Array): void {
    // The samples first: then little of what lies between them can be above.
    for (const sample of chunk) this.peak = Math.max(this.peak, Math.abs(sample));
    const joined = new Float32Array(this.rest.length + chunk.length);
    joined.set(this.rest);
    joined.set(chunk, this.rest.length);
    const end = joined.length - PEAK_CONTEXT;
    for (let index = PEAK_CONTEXT; index < end; index++) {
      this.peak = Math.max(this.peak, peakAt(joined, index, this.peak));
    }
    this.rest = joined.slice(Math.max(0, end - PEAK_CONTEXT));
  }

  /** dBTP of all that was added; -Infinity for silence. */
  truePeakDb(): number {
    this.add(new Float32Array(PEAK_CONTEXT));
    return 20 * Math.log10(this.peak);
  }
}

export function measureTruePeak(pcm: Float32Array): number {
  const meter = new TruePeakMeter();
  meter.add(pcm);
  return meter.truePeakDb();
}
