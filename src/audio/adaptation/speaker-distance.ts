import type { Sound } from "../signal/wav.js";
import { type BandPlan, bandsOf, cepstraOf, measureFrames, rowOf } from "./frames.js";

/** The usual bands of speaker recognition on 16 kHz. */
const PLAN: BandPlan = { bands: 26, lowestHz: 100, highestHz: 7000 };
const CEPSTRA = 12;

/**
 * Returns how different two voices sound: the Bhattacharyya distance (Bhattacharyya 1943) between the
 * normal distributions of their cepstra, without unit. 0 for the same distribution. Two recordings
 * of one speaker have about 0.1 to 0.3, because they say different words.
 */
export const speakerDistance = (one: readonly Sound[], other: readonly Sound[]): number =>
  distanceFrom(one)(other);

/** Measures a voice once. Returns a function that returns the `speakerDistance` to another voice. */
export function distanceFrom(one: readonly Sound[]): (other: readonly Sound[]) => number {
  const measured = distributionOf(one);
  return (other) => distanceBetween(measured, distributionOf(other));
}

function distanceBetween(a: Distribution, b: Distribution): number {
  const shared = a.covariance.map((row, i) =>
    row.map((value, j) => (value + (b.covariance[i]?.[j] ?? 0)) / 2),
  );
  const root = choleskyOf(shared);
  const difference = a.mean.map((value, order) => value - (b.mean[order] ?? 0));
  const solved = solveLower(root, difference);
  const means = solved.reduce((sum, value) => sum + value * value, 0) / 8;
  const shapes =
    logDeterminant(root) -
    (logDeterminant(choleskyOf(a.covariance)) + logDeterminant(choleskyOf(b.covariance))) / 2;
  return means + shapes / 2;
}

type Matrix = readonly (readonly number[])[];

interface Distribution {
  readonly mean: readonly number[];
  readonly covariance: Matrix;
}

/** Keeps the covariance of very short or silent sounds invertible, dB squared. */
const LEAST_VARIANCE = 0.01;

function distributionOf(sounds: readonly Sound[]): Distribution {
  const rows = sounds.flatMap((sound) => {
    const frames = measureFrames(sound);
    const cepstra = cepstraOf(bandsOf(frames, PLAN), CEPSTRA);
    return Array.from(frames.isLoud.keys())
      .filter((frame) => frames.isLoud[frame] === 1)
      .map((frame) => rowOf(cepstra, frame));
  });
  const count = Math.max(1, rows.length);
  const orders = Array.from({ length: CEPSTRA }, (_, order) => order);
  const mean = orders.map((order) => rows.reduce((sum, row) => sum + (row[order] ?? 0), 0) / count);
  const around = (row: Float32Array, order: number) => (row[order] ?? 0) - (mean[order] ?? 0);
  const covariance = orders.map((i) =>
    orders.map(
      (j) =>
        rows.reduce((sum, row) => sum + around(row, i) * around(row, j), 0) / count +
        (i === j ? LEAST_VARIANCE : 0),
    ),
  );
  return { mean, covariance };
}

/** Returns the lower triangle L with L Lᵀ = matrix. */
function choleskyOf(matrix: Matrix): Matrix {
  const root: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const own: number[] = [];
    root.push(own);
    for (let j = 0; j <= i; j++) {
      const other = root[j] ?? [];
      let rest = row[j] ?? 0;
      for (let k = 0; k < j; k++) rest -= (own[k] ?? 0) * (other[k] ?? 0);
      own.push(i === j ? Math.sqrt(rest) : rest / (other[j] ?? 1));
    }
  }
  return root;
}

function solveLower(root: Matrix, right: readonly number[]): readonly number[] {
  const solved: number[] = [];
  for (const [i, row] of root.entries()) {
    const known = solved.reduce((sum, value, j) => sum + value * (row[j] ?? 0), 0);
    solved.push(((right[i] ?? 0) - known) / (row[i] ?? 1));
  }
  return solved;
}

const logDeterminant = (root: Matrix): number =>
  root.reduce((sum, row, i) => sum + 2 * Math.log(row[i] ?? 1), 0);
