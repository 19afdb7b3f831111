import { type FramePairs, align } from "./alignment.js";
import { type BandPlan, type Frames, bandsOf, cepstraOf, rowOf, type Table } from "./frames.js";

/**
 * The frequencies of the formants. Below, the spectrum depends on the pitch. Above the highest, a voice
 * that is scaled down has no sound.
 */
const PLAN: BandPlan = { bands: 24, lowestHz: 200, highestHz: 6000 };
/** Higher cepstra describe the harmonics of the pitch. */
const CEPSTRA = 12;
/** Vocal tracts of adults and children differ by less (Lee & Rose 1998 search 0.88 to 1.12). */
const LEAST_SCALE = 0.82;
const MOST_SCALE = 1.22;
const STEP = 0.02;

/** A speaker and a voice of the engine who say the same text. */
export interface Readings {
  readonly speaker: Frames;
  readonly base: Frames;
}

export interface FormantFit {
  /** The formants of the speaker, divided by the formants of the base voice. */
  readonly scale: number;
  /** The distance that remains, dB for each cepstrum. */
  readonly distance: number;
}

/**
 * Finds the factor for the frequencies of the base voice at which the base voice is closest to the
 * speaker (vocal tract length normalisation, Lee & Rose 1998). Aligns twice: the second time with
 * the factor of the first.
 */
export function fitFormants(readings: readonly Readings[]): FormantFit {
  const first = bestScale(readings, alignAll(readings, 1));
  return bestScale(readings, alignAll(readings, first.scale));
}

const speakerCepstra = (frames: Frames) => cepstraOf(bandsOf(frames, PLAN), CEPSTRA);
const baseCepstra = (frames: Frames, scale: number) =>
  cepstraOf(bandsOf(frames, { ...PLAN, scale }), CEPSTRA);

const alignAll = (readings: readonly Readings[], scale: number): readonly FramePairs[] =>
  readings.map(({ speaker, base }) =>
    loudPairs({ speaker, base }, align(speakerCepstra(speaker), baseCepstra(base, scale))),
  );

/** Returns the pairs of frames in which both speak. */
const loudPairs = ({ speaker, base }: Readings, pairs: FramePairs): FramePairs =>
  pairs.filter(([one, other]) => speaker.isLoud[one] === 1 && base.isLoud[other] === 1);

/** Aligns a speaker with a voice that is adapted already. */
export const alignReadings = (readings: Readings): FramePairs =>
  loudPairs(readings, align(speakerCepstra(readings.speaker), baseCepstra(readings.base, 1)));

function bestScale(readings: readonly Readings[], pairs: readonly FramePairs[]): FormantFit {
  const speakers = readings.map(({ speaker }) => speakerCepstra(speaker));
  const steps = Math.round((MOST_SCALE - LEAST_SCALE) / STEP);
  let best: FormantFit = { scale: 1, distance: Infinity };
  for (let step = 0; step <= steps; step++) {
    const scale = Number((LEAST_SCALE + step * STEP).toFixed(2));
    const bases = readings.map(({ base }) => baseCepstra(base, scale));
    const distance = spreadOfDifferences(speakers, bases, pairs);
    if (distance < best.distance) best = { scale, distance };
  }
  return best;
}

/**
 * Returns how much the differences of the cepstra vary, dB. Their mean does not count: it is the
 * microphone and the room, not the formants.
 */
function spreadOfDifferences(
  speakers: readonly Table[],
  bases: readonly Table[],
  pairs: readonly FramePairs[],
): number {
  const [sums, squares] = [new Float64Array(CEPSTRA), new Float64Array(CEPSTRA)];
  let count = 0;
  for (const [index, path] of pairs.entries()) {
    const [speaker, base] = [speakers[index], bases[index]];
    if (!speaker || !base) continue;
    count += path.length;
    for (const [one, other] of path) {
      const [a, b] = [rowOf(speaker, one), rowOf(base, other)];
      for (let order = 0; order < CEPSTRA; order++) {
        const difference = (a[order] ?? 0) - (b[order] ?? 0);
        sums[order] = (sums[order] ?? 0) + difference;
        squares[order] = (squares[order] ?? 0) + difference * difference;
      }
    }
  }
  const variance = squares.reduce(
    (total, square, order) => total + square / count - ((sums[order] ?? 0) / count) ** 2,
    0,
  );
  return Math.sqrt(variance / CEPSTRA);
}
