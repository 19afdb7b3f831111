import type { Spectrum } from "./spectra.js";

/** Which frames are speech, and the noise between. */
export interface VoiceActivity {
  /** One value for each frame of 20 ms: 1 for speech, otherwise 0. */
  readonly isSpeech: Uint8Array;
  /** The level of the noise, dB relative to full scale. */
  readonly noiseDb: number;
}

/** The noise is the level that the quietest frames reach (minimum statistics, Martin 2001). */
const NOISE_QUANTILE = 0.05;
/** The quietest frames of a noise are this much below its mean level. */
const NOISE_BIAS_DB = 1;
/** The loudest frames of speech, which single noises such as a click do not reach. */
const LOUD_QUANTILE = 0.95;
/** Speech is louder than noise by this much. */
const ABOVE_NOISE_DB = 6;
/** The weak sounds of speech are quieter than the loud ones by at most this much. */
const SPEECH_RANGE_DB = 35;

/** The spectrum is compared with the one 60 ms before, which is about the length of a phoneme. */
const LAG_FRAMES = 3;
/** A frame is judged with the second on each side, which holds a few syllables. */
const REACH_FRAMES = 50;
/**
 * The spectrum of speech changes from sound to sound: the median is 3.7 dB in noise of 15 dB SNR and
 * 5 dB without noise, also whispered. The median is 2.0 dB for noise that grows and fades, below 0.5
 * dB for tones, hum and melodies.
 */
const LEAST_CHANGE_DB = 2.4;

/** A frame above this tonality is a whistle, a beep, or a vowel that a high voice sings. */
const PURE_TONALITY = 0.97;
/** If more frames than this share are pure tones within a second, the sound is a whistle or a siren. */
const MOST_PURE_SHARE = 0.6;

/** Pauses up to 0.2 s belong to the speech around them (ITU-T P.56 has the same hangover). */
const HANGOVER_FRAMES = 10;
/** A stretch of less than 0.1 s is a click. */
const SHORTEST_FRAMES = 5;

/**
 * Finds the frames with speech. A frame is speech if it is louder than the noise and if the shape of
 * the spectrum changes around it as in speech. Loudness alone would take a tone, a hum or a melody
 * for speech.
 */
export function findSpeech(spectra: readonly Spectrum[]): VoiceActivity {
  const levels = spectra.map(({ levelDb }) => levelDb).sort((one, other) => one - other);
  const noiseDb = quantile(levels, NOISE_QUANTILE) + NOISE_BIAS_DB;
  const loudDb = quantile(levels, LOUD_QUANTILE);
  const leastDb = Math.max(noiseDb - NOISE_BIAS_DB + ABOVE_NOISE_DB, loudDb - SPEECH_RANGE_DB);
  const isLoud = Uint8Array.from(spectra, ({ levelDb }) => (levelDb > leastDb ? 1 : 0));
  const changes = changesOf(spectra, isLoud);
  const isPure = Float32Array.from(spectra, ({ tonality }, frame) => {
    if (isLoud[frame] !== 1) return NaN;
    return tonality > PURE_TONALITY ? 1 : 0;
  });
  const isSpeech = isLoud.map((value, frame) =>
    value === 1 &&
    around(changes, frame, 0.5) > LEAST_CHANGE_DB &&
    around(isPure, frame, 1 - MOST_PURE_SHARE) === 0
      ? 1
      : 0,
  );
  return { isSpeech: smoothed(isSpeech), noiseDb };
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))] ?? -Infinity;

/** Returns the mean change of the bands since 60 ms before, dB. NaN unless both frames are loud. */
function changesOf(spectra: readonly Spectrum[], isLoud: Uint8Array): Float32Array {
  return Float32Array.from(spectra, ({ shape }, frame) => {
    const before = spectra[frame - LAG_FRAMES];
    if (!before || isLoud[frame] !== 1 || isLoud[frame - LAG_FRAMES] !== 1) return NaN;
    return (
      shape.reduce((sum, db, band) => sum + Math.abs(db - (before.shape[band] ?? 0)), 0) /
      shape.length
    );
  });
}

/** Returns a quantile of the values within a second of a frame. Returns 0 if there are none. */
function around(values: Float32Array, frame: number, share: number): number {
  const near = values
    .subarray(Math.max(0, frame - REACH_FRAMES), frame + REACH_FRAMES + 1)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return near[Math.floor(near.length * share)] ?? 0;
}

/** Removes clicks, then closes short pauses. */
function smoothed(isSpeech: Uint8Array): Uint8Array {
  const kept = withoutShort(isSpeech, { value: 1, shortest: SHORTEST_FRAMES });
  return withoutShort(kept, { value: 0, shortest: HANGOVER_FRAMES });
}

/** Inverts each stretch of `value` that is shorter than `shortest`, except at the ends. */
function withoutShort(
  frames: Uint8Array,
  { value, shortest }: { readonly value: number; readonly shortest: number },
): Uint8Array {
  const result = frames.slice();
  let start = 0;
  for (let frame = 1; frame <= frames.length; frame++) {
    if (frame < frames.length && frames[frame] === frames[start]) continue;
    const isInside = value === 1 || (start > 0 && frame < frames.length);
    if (frames[start] === value && frame - start < shortest && isInside) {
      result.fill(1 - value, start, frame);
    }
    start = frame;
  }
  return result;
}
