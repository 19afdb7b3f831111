import { trackPitch } from "../delivery/pitch.js";
import { measureSpectra, HOP_SECONDS } from "../recordings/speech/spectra.js";
import { findSpeech } from "../recordings/speech/voice-activity.js";
import { amplify } from "../signal/gain.js";
import { resample } from "../signal/resample.js";
import { levelDb } from "../signal/silence.js";
import type { Sound } from "../signal/wav.js";

/** What the melody and tempo of speech measure. */
export interface SpeechMeasure {
  /** The sum of all stretches with speech, seconds. */
  readonly speechSeconds: number;
  /**
   * Speech without any pause, seconds. Half the rate gives twice the seconds. This is not true of
   * `speechSeconds`, which includes short pauses and no long ones.
   */
  readonly soundingSeconds: number;
  /** The median pitch, Hz. 0 without voice. */
  readonly pitchHz: number;
  /** The standard deviation of the pitch, Hz, estimated from the 10th and 90th percentiles. */
  readonly spreadHz: number;
  /** The pitch of each voiced frame of 10 ms, Hz. */
  readonly voicedHz: readonly number[];
}

/** Pitch is below 500 Hz, so 8 kHz are enough, and three times as fast. */
const PITCH_RATE = 8_000;
/** The pitch tracker takes frames below -50 dB for silence, so speech is brought to this level. */
const PITCH_LEVEL_DB = -20;
/** The distance from the 10th to the 90th percentile of a normal distribution, in deviations. */
const DEVIATIONS = 2.563;

/** Measures several sounds as if they were one. */
export function measureSpeech(sounds: readonly Sound[]): SpeechMeasure {
  const voicedHz = sounds.flatMap(pitchesOf);
  const sorted = voicedHz.toSorted((one, other) => one - other);
  const quantile = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
  return {
    speechSeconds: sumOf(sounds.map(speechSecondsOf)),
    soundingSeconds: sumOf(sounds.map(soundingSecondsOf)),
    pitchHz: quantile(0.5),
    spreadHz: (quantile(0.9) - quantile(0.1)) / DEVIATIONS,
    voicedHz,
  };
}

function pitchesOf({ pcm, sampleRate }: Sound): readonly number[] {
  const slow = resample(pcm, sampleRate, PITCH_RATE);
  const gainDb = PITCH_LEVEL_DB - levelDb(slow);
  if (!Number.isFinite(gainDb)) return [];
  return trackPitch(amplify(slow, gainDb), PITCH_RATE).hz.filter((hz) => hz > 0);
}

const BLOCK_SECONDS = 0.01;
/**
 * A sound that is quieter than the loud ones by more than this belongs to a pause, for example the pause
 * inside a `p`. With blocks of 10 ms, rates from 0.8 to 1.4 come back within 2 %.
 */
const RANGE_DB = 30;
const ABOVE_NOISE_DB = 7;
const QUIET_QUANTILE = 0.05;
const LOUD_QUANTILE = 0.95;

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Returns `soundingSeconds` of `SpeechMeasure`. The sound must be speech. */
export function soundingSecondsOf(sound: Sound): number {
  const levels = blockLevels(sound);
  const sorted = levels.toSorted();
  const quantile = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
  const leastDb = Math.max(
    quantile(QUIET_QUANTILE) + ABOVE_NOISE_DB,
    quantile(LOUD_QUANTILE) - RANGE_DB,
  );
  return levels.filter((db) => db > leastDb).length * BLOCK_SECONDS;
}

function speechSecondsOf(sound: Sound): number {
  const { isSpeech } = findSpeech(measureSpectra(sound));
  return isSpeech.reduce((sum, value) => sum + value, 0) * HOP_SECONDS;
}

function blockLevels({ pcm, sampleRate }: Sound): Float32Array {
  const size = Math.round(BLOCK_SECONDS * sampleRate);
  return Float32Array.from({ length: Math.floor(pcm.length / size) }, (_, block) =>
    levelDb(pcm.subarray(block * size, (block + 1) * size)),
  );
}
