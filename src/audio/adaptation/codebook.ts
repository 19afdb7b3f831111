import type { FramePairs } from "./alignment.js";
import { BANDS, EQUALISER, smoothGains } from "./equaliser.js";
import {
  type Frames,
  type Table,
  bandsOf,
  cepstraOf,
  measureFrames,
  rowOf,
  WORK_RATE,
} from "./frames.js";
import type { SoundClass, VoiceModel } from "./voice-model.js";

const CLASSES = 24;
const CEPSTRA = 12;
const ROUNDS = 12;
/** A class with few frames is pulled towards no change: its gain counts as if so many frames had none. */
const RESTRAINT_FRAMES = 30;
const MOST_GAIN_DB = 9;
/** The gain follows the sounds over this many frames on each side, so that it does not warble. */
const REACH = 2;

/** Frames of a speaker and of the adapted voice that say the same sound. */
export interface AlignedFrames {
  readonly speaker: Frames;
  readonly adapted: Frames;
  readonly pairs: FramePairs;
}

/** Returns the mean gain of each band from the adapted voice to the speaker, dB. */
export function meanGains(aligned: readonly AlignedFrames[]): Float64Array {
  const sums = new Float64Array(BANDS);
  let count = 0;
  for (const reading of aligned) {
    for (const difference of differencesOf(reading)) {
      count += 1;
      for (let band = 0; band < BANDS; band++) {
        sums[band] = (sums[band] ?? 0) + (difference[band] ?? 0);
      }
    }
  }
  return sums.map((sum) => sum / Math.max(1, count));
}

/** Yields for each pair the bands of the speaker minus the bands of the adapted voice, dB, mean 0. */
function* differencesOf({ speaker, adapted, pairs }: AlignedFrames): Generator<Float64Array> {
  const [to, from] = [bandsOf(speaker, EQUALISER), bandsOf(adapted, EQUALISER)];
  for (const [one, other] of pairs) {
    const [a, b] = [rowOf(to, one), rowOf(from, other)];
    const difference = Float64Array.from(a, (db, band) => db - (b[band] ?? 0));
    const mean = difference.reduce((sum, db) => sum + db, 0) / BANDS;
    yield difference.map((db) => db - mean);
  }
}

/**
 * Sorts the sounds of the adapted voice into classes and measures for each class how the speaker
 * differs from the equalised voice (codebook mapping, Abe et al. 1988). Deterministic.
 */
export function learnCodebook(
  aligned: readonly AlignedFrames[],
  bandGainsDb: readonly number[],
  audible: number,
): SoundClass[] {
  const points: { readonly cepstrum: Float32Array; readonly gains: Float64Array }[] = [];
  for (const reading of aligned) {
    const cepstra = cepstraOf(bandsOf(reading.adapted, EQUALISER), CEPSTRA);
    for (const [index, gains] of [...differencesOf(reading)].entries()) {
      points.push({ cepstrum: rowOf(cepstra, reading.pairs[index]?.[1] ?? 0), gains });
    }
  }
  const centres = cluster(points.map(({ cepstrum }) => cepstrum));
  const classes = points.map(({ cepstrum }) => nearest(centres, cepstrum));
  return centres.map((centre, own) => {
    const members = points.filter((_, index) => classes[index] === own);
    const gains = bandGainsDb.map(
      (equalised, band) =>
        members.reduce((sum, point) => sum + (point.gains[band] ?? 0) - equalised, 0) /
        (members.length + RESTRAINT_FRAMES),
    );
    return {
      cepstrum: Array.from(centre, rounded),
      bandGainsDb: smoothGains(gains, audible, MOST_GAIN_DB).map(rounded),
    };
  });
}

const rounded = (value: number) => Math.round(value * 100) / 100;

/** Finds the centres of classes by k-means (Lloyd 1982), from points that are far from each other. */
function cluster(points: readonly Float32Array[]): Float64Array[] {
  let centres = farApart(points);
  for (let round = 0; round < ROUNDS; round++) {
    const classes = points.map((point) => nearest(centres, point));
    centres = centres.map(
      (centre, own) => meanOf(points.filter((_, index) => classes[index] === own)) ?? centre,
    );
  }
  return centres;
}

function meanOf(points: readonly Float32Array[]): Float64Array | null {
  if (points.length === 0) return null;
  return new Float64Array(CEPSTRA).map(
    (_, order) => points.reduce((sum, point) => sum + (point[order] ?? 0), 0) / points.length,
  );
}

function farApart(points: readonly Float32Array[]): Float64Array[] {
  const centres: Float64Array[] = [];
  const distances = new Float64Array(points.length).fill(Infinity);
  while (centres.length < Math.min(CLASSES, points.length)) {
    const farthest = centres.length === 0 ? 0 : distances.indexOf(Math.max(...distances));
    const centre = Float64Array.from(points[farthest] ?? []);
    centres.push(centre);
    for (const [index, point] of points.entries()) {
      distances[index] = Math.min(distances[index] ?? 0, squaredDistance(centre, point));
    }
  }
  return centres;
}

function nearest(centres: readonly ArrayLike<number>[], point: ArrayLike<number>): number {
  let [best, least] = [0, Infinity];
  for (const [index, centre] of centres.entries()) {
    const distance = squaredDistance(centre, point);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function squaredDistance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let order = 0; order < CEPSTRA; order++) {
    const difference = (one[order] ?? 0) - (other[order] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

/**
 * Returns a function from a frame of 10 ms to the gains of its bands, for `equalise`. The sound has
 * the rate `WORK_RATE` and level 1. Each frame mixes the classes by their distance, and each gain is
 * a mean over neighbouring frames.
 */
export function codebookGains(
  pcm: Float32Array<ArrayBuffer>,
  { codebook, bandGainsDb }: Pick<VoiceModel, "codebook" | "bandGainsDb">,
): (frame: number) => ArrayLike<number> {
  const frames = measureFrames({ pcm, sampleRate: WORK_RATE });
  const cepstra = cepstraOf(bandsOf(frames, EQUALISER), CEPSTRA);
  const gains: Table = { width: BANDS, values: new Float32Array(frames.count * BANDS) };
  for (let frame = 0; frame < frames.count; frame++) {
    if (frames.isLoud[frame] === 1)
      mixClasses(codebook, rowOf(cepstra, frame), rowOf(gains, frame));
  }
  const last = frames.count - 1;
  const mean = new Float64Array(BANDS);
  return (frame) => {
    mean.set(bandGainsDb);
    for (let near = frame - REACH; near <= frame + REACH; near++) {
      const start = Math.max(0, Math.min(last, near)) * BANDS;
      for (let band = 0; band < BANDS; band++) {
        mean[band] = (mean[band] ?? 0) + (gains.values[start + band] ?? 0) * SHARE;
      }
    }
    return mean;
  };
}

const SHARE = 1 / (REACH * 2 + 1);

function mixClasses(
  codebook: readonly SoundClass[],
  cepstrum: Float32Array,
  gains: Float32Array,
): void {
  const distances = codebook.map((entry) => squaredDistance(entry.cepstrum, cepstrum));
  const least = Math.min(...distances);
  // A class at twice the least distance has a weight of 1/e.
  const weights = distances.map((distance) => Math.exp(1 - distance / Math.max(least, 1e-6)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  for (const [index, { bandGainsDb }] of codebook.entries()) {
    const share = (weights[index] ?? 0) / sum;
    for (let band = 0; band < BANDS; band++) {
      gains[band] = (gains[band] ?? 0) + share * (bandGainsDb[band] ?? 0);
    }
  }
}
