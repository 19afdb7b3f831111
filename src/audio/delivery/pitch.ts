import { PitchDetector } from "pitchy";

const FRAME_SECONDS = 0.04;
const HOP_SECONDS = 0.01;
/**
 * A frame counts as voiced if its clarity (0-1) is above this limit. With a higher limit, some
 * voiced stretches would end too early, which a listener hears. With this limit, some doubtful
 * frames count as voiced, which a listener does not hear.
 */
const VOICED_CLARITY = 0.7;
const SILENT_POWER = 1e-5;
const LOWEST_HZ = 50;
const HIGHEST_HZ = 500;
/**
 * If the pitch of a frame differs from the median around it by more than this factor, the pitch is
 * an octave error of the measurement, and the median replaces it.
 */
const MOST_LEAP = 1.4;

/** The pitch of a sound over time. */
export interface PitchTrack {
  readonly sampleRate: number;
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** The pitch of each frame, Hz. 0 if the frame has no voice. */
  readonly hz: readonly number[];
  /**
   * Returns the pitch at a sample, Hz, interpolated between frames. Returns 0 if there is no voice.
   */
  hzAt(sample: number): number;
}

/** Measures the melody of speech by the McLeod pitch method (McLeod & Wyvill 2005). */
export function trackPitch(pcm: Float32Array, sampleRate: number): PitchTrack {
  const size = Math.round(FRAME_SECONDS * sampleRate);
  const hop = Math.round(HOP_SECONDS * sampleRate);
  const detector = PitchDetector.forFloat32Array(size);
  const padded = new Float32Array(pcm.length + size);
  padded.set(pcm, size >> 1);
  const raw: number[] = [];
  for (let start = 0; start < pcm.length; start += hop) {
    const frame = padded.subarray(start + (hop >> 1), start + (hop >> 1) + size);
    if (frame.length < size) break;
    const [hz, clarity] =
      powerOf(frame) < SILENT_POWER ? [0, 0] : detector.findPitch(frame, sampleRate);
    raw.push(clarity > VOICED_CLARITY && hz > LOWEST_HZ && hz < HIGHEST_HZ ? hz : 0);
  }
  const hz = raw.map((pitch, frame) =>
    steadied(pitch, raw.slice(Math.max(0, frame - 3), frame + 4)),
  );
  return { sampleRate, hop, hz, hzAt: (sample) => between(hz, sample / hop - 0.5) };
}

/** The least voice that shows how far the pitch spreads: 50 frames, which is half a second. */
const LEAST_VOICED_FRAMES = 50;

/**
 * Returns the distance from the 10th to the 90th percentile of the pitch, semitones. Returns null
 * if there is less than half a second of voice.
 */
export function spreadOf(hz: readonly number[]): number | null {
  const voiced = hz.filter((pitch) => pitch > 0).sort((one, other) => one - other);
  if (voiced.length < LEAST_VOICED_FRAMES) return null;
  const quantile = (share: number) => voiced[Math.floor(share * voiced.length)] ?? 1;
  return 12 * Math.log2(quantile(0.9) / quantile(0.1));
}

function steadied(pitch: number, around: readonly number[]): number {
  const voiced = around.filter((hz) => hz > 0).sort((one, other) => one - other);
  const middle = voiced[voiced.length >> 1] ?? 0;
  if (pitch === 0 || voiced.length < 3) return 0;
  return Math.max(pitch / middle, middle / pitch) > MOST_LEAP ? middle : pitch;
}

function between(hz: readonly number[], frame: number): number {
  const left = Math.floor(frame);
  const [before, after] = [hz[left] ?? 0, hz[left + 1] ?? 0];
  if (before === 0 || after === 0) return before || after;
  return before + (frame - left) * (after - before);
}

function powerOf(frame: Float32Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return sum / frame.length;
}
