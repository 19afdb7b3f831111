import {
  type IntonationChange,
  type Intoned,
  changeMelody,
} from "../../../audio/delivery/intonation.js";
import { findPauses } from "../../../audio/signal/silence.js";
import { type VoiceQuality, shapeVoice } from "../../../audio/delivery/voice-quality.js";
import type { Sound } from "../../../audio/signal/wav.js";

export interface ShapingInput {
  readonly sound: Sound;
  readonly intonation: IntonationChange;
  readonly quality: VoiceQuality;
}

export interface ShapingOutput extends Intoned {
  /** The pauses inside the sound, ms from its start. */
  readonly pauses: readonly (readonly [startMs: number, endMs: number])[];
}

/**
 * Changes the melody and the quality of a voice in a sound, because the endpoint cannot change
 * them. Also finds the pauses in the sound. Runs in a worker thread.
 */
export function shapeSpeech({ sound, intonation, quality }: ShapingInput): ShapingOutput {
  const intoned = changeMelody(sound, intonation);
  return { ...intoned, ...shapeVoice(intoned, quality), pauses: findPauses(sound) };
}
