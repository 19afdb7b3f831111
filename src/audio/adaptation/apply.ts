import { type Intoned, type IntonationChange, changeMelody } from "../delivery/intonation.js";
import { amplify } from "../signal/gain.js";
import { resample } from "../signal/resample.js";
import { levelDb } from "../signal/silence.js";
import type { Sound } from "../signal/wav.js";
import { codebookGains } from "./codebook.js";
import { equalise } from "./equaliser.js";
import { WORK_RATE } from "./frames.js";
import type { AdaptationLevel, EngineSettings, VoiceModel } from "./voice-model.js";

/** The highest sample of an adapted sound. */
const MOST_PEAK = 0.98;

/** Returns what to tell the engine so that it speaks a text for `adaptSound`. */
export function engineSettings(
  { engine }: VoiceModel,
  change: { readonly pitch: number; readonly rate: number },
): EngineSettings {
  const factor = 2 ** (change.pitch / 12);
  const melody =
    engine.pitchHz === undefined || engine.spreadHz === undefined
      ? {}
      : { pitchHz: engine.pitchHz * factor, spreadHz: engine.spreadHz * factor };
  return { ...melody, stretch: engine.stretch / change.rate };
}

/** How to adapt a sound. */
export interface Adaptation {
  readonly level: AdaptationLevel;
  /** The change of melody of an emotion, with the pitch that `engineSettings` was given. */
  readonly intonation?: IntonationChange;
}

/**
 * Turns the sound of the engine into the voice of the speaker. The sound gets shorter by the formant
 * scale: divide the times of words by the scale. The level stays. The same input gives the same bytes.
 * The returned range is the one of `Intoned`, for the change of the emotion alone.
 */
export function adaptSound(
  sound: Sound,
  model: VoiceModel,
  { level, intonation = NO_CHANGE }: Adaptation,
): Intoned {
  const isSung = model.engine.pitchHz !== undefined;
  const sung = changeMelody(sound, {
    pitch: model.melody.pitch + (isSung ? 0 : intonation.pitch),
    range: model.melody.range * intonation.range,
    rise: intonation.rise,
  });
  const rate = Math.round(WORK_RATE * model.formantScale);
  const even = resample(sung.pcm, sung.sampleRate, WORK_RATE);
  let pcm = resample(even, rate, WORK_RATE);
  if (level === 2) pcm = equalise(pcm, () => model.bandGainsDb);
  if (level === 3) pcm = equalise(pcm, codebookGains(pcm, model));
  // A neutral voice that misses the speaker's own range lacks nothing that the caller asked for.
  const range = intonation.range === 1 ? 1 : sung.range / model.melody.range;
  return { pcm: atLevel(pcm, levelDb(even)), sampleRate: WORK_RATE, range };
}

const NO_CHANGE: IntonationChange = { pitch: 0, range: 1, rise: 0 };

function atLevel(pcm: Float32Array<ArrayBuffer>, wantedDb: number): Float32Array<ArrayBuffer> {
  const gainDb = wantedDb - levelDb(pcm);
  if (!Number.isFinite(gainDb)) return pcm;
  const peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return amplify(pcm, Math.min(gainDb, 20 * Math.log10(MOST_PEAK / peak)));
}
