import { trackPitch } from "../../delivery/pitch.js";
import { amplify } from "../../signal/gain.js";
import { resample } from "../../signal/resample.js";
import { levelDb } from "../../signal/silence.js";
import type { Sound } from "../../signal/wav.js";
import type { TakenSound } from "../intake.js";
import {
  MASTER_RATE,
  type RecordingMeasures,
  RecordingProblem,
  RefusedRecording,
} from "../recording.js";
import { HOP_SECONDS, measureSpectra } from "./spectra.js";
import { findSpeech } from "./voice-activity.js";

/** Speech in a recording. */
export interface MeasuredSpeech {
  readonly measures: RecordingMeasures;
  /** The first and the last sample of speech. */
  readonly start: number;
  readonly end: number;
}

const HOP = Math.round(HOP_SECONDS * MASTER_RATE);
/** SNR beyond this number is the silence of a computer, not of a room. */
const MOST_SNR_DB = 90;

/**
 * Measures the speech of a recording.
 * @throws RefusedRecording if there is no speech
 */
export function measureSpeech({ pcm, clippedSeconds }: TakenSound): MeasuredSpeech {
  const spectra = measureSpectra({ pcm, sampleRate: MASTER_RATE });
  const { isSpeech, noiseDb } = findSpeech(spectra);
  const first = isSpeech.indexOf(1);
  if (first < 0) throw new RefusedRecording(RecordingProblem.NoSpeech, pcm.length / MASTER_RATE);
  const frames = isSpeech.reduce((sum, value) => sum + value, 0);
  const speechSeconds = frames * HOP_SECONDS;
  const speech = speechOf(pcm, isSpeech, frames);
  const power = spectra.reduce(
    (sum, spectrum, frame) => sum + (isSpeech[frame] ?? 0) * 10 ** (spectrum.levelDb / 10),
    0,
  );
  // The level of speech includes the noise, so the noise is subtracted.
  const clean = Math.max(power / frames - 10 ** (noiseDb / 10), 1e-12);
  return {
    measures: {
      speechSeconds: rounded(speechSeconds),
      snrDb: rounded(Math.min(MOST_SNR_DB, 10 * Math.log10(clean) - noiseDb)),
      clippedShare: rounded(Math.min(1, clippedSeconds / speechSeconds), 5),
      voicedShare: rounded(voicedShareOf(speech), 3),
      levelDb: rounded(levelDb(speech)),
    },
    start: first * HOP,
    end: (isSpeech.lastIndexOf(1) + 1) * HOP,
  };
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

function speechOf(
  pcm: Float32Array,
  isSpeech: Uint8Array,
  frames: number,
): Float32Array<ArrayBuffer> {
  const speech = new Float32Array(frames * HOP);
  let at = 0;
  for (const [frame, value] of isSpeech.entries()) {
    if (value === 0) continue;
    speech.set(pcm.subarray(frame * HOP, (frame + 1) * HOP), at);
    at += HOP;
  }
  return speech;
}

/** Pitch is below 500 Hz, so 8 kHz are enough, and three times as fast. */
const PITCH_RATE = 8_000;
/** The pitch tracker takes frames below -50 dB for silence, so speech is brought to this level. */
const PITCH_LEVEL_DB = -20;

/** Returns the share of frames with a pitch (McLeod & Wyvill 2005). */
function voicedShareOf(speech: Float32Array<ArrayBuffer>): number {
  const sound: Sound = { pcm: resample(speech, MASTER_RATE, PITCH_RATE), sampleRate: PITCH_RATE };
  const louder = amplify(sound.pcm, PITCH_LEVEL_DB - levelDb(sound.pcm), sound.pcm);
  const { hz } = trackPitch(louder, PITCH_RATE);
  return hz.filter((pitch) => pitch > 0).length / Math.max(1, hz.length);
}
