import { transform } from "../../signal/fft.js";
import type { Sound } from "../../signal/wav.js";

/** The time from one frame to the next. */
export const HOP_SECONDS = 0.02;
const WINDOW_SECONDS = 0.032;
const BANDS = 16;
/** Below this frequency there is hum and rumble, above the next one little speech. */
const LOWEST_HZ = 150;
const HIGHEST_HZ = 7000;
/** Keeps the logarithm of digital silence finite. */
const LEAST_POWER = 1e-12;
/** Differences of bands weaker than this much below the strongest band are not heard. */
const RANGE_DB = 40;

/** A short stretch of sound. */
export interface Spectrum {
  /** The level between 150 Hz and 7 kHz, dB relative to full scale. */
  readonly levelDb: number;
  /** The shape of the spectrum: the level of each band relative to the mean of all bands, dB. */
  readonly shape: Float32Array;
  /** The share of the power that lies at one frequency, 0 to 1. 1 for a pure tone. */
  readonly tonality: number;
}

/** Measures the spectrum every 20 ms, in 16 bands of equal width on the mel scale (O'Shaughnessy 1987). */
export function measureSpectra({ pcm, sampleRate }: Sound): readonly Spectrum[] {
  const length = Math.round(WINDOW_SECONDS * sampleRate);
  const hop = Math.round(HOP_SECONDS * sampleRate);
  const size = 2 ** Math.ceil(Math.log2(length));
  const window = Float64Array.from(
    { length },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / length),
  );
  const edges = bandEdges(sampleRate / size);
  // The scale makes the level of a full-scale square wave 0 dB: half of the spectrum, and the mean
  // square of the window.
  const scale = 2 / (size * window.reduce((sum, weight) => sum + weight * weight, 0));
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
  const spectra: Spectrum[] = [];
  for (let start = 0; start + length <= pcm.length; start += hop) {
    real.fill(0);
    imaginary.fill(0);
    for (let index = 0; index < length; index++) {
      real[index] = (pcm[start + index] ?? 0) * (window[index] ?? 0);
    }
    transform(real, imaginary);
    for (let bin = 0; bin < size; bin++) {
      real[bin] = ((real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2) * scale;
    }
    spectra.push(spectrumOf(real, edges));
  }
  return spectra;
}

/** Returns the first bin of each band, and the end of the last band. */
function bandEdges(binHz: number): readonly number[] {
  const [lowest, highest] = [toMel(LOWEST_HZ), toMel(HIGHEST_HZ)];
  return Array.from({ length: BANDS + 1 }, (_, edge) =>
    Math.round(toHz(lowest + ((highest - lowest) * edge) / BANDS) / binHz),
  );
}

const toMel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
const toHz = (mel: number) => 700 * (10 ** (mel / 2595) - 1);

/** @param powers the power of each bin */
function spectrumOf(powers: Float64Array, edges: readonly number[]): Spectrum {
  const shape = new Float32Array(BANDS);
  let [total, peak] = [0, 0];
  for (let band = 0; band < BANDS; band++) {
    const [from, to] = [edges[band] ?? 0, edges[band + 1] ?? 0];
    let power = 0;
    for (let bin = from; bin < to; bin++) {
      power += powers[bin] ?? 0;
      if ((powers[bin] ?? 0) > (powers[peak] ?? 0) || peak === 0) peak = bin;
    }
    total += power;
    shape[band] = toDb(power / (to - from));
  }
  return {
    levelDb: toDb(total),
    shape: centred(shape),
    tonality: sumAround(powers, peak) / Math.max(total, LEAST_POWER),
  };
}

const toDb = (power: number) => 10 * Math.log10(Math.max(power, LEAST_POWER));

/** The main lobe of the window is five bins wide with this zero padding. */
const LOBE_BINS = 3;

function sumAround(powers: Float64Array, peak: number): number {
  let sum = 0;
  for (let bin = peak - LOBE_BINS; bin <= peak + LOBE_BINS; bin++) sum += powers[bin] ?? 0;
  return sum;
}

function centred(bands: Float32Array): Float32Array {
  const least = Math.max(...bands) - RANGE_DB;
  const audible = bands.map((db) => Math.max(db, least));
  const mean = audible.reduce((sum, db) => sum + db, 0) / audible.length;
  return audible.map((db) => db - mean);
}
