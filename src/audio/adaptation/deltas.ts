import { InvalidInputError } from "../../platform/errors.js";
import type { Sound } from "../signal/wav.js";
import { BINS, WORK_RATE, measureFrames, rowOf } from "./frames.js";
import { type SpeechMeasure, measureSpeech } from "./speech-measure.js";

/** A recording of an emotion or of neutral speech. */
export interface DeliverySample {
  readonly sound: Sound;
  /** The level of speech as it was recorded, dB. Masters all have the same loudness. */
  readonly levelDb: number;
  /** `soundingSecondsOf` a voice of the engine that says the same transcript at its own rate. The same voice
   * for all samples. */
  readonly plainSeconds: number;
}

/** How a speaker's emotion differs from the same speaker's neutral speech. */
export interface DeliveryDeltas {
  /** Semitones. 0 for a whisper, which has no pitch. */
  readonly pitch: number;
  /** Factor for the pitch range. 1 for a whisper. */
  readonly range: number;
  /** Factor for the speaking rate. */
  readonly rate: number;
  /** dB */
  readonly gain: number;
  /** The level above 1 kHz relative to the level below, dB. */
  readonly tilt: number;
}

/** Less voice than 0.5 s says nothing about pitch. Frames are 10 ms. */
const LEAST_VOICED_FRAMES = 50;
const LEAST_SPEECH_SECONDS = 1;
const TILT_CORNER_HZ = 1000;

/**
 * Measures how a speaker changes the voice for an emotion. The texts of the samples may differ: rates
 * are compared through the durations that the engine takes for the same texts.
 * @throws InvalidInputError if the neutral samples or the samples of the emotion have under 1 s of
 *   speech
 */
export function measureDeltas(
  neutral: readonly DeliverySample[],
  emotion: readonly DeliverySample[],
): DeliveryDeltas {
  const [before, after] = [
    measureDelivery(neutral, "neutral"),
    measureDelivery(emotion, "emotion"),
  ];
  const isVoiced = [before, after].every(({ voicedHz }) => voicedHz.length >= LEAST_VOICED_FRAMES);
  const range = isVoiced ? after.spreadHz / after.pitchHz / (before.spreadHz / before.pitchHz) : 1;
  return {
    pitch: rounded(isVoiced ? 12 * Math.log2(after.pitchHz / before.pitchHz) : 0),
    range: rounded(Number.isFinite(range) ? range : 1),
    rate: rounded(after.rate / before.rate),
    gain: rounded(after.levelDb - before.levelDb),
    tilt: rounded(after.tiltDb - before.tiltDb),
  };
}

const rounded = (value: number) => Number(value.toFixed(2));

interface Delivery extends SpeechMeasure {
  /** The rate of the engine is 1. */
  readonly rate: number;
  readonly levelDb: number;
  readonly tiltDb: number;
}

function measureDelivery(samples: readonly DeliverySample[], name: string): Delivery {
  const measure = measureSpeech(samples.map(({ sound }) => sound));
  if (measure.speechSeconds < LEAST_SPEECH_SECONDS) {
    throw new InvalidInputError(
      `The ${name} samples contain ${measure.speechSeconds.toFixed(1)} s of speech; record at least ${LEAST_SPEECH_SECONDS} s.`,
    );
  }
  const plainSeconds = samples.reduce((sum, sample) => sum + sample.plainSeconds, 0);
  return {
    ...measure,
    rate: plainSeconds / measure.soundingSeconds,
    levelDb: samples.reduce((sum, { levelDb }) => sum + levelDb, 0) / samples.length,
    tiltDb: samples.reduce((sum, { sound }) => sum + tiltOf(sound), 0) / samples.length,
  };
}

/** Returns the power of speech above 1 kHz relative to the power below, dB. */
function tiltOf(sound: Sound): number {
  const { count, powers, isLoud } = measureFrames(sound);
  const corner = Math.round((TILT_CORNER_HZ / (WORK_RATE / 2)) * (BINS - 1));
  let [low, high] = [0, 0];
  for (let frame = 0; frame < count; frame++) {
    if (isLoud[frame] !== 1) continue;
    for (const [bin, power] of rowOf(powers, frame).entries()) {
      if (bin < corner) low += power;
      else high += power;
    }
  }
  return 10 * Math.log10(high / low);
}
