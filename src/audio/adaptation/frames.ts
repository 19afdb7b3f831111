import { transform } from "../signal/fft.js";
import { resample } from "../signal/resample.js";
import type { Sound } from "../signal/wav.js";

/** The rate of the speech engine. Higher frequencies of a recording have no counterpart. */
export const WORK_RATE = 16_000;
export const HOP = WORK_RATE / 100;
const WINDOW = WORK_RATE / 40;
const SIZE = 512;
export const BINS = SIZE / 2 + 1;
const BIN_HZ = WORK_RATE / SIZE;
/** A band that is weaker than the loudest one by this much is noise in a room. */
const RANGE_DB = 60;
/** Frames that are quieter than the loud frames by this much are pauses. */
const QUIET_DB = 30;
const LOUD_QUANTILE = 0.95;

/** Numbers in rows of equal length. */
export interface Table {
  readonly width: number;
  readonly values: Float32Array;
}

export const rowOf = ({ width, values }: Table, row: number): Float32Array =>
  values.subarray(row * width, (row + 1) * width);

/** The short-time spectra of a sound. */
export interface Frames {
  readonly count: number;
  /** The power of each bin. The mean power of all frames is 1. */
  readonly powers: Table;
  /** 1 for each frame of speech, 0 for each frame of a pause. */
  readonly isLoud: Uint8Array;
}

/** @param hop the samples from one frame to the next, at `WORK_RATE` */
export function measureFrames(sound: Sound, hop = HOP): Frames {
  const pcm = resample(sound.pcm, sound.sampleRate, WORK_RATE);
  const count = Math.max(0, Math.floor((pcm.length - WINDOW) / hop) + 1);
  const powers = { width: BINS, values: new Float32Array(count * BINS) };
  const levels = new Float32Array(count);
  const [real, imaginary] = [new Float64Array(SIZE), new Float64Array(SIZE)];
  // Two frames share a transform: one is its real part, the next is its imaginary part.
  for (let frame = 0; frame < count; frame += 2) {
    fillWindowed(real, pcm, frame * hop);
    if (frame + 1 < count) fillWindowed(imaginary, pcm, (frame + 1) * hop);
    else imaginary.fill(0);
    transform(real, imaginary);
    const rows = [rowOf(powers, frame), rowOf(powers, frame + 1)] as const;
    for (const [index, row] of rows.entries()) {
      if (frame + index >= count) break;
      fillPowers(row, [real, imaginary], index === 0);
      levels[frame + index] = sumOf(row);
    }
  }
  const mean = Math.max(1e-20, sumOf(levels) / Math.max(1, count));
  for (const [index, power] of powers.values.entries()) powers.values[index] = power / mean;
  const loud = levels.slice().sort()[Math.floor(count * LOUD_QUANTILE)] ?? 0;
  const least = loud * 10 ** (-QUIET_DB / 10);
  return { count, powers, isLoud: Uint8Array.from(levels, (level) => (level > least ? 1 : 0)) };
}

const HANN = Float64Array.from(
  { length: WINDOW },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / WINDOW),
);

function fillWindowed(part: Float64Array, pcm: Float32Array, start: number): void {
  for (let index = 0; index < WINDOW; index++) {
    part[index] = (pcm[start + index] ?? 0) * (HANN[index] ?? 0);
  }
  part.fill(0, WINDOW);
}

/**
 * Fills the powers of one of the two sounds of a transform. The spectrum of a real sound is conjugate at
 * the mirrored bin, which separates the two.
 */
function fillPowers(
  row: Float32Array,
  [real, imaginary]: readonly [Float64Array, Float64Array],
  isReal: boolean,
): void {
  const sign = isReal ? 1 : -1;
  for (let bin = 0; bin < row.length; bin++) {
    const mirror = (SIZE - bin) % SIZE;
    const re = (real[bin] ?? 0) + sign * (real[mirror] ?? 0);
    const im = (imaginary[bin] ?? 0) - sign * (imaginary[mirror] ?? 0);
    row[bin] = (re * re + im * im) / 4;
  }
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Which bands to measure. */
export interface BandPlan {
  readonly bands: number;
  readonly lowestHz: number;
  readonly highestHz: number;
  /** Factor for all frequencies of the sound, before the bands are measured. */
  readonly scale?: number;
}

/** Returns the corners of the bands, Hz. Band n reaches from corner n to corner n + 2. */
export function cornersOf({ bands, lowestHz, highestHz }: BandPlan): readonly number[] {
  const [lowest, highest] = [toMel(lowestHz), toMel(highestHz)];
  return Array.from({ length: bands + 2 }, (_, corner) =>
    toHz(lowest + ((highest - lowest) * corner) / (bands + 1)),
  );
}

/** The mel scale (O'Shaughnessy 1987). */
const toMel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
const toHz = (mel: number) => 700 * (10 ** (mel / 2595) - 1);

/** Measures triangular bands of equal width on the mel scale (Davis & Mermelstein 1980), dB. */
export function bandsOf({ count, powers }: Frames, plan: BandPlan): Table {
  const corners = cornersOf(plan).map((hz) => hz / (plan.scale ?? 1) / BIN_HZ);
  const filters = Array.from({ length: plan.bands }, (_, band) => filterOf(corners, band));
  const bands = { width: plan.bands, values: new Float32Array(count * plan.bands) };
  for (let frame = 0; frame < count; frame++) {
    const [from, to] = [rowOf(powers, frame), rowOf(bands, frame)];
    for (const [band, { first, weights }] of filters.entries()) {
      let sum = 0;
      for (let index = 0; index < weights.length; index++) {
        sum += (weights[index] ?? 0) * (from[first + index] ?? 0);
      }
      to[band] = 10 * Math.log10(Math.max(sum, 1e-12));
    }
  }
  const least = bands.values.reduce((most, db) => Math.max(most, db), -Infinity) - RANGE_DB;
  for (let index = 0; index < bands.values.length; index++) {
    bands.values[index] = Math.max(least, bands.values[index] ?? 0);
  }
  return bands;
}

interface Filter {
  readonly first: number;
  readonly weights: Float64Array;
}

function filterOf(corners: readonly number[], band: number): Filter {
  const [low = 0, middle = 0, high = 0] = corners.slice(band, band + 3);
  const first = Math.max(0, Math.ceil(low));
  const last = Math.min(BINS - 1, Math.floor(high));
  const weights = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const bin = first + index;
    return bin < middle ? (bin - low) / (middle - low) : (high - bin) / (high - middle);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum > 0) return { first, weights: weights.map((weight) => weight / sum) };
  // A band between two bins takes the nearer bin.
  return { first: Math.min(BINS - 1, Math.round(middle)), weights: Float64Array.of(1) };
}

/**
 * Returns the cepstrum of each frame without its first coefficient, which is the level. Cepstra are
 * the cosine transform of the bands (Davis & Mermelstein 1980).
 */
export function cepstraOf(bands: Table, size: number): Table {
  const { width } = bands;
  const waves = Array.from({ length: size }, (_, order) =>
    Float64Array.from(
      { length: width },
      (__, band) => Math.cos((Math.PI * (order + 1) * (band + 0.5)) / width) * Math.sqrt(2 / width),
    ),
  );
  const count = bands.values.length / width;
  const cepstra = { width: size, values: new Float32Array(count * size) };
  for (let frame = 0; frame < count; frame++) {
    const [from, to] = [rowOf(bands, frame), rowOf(cepstra, frame)];
    for (const [order, wave] of waves.entries()) {
      let sum = 0;
      for (let band = 0; band < width; band++) sum += (wave[band] ?? 0) * (from[band] ?? 0);
      to[order] = sum;
    }
  }
  return cepstra;
}
