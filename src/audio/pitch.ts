import { PitchDetector } from "pitchy";

const FRAME_SECONDS = 0.064;
const HOP_SECONDS = 0.01;
/** The McLeod method's clarity above which a frame is voiced. */
const VOICED_CLARITY = 0.85;
const SILENT_POWER = 1e-5;
const LOWEST_HZ = 50;
const HIGHEST_HZ = 500;

export interface PitchMeasure {
  readonly medianHz: number;
  /** Between the 10th and the 90th percentile, semitones. */
  readonly spreadSt: number;
  /** Voiced frames among those with sound, 0-1. */
  readonly voicedShare: number;
  readonly voicedFrames: number;
}

/** The melody of speech, by the McLeod pitch method (McLeod & Wyvill 2005). Zeroes where none is voiced. */
export function measurePitch(pcm: Float32Array, sampleRate: number): PitchMeasure {
  const size = Math.round(FRAME_SECONDS * sampleRate);
  const hop = Math.round(HOP_SECONDS * sampleRate);
  const detector = PitchDetector.forFloat32Array(size);
  const semitones: number[] = [];
  let sounding = 0;
  for (let start = 0; start + size <= pcm.length; start += hop) {
    const frame = pcm.subarray(start, start + size);
    if (powerOf(frame) < SILENT_POWER) continue;
    sounding += 1;
    const [hz, clarity] = detector.findPitch(frame, sampleRate);
    if (clarity > VOICED_CLARITY && hz > LOWEST_HZ && hz < HIGHEST_HZ) {
      semitones.push(12 * Math.log2(hz));
    }
  }
  semitones.sort((one, other) => one - other);
  const quantile = (share: number) => semitones[Math.floor(share * semitones.length)] ?? 0;
  return {
    medianHz: semitones.length > 0 ? 2 ** (quantile(0.5) / 12) : 0,
    spreadSt: quantile(0.9) - quantile(0.1),
    voicedShare: sounding > 0 ? semitones.length / sounding : 0,
    voicedFrames: semitones.length,
  };
}

function powerOf(frame: Float32Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return sum / frame.length;
}
