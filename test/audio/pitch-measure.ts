const WINDOW_SECONDS = 0.025;
const HOP_SECONDS = 0.01;
const SILENT_POWER = 1e-5;
const LOWEST_HZ = 55;
const HIGHEST_HZ = 480;
/** A frame counts as voiced if its aperiodicity is below this value. */
const VOICED = 0.2;

export interface PitchMeasure {
  readonly medianHz: number;
  /** The distance from the 10th to the 90th percentile, semitones. */
  readonly spreadSt: number;
  /** The share of voiced frames among the frames with sound, 0-1. */
  readonly voicedShare: number;
  /** The pitch of every frame, semitones above 1 Hz. Null if the frame has no voice. */
  readonly melody: readonly (number | null)[];
}

/**
 * Measures pitch by YIN (de Cheveigné & Kawahara 2002). The tests use another method than the server, so
 * that a fault of one method shows.
 */
export function measurePitch(pcm: Float32Array, sampleRate: number): PitchMeasure {
  const hop = Math.round(HOP_SECONDS * sampleRate);
  const window = Math.round(WINDOW_SECONDS * sampleRate);
  const reach = window + Math.ceil(sampleRate / LOWEST_HZ);
  const melody: (number | null)[] = [];
  let sounding = 0;
  for (let start = 0; start + reach <= pcm.length; start += hop) {
    const frame = pcm.subarray(start, start + reach);
    const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / reach;
    if (power >= SILENT_POWER) sounding += 1;
    const period = power < SILENT_POWER ? null : periodOf(frame, window, sampleRate);
    melody.push(period === null ? null : 12 * Math.log2(sampleRate / period));
  }
  const sorted = melody.filter((st) => st !== null).sort((one, other) => one - other);
  const quantile = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
  return {
    medianHz: sorted.length > 0 ? 2 ** (quantile(0.5) / 12) : 0,
    spreadSt: quantile(0.9) - quantile(0.1),
    voicedShare: sounding > 0 ? sorted.length / sounding : 0,
    melody,
  };
}

/**
 * Returns the first lag at which the normalised difference has a minimum below VOICED. Returns null if
 * no lag has such a minimum.
 */
function periodOf(frame: Float32Array, window: number, sampleRate: number): number | null {
  const dips = dipsOf(frame, window);
  const first = Math.floor(sampleRate / HIGHEST_HZ);
  const lag = dips.findIndex(
    (dip, at) => at >= first && dip < VOICED && dip <= (dips[at + 1] ?? Infinity),
  );
  if (lag < 0) return null;
  const [before = 1, here = 1, after = 1] = dips.subarray(lag - 1, lag + 2);
  const bend = before - 2 * here + after;
  return bend > 0 ? lag + (before - after) / (2 * bend) : lag;
}

/**
 * Returns for each lag the difference between the frame and the shifted frame, divided by the mean
 * of the differences up to this lag.
 */
function dipsOf(frame: Float32Array, window: number): Float64Array {
  let sum = 0;
  return new Float64Array(frame.length - window).map((_, lag) => {
    if (lag === 0) return 1;
    let difference = 0;
    for (let index = 0; index < window; index++) {
      difference += ((frame[index] ?? 0) - (frame[index + lag] ?? 0)) ** 2;
    }
    sum += difference;
    return sum > 0 ? (difference * lag) / sum : 1;
  });
}
