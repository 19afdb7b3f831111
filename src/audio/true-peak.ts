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

/** dBTP; -Infinity for silence. */
export function measureTruePeak(pcm: Float32Array): number {
  // The samples first: then little of what lies between them can be above.
  let peak = 0;
  for (const sample of pcm) peak = Math.max(peak, Math.abs(sample));
  const padded = new Float32Array(pcm.length + PEAK_CONTEXT * 2);
  padded.set(pcm, PEAK_CONTEXT);
  for (let index = 0; index < pcm.length; index++) {
    peak = Math.max(peak, peakAt(padded, PEAK_CONTEXT + index, peak));
  }
  return 20 * Math.log10(peak);
}
