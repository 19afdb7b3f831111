import { kaiser, sinc } from "../signal/resample.js";

/**
 * The number of samples on each side that an interpolated value (a value between two samples)
 * depends on. With this number, interpolated values are exact for frequencies up to 0.94 of half
 * the sample rate.
 */
export const PEAK_CONTEXT = 32;
/** The shape of the Kaiser window. This value weakens frequencies outside the band by 60 dB. */
const KAISER_BETA = 5.65;

/**
 * A peak between two samples is assumed to be at most this many times as high as the higher sample.
 * Theory gives no limit, but in speech no peak is twice as high as the samples next to it.
 */
const MOST_ABOVE_SAMPLES = 2;

/**
 * Each level computes points between two samples and doubles the number of points per sample, up to
 * sixteen. BS.1770-4 asks for four. With four points, a peak whose frequency is just below half the
 * sample rate is measured up to 0.7 dB too low. Such peaks occur in sibilants (such as s) at a
 * sample rate of 16 kHz. With sixteen points the error is 0.04 dB.
 *
 * `phases` are the places of the level's new points. A peak is at most `most` times as high as the
 * highest point of the levels before: with N points per sample, `most` is 1 / cos(pi / 2N) (Wunder
 * & Boche 2003). `peakAt` computes a level only if such a peak can exceed `floor`.
 */
const LEVELS = [
  { most: MOST_ABOVE_SAMPLES, phases: [1 / 2] },
  { most: mostAbove(2), phases: [1 / 4, 3 / 4] },
  { most: mostAbove(4), phases: [1 / 8, 3 / 8, 5 / 8, 7 / 8] },
  { most: mostAbove(8), phases: Array.from({ length: 8 }, (_, index) => (index + 0.5) / 8) },
].map(({ most, phases }) => ({ most, filters: phases.map(filterOf) }));

function mostAbove(points: number): number {
  return 1 / Math.cos(Math.PI / (2 * points));
}

function filterOf(phase: number): Float64Array {
  return Float64Array.from({ length: PEAK_CONTEXT * 2 }, (_, tap) => {
    const distance = tap - PEAK_CONTEXT + 1 - phase;
    return sinc(distance) * kaiser(distance / PEAK_CONTEXT, KAISER_BETA);
  });
}

/**
 * Returns the largest magnitude of the wave from the sample at `index` to the next sample.
 * @param floor a magnitude below which the caller needs no exact result; lower peaks are measured
 *   less exactly, which is faster
 */
export function peakAt(pcm: Float32Array, index: number, floor: number): number {
  const peak = Math.max(Math.abs(pcm[index] ?? 0), Math.abs(pcm[index + 1] ?? 0));
  return peak * MOST_ABOVE_SAMPLES < floor ? peak : peakBetween(pcm, index, peak, floor);
}

function peakBetween(pcm: Float32Array, index: number, sample: number, floor: number): number {
  let peak = sample;
  for (const { most, filters } of LEVELS) {
    if (peak * most < floor) break;
    for (const taps of filters) peak = Math.max(peak, Math.abs(between(pcm, index, taps)));
  }
  return peak;
}

function between(pcm: Float32Array, index: number, taps: Float64Array): number {
  const start = index - PEAK_CONTEXT + 1;
  // Samples outside the sound are silent. Skip them: reading past the end of an array is ten times
  // as slow as reading inside it.
  const last = Math.min(taps.length, pcm.length - start);
  let sum = 0;
  for (let tap = Math.max(0, -start); tap < last; tap++) {
    sum += (pcm[start + tap] ?? 0) * (taps[tap] ?? 0);
  }
  return sum;
}

/** Returns the true peak, dBTP. Returns -Infinity for silence. */
export function measureTruePeak(pcm: Float32Array): number {
  // Find the highest sample first, as a floor for `peakAt`. In most places no peak can be higher
  // than this sample, and `peakAt` computes nothing there.
  let peak = 0;
  for (const sample of pcm) peak = Math.max(peak, Math.abs(sample));
  for (let index = 0; index < pcm.length; index++) {
    peak = Math.max(peak, peakAt(pcm, index, peak));
  }
  return 20 * Math.log10(peak);
}
