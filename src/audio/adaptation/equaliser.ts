import { transform } from "../signal/fft.js";
import { type BandPlan, BINS, HOP, WORK_RATE, cornersOf } from "./frames.js";

/** The number of bands of an equaliser. */
export const BANDS = 32;
/** The bands of the equaliser: the whole spectrum of the engine. */
export const EQUALISER: BandPlan = { bands: BANDS, lowestHz: 60, highestHz: 7900 };
/** A larger change would mostly amplify noise. */
const MOST_GAIN_DB = 15;

/**
 * Smooths gains over neighbouring bands, removes their mean and limits them, so that an equaliser
 * changes the colour of a voice and no single band stands out.
 * @param audible the number of bands in which the base voice has sound; others repeat the last one
 */
export function smoothGains(
  gainsDb: ArrayLike<number>,
  audible = BANDS,
  mostDb = MOST_GAIN_DB,
): number[] {
  const last = Math.max(0, Math.min(gainsDb.length, audible) - 1);
  const at = (band: number) => gainsDb[Math.max(0, Math.min(last, band))] ?? 0;
  const smooth = Array.from(
    { length: gainsDb.length },
    (_, band) => (at(band - 1) + 2 * at(band) + at(band + 1)) / 4,
  );
  const mean = smooth.reduce((sum, gain) => sum + gain, 0) / smooth.length;
  return smooth.map((gain) => Math.max(-mostDb, Math.min(mostDb, gain - mean)));
}

/** Returns the number of bands in which a voice has sound after its frequencies were scaled. */
export const audibleBands = (formantScale: number): number =>
  cornersOf(EQUALISER)
    .slice(1, -1)
    .filter((hz) => hz < EDGE_OF_SOUND_HZ * formantScale).length;

/** The resampler and the engine weaken the frequencies next to half of the sample rate. */
const EDGE_OF_SOUND_HZ = 7300;

const SIZE = (BINS - 1) * 2;
/** A frame, with room for the tail of the filter. */
const PADDED = SIZE * 2;
const HALF = PADDED / 2;

/**
 * Changes the spectrum of a sound at `WORK_RATE`, frame by frame, without delay.
 * @param gainsAt returns the gain of each band in the frame of 10 ms with this number, dB; may return the
 *   same array each time
 */
export function equalise(
  pcm: Float32Array,
  gainsAt: (frame: number) => ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const output = new Float32Array(pcm.length);
  const [real, imaginary] = [new Float64Array(PADDED), new Float64Array(PADDED)];
  const [curve, nextCurve] = [new Float64Array(HALF + 1), new Float64Array(HALF + 1)];
  // Windows of two hops that overlap by one hop add up to 1. Two windows share a transform: one is its
  // real part, the next is its imaginary part.
  for (let start = -HOP; start < pcm.length; start += HOP * 2) {
    fillWindow(real, pcm, start);
    fillWindow(imaginary, pcm, start + HOP);
    fillCurve(curve, gainsAt(Math.max(0, start / HOP)));
    fillCurve(nextCurve, gainsAt(start / HOP + 1));
    transform(real, imaginary);
    multiply(real, imaginary, [curve, nextCurve]);
    transform(real, imaginary, true);
    addWindow(output, real, start);
    addWindow(output, imaginary, start + HOP);
  }
  return output;
}

const WINDOW = Float64Array.from(
  { length: HOP * 2 },
  (_, index) => 0.5 - 0.5 * Math.cos((Math.PI * index) / HOP),
);

function fillWindow(window: Float64Array, pcm: Float32Array, start: number): void {
  window.fill(0);
  const first = Math.max(0, -start);
  const last = Math.min(WINDOW.length, pcm.length - start);
  for (let index = first; index < last; index++) {
    window[SIZE / 2 + index] = (pcm[start + index] ?? 0) * (WINDOW[index] ?? 0);
  }
}

function addWindow(output: Float32Array, window: Float64Array, start: number): void {
  const first = start - SIZE / 2;
  for (let at = Math.max(0, first); at < Math.min(output.length, first + PADDED); at++) {
    output[at] = (output[at] ?? 0) + (window[at - first] ?? 0);
  }
}

/**
 * Multiplies the spectrum of the real part by one curve and the spectrum of the imaginary part by the
 * other. The spectrum of a real sound is conjugate at the mirrored bin, which separates the two.
 */
function multiply(
  real: Float64Array,
  imaginary: Float64Array,
  [one, other]: readonly [Float64Array, Float64Array],
): void {
  for (let bin = 0; bin <= HALF; bin++) {
    const mirror = (PADDED - bin) % PADDED;
    const both = ((one[bin] ?? 1) + (other[bin] ?? 1)) / 2;
    const apart = ((one[bin] ?? 1) - (other[bin] ?? 1)) / 2;
    const [re, im] = [real[bin] ?? 0, imaginary[bin] ?? 0];
    const [reMirror, imMirror] = [real[mirror] ?? 0, imaginary[mirror] ?? 0];
    real[bin] = re * both + reMirror * apart;
    imaginary[bin] = im * both - imMirror * apart;
    real[mirror] = reMirror * both + re * apart;
    imaginary[mirror] = imMirror * both - im * apart;
  }
}

/** For each bin: the band below, and the share of the band above. */
const BAND_BELOW = new Uint8Array(HALF + 1);
const SHARE_ABOVE = new Float64Array(HALF + 1);
placeBins();

function placeBins(): void {
  const middles = cornersOf(EQUALISER).slice(1, -1);
  for (const bin of BAND_BELOW.keys()) {
    const hz = (bin * WORK_RATE) / PADDED;
    const above = middles.findIndex((middle) => middle > hz);
    BAND_BELOW[bin] = above < 0 ? BANDS - 1 : Math.max(0, above - 1);
    if (above < 1) continue;
    const [low = 0, high = 1] = middles.slice(above - 1, above + 1);
    SHARE_ABOVE[bin] = (hz - low) / (high - low);
  }
}

const LOG_OF_DB = Math.LN10 / 20;
/** The factor of each band, and once more the last. */
const FACTORS = new Float64Array(BANDS + 1);

/** Fills the curve between the bands with straight lines. An exponential for each bin would take longer
 * than the transform. */
function fillCurve(curve: Float64Array, gainsDb: ArrayLike<number>): void {
  for (let band = 0; band < BANDS; band++) {
    FACTORS[band] = Math.exp((gainsDb[band] ?? 0) * LOG_OF_DB);
  }
  FACTORS[BANDS] = FACTORS[BANDS - 1] ?? 1;
  for (let bin = 0; bin <= HALF; bin++) {
    const band = BAND_BELOW[bin] ?? 0;
    const below = FACTORS[band] ?? 1;
    curve[bin] = below + (SHARE_ABOVE[bin] ?? 0) * ((FACTORS[band + 1] ?? 1) - below);
  }
}
