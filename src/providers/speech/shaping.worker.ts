import { type IntonationChange, type Intoned, intone } from "../../audio/intonation.js";
import { findPauses } from "../../audio/silence.js";
import { type VoiceQuality, shapeVoice } from "../../audio/voice-quality.js";
import type { Sound } from "../../audio/wav.js";

export interface ShapingInput {
  readonly sound: Sound;
  readonly intonation: IntonationChange;
  readonly quality: VoiceQuality;
}

export interface ShapingOutput extends Intoned {
  /** Silences inside, ms from the start. */
  readonly pauses: readonly (readonly [startMs: number, endMs: number])[];
}

/** A worker thread's entry: gives somebody else's speech the delivery that their engine lacks. */
export function shapeSpeech({ sound, intonation, quality }: ShapingInput): ShapingOutput {
  const intoned = intone(sound, intonation);
  return { ...intoned, ...shapeVoice(intoned, quality), pauses: findPauses(sound) };
}
