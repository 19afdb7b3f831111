import type { Table } from "./frames.js";

/** A path may leave the diagonal by this share of the longer sound, plus half a second. */
const SLACK_SHARE = 0.15;
const SLACK_FRAMES = 50;
/** Each step that repeats a frame costs this share of the distance more. */
const REPEAT_COST = 1.1;

/** Pairs of frames: a frame of one sound, and the frame of the other that says the same. */
export type FramePairs = readonly (readonly [one: number, other: number])[];

/**
 * Finds which frames of two readings of the same text belong together, by dynamic time warping
 * (Sakoe & Chiba 1978). Each table has a row for each frame.
 */
export function align(one: Table, other: Table): FramePairs {
  const [rows, columns] = [heightOf(one), heightOf(other)];
  if (rows === 0 || columns === 0) return [];
  const slack = Math.ceil(Math.max(rows, columns) * SLACK_SHARE) + SLACK_FRAMES;
  const [a, b] = [normalised(one), normalised(other)];
  const steps = new Uint8Array(rows * columns);
  let before = new Float64Array(columns).fill(Infinity);
  for (let row = 0; row < rows; row++) {
    const costs = new Float64Array(columns).fill(Infinity);
    const middle = Math.round((row * columns) / rows);
    const last = Math.min(columns - 1, middle + slack);
    for (let column = Math.max(0, middle - slack); column <= last; column++) {
      const distance = distanceOf(a, row * a.width, b, column * b.width);
      const [cost, step] = cheapest(before, costs, column, distance);
      costs[column] = row === 0 && column === 0 ? distance : cost;
      steps[row * columns + column] = step;
    }
    before = costs;
  }
  return pathOf(steps, rows, columns);
}

const heightOf = ({ width, values }: Table) => values.length / width;

const DIAGONAL = 0;
const DOWN = 1;
const RIGHT = 2;

/** Returns the least cost of a path to a cell, and its last step. */
function cheapest(
  before: Float64Array,
  costs: Float64Array,
  column: number,
  distance: number,
): readonly [number, number] {
  const diagonal = (before[column - 1] ?? Infinity) + distance;
  const down = (before[column] ?? Infinity) + distance * REPEAT_COST;
  const right = (costs[column - 1] ?? Infinity) + distance * REPEAT_COST;
  if (diagonal <= down && diagonal <= right) return [diagonal, DIAGONAL];
  return down <= right ? [down, DOWN] : [right, RIGHT];
}

function pathOf(steps: Uint8Array, rows: number, columns: number): FramePairs {
  const pairs: [number, number][] = [];
  let [row, column] = [rows - 1, columns - 1];
  while (row >= 0 && column >= 0) {
    pairs.push([row, column]);
    const step = steps[row * columns + column];
    if (step !== RIGHT) row -= 1;
    if (step !== DOWN) column -= 1;
  }
  return pairs.reverse();
}

/** Gives each column a mean of 0 and a variance of 1. Thus the microphone hardly matters. */
function normalised(table: Table): Table {
  const { width, values } = table;
  const count = heightOf(table);
  const scaled = new Float32Array(values.length);
  for (let column = 0; column < width; column++) {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < count; row++) {
      const value = values[row * width + column] ?? 0;
      sum += value;
      squares += value * value;
    }
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(squares / count - mean * mean, 1e-9));
    for (let row = 0; row < count; row++) {
      scaled[row * width + column] = ((values[row * width + column] ?? 0) - mean) / deviation;
    }
  }
  return { width, values: scaled };
}

/** Returns the distance of two rows, which begin at `start` and `otherStart`. */
function distanceOf(one: Table, start: number, other: Table, otherStart: number): number {
  let sum = 0;
  for (let index = 0; index < one.width; index++) {
    const difference = (one.values[start + index] ?? 0) - (other.values[otherStart + index] ?? 0);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
