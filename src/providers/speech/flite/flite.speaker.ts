import { engineSettings } from "../../../audio/adaptation/apply.js";
import type { VoiceModel } from "../../../audio/adaptation/voice-model.js";
import { describeWhisperLosses } from "../melody-losses.js";
import type { Degradation, SpokenProsody } from "../speech.port.js";
import type { FliteVoice } from "./flite.voices.js";
import type { FliteInput } from "./flite.worker.js";

const LOWEST_HZ = 50;
const HIGHEST_HZ = 400;
/**
 * Limits of the speaking rate, as factors for the rate of the engine's voice. Above the fastest rate,
 * phones get shorter than the engine's frames. Below the slowest rate, the voice sounds like a hum.
 */
const SLOWEST = 0.4;
const FASTEST = 2.5;
/**
 * The largest factor for the pitch range. With a larger factor, the highest and lowest tones do not
 * sound like the voice.
 */
const WIDEST = 3;
/** The melody of a finished sound moves by at most an octave (`audio/delivery/intonation.ts`). */
const OCTAVE_ST = 12;
const MONOTONE = { pitch: 0, range: 1, rise: 0 };

/** A change of the voice, within its limits. */
interface Manner {
  readonly pitchHz: number;
  readonly rate: number;
  readonly range: number;
  readonly rise: number;
}

/** A voice that the engine can speak with. */
export interface Speaker {
  /** Returns the pitch of the voice after a change, Hz. */
  readonly hzAt: (semitones: number) => number;
  readonly lowestHz: number;
  readonly highestHz: number;
  /** Limits of the rate, as factors for the voice's own rate. */
  readonly slowest: number;
  readonly fastest: number;
  readonly settings: (manner: Manner) => Omit<FliteInput, "units" | "quality">;
}

export function catalogueSpeaker({ engine, shift, stretch }: FliteVoice): Speaker {
  return {
    hzAt: (semitones) => engine.pitchHz * 2 ** ((shift + semitones) / 12),
    ...{ lowestHz: LOWEST_HZ, highestHz: HIGHEST_HZ, slowest: SLOWEST, fastest: FASTEST },
    settings: ({ pitchHz, rate, range, rise }) => {
      const spreadHz = (engine.spreadHz * pitchHz) / engine.pitchHz;
      const pitch = engine.takesPitch ? 0 : 12 * Math.log2(pitchHz / engine.pitchHz);
      return {
        voice: engine.name,
        melody: engine.takesPitch ? { pitchHz, spreadHz } : null,
        stretch: stretch / rate,
        intonation: { pitch, range, rise },
      };
    },
  };
}

/** The speaker of a personal voice: a voice of the engine that is adapted to a person. */
export function adaptedSpeaker(model: VoiceModel): Speaker {
  const hzAt = (semitones: number) => model.pitchHz * 2 ** (semitones / 12);
  const isMoved = model.engine.pitchHz === undefined;
  const [lowest, highest] = [-OCTAVE_ST, OCTAVE_ST].map((most) => hzAt(most - model.melody.pitch));
  const { stretch: slowness } = model.engine;
  return {
    hzAt,
    lowestHz: isMoved ? Math.max(LOWEST_HZ, lowest ?? 0) : LOWEST_HZ,
    highestHz: isMoved ? Math.min(HIGHEST_HZ, highest ?? Infinity) : HIGHEST_HZ,
    ...{ slowest: SLOWEST * slowness, fastest: FASTEST * slowness },
    settings: ({ pitchHz, rate, range, rise }) => {
      const pitch = 12 * Math.log2(pitchHz / model.pitchHz);
      const { stretch, ...told } = engineSettings(model, { pitch, rate });
      const { pitchHz: mean, spreadHz } = told;
      return {
        voice: model.base,
        melody: mean === undefined || spreadHz === undefined ? null : { pitchHz: mean, spreadHz },
        ...{ stretch, intonation: { pitch, range, rise }, model },
      };
    },
  };
}

/** Lists what the speaker cannot do of a prosody. */
export function describeLimits(speaker: Speaker, prosody: SpokenProsody): Degradation[] {
  const { range, rate, isWhispered } = prosody;
  const { lowestHz, highestHz, slowest, fastest } = speaker;
  const lacks: Degradation[] = isWhispered ? [...describeWhisperLosses(prosody)] : [];
  const lack = (feature: Degradation["feature"], reason: string) => lacks.push({ feature, reason });
  if (!isWhispered) {
    if (speaker.hzAt(prosody.pitch) !== reachedPitch(speaker, prosody)) {
      lack(
        "pitch",
        `The voice speaks between ${Math.round(lowestHz)} and ${Math.round(highestHz)} Hz.`,
      );
    }
    if (range > WIDEST) lack("range", `The voice's pitch range widens ${WIDEST} times at most.`);
  }
  if (rate !== clamp(rate, slowest, fastest)) {
    lack("rate", `The voice speaks at ${shown(slowest)} to ${shown(fastest)} times its own rate.`);
  }
  return lacks;
}

const shown = (factor: number): string => String(Number(factor.toFixed(2)));

const reachedPitch = (speaker: Speaker, { pitch }: SpokenProsody) =>
  clamp(speaker.hzAt(pitch), speaker.lowestHz, speaker.highestHz);

/** Returns what the engine is told to say a breath. The last breath of a text has the rise at the end. */
export function settingsFor(
  speaker: Speaker,
  prosody: SpokenProsody,
  isLast: boolean,
): Omit<FliteInput, "units"> {
  const { range, rise, tilt, breath, tremor, isWhispered } = prosody;
  const settings = speaker.settings({
    pitchHz: reachedPitch(speaker, prosody),
    rate: clamp(prosody.rate, speaker.slowest, speaker.fastest),
    range: Math.min(WIDEST, range),
    rise: isLast ? rise : 0,
  });
  return {
    ...settings,
    intonation: isWhispered ? MONOTONE : settings.intonation,
    quality: { tilt, breath, tremor, isWhispered },
  };
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));
