import { modelOf } from "../../bench/voice/synthetic-model.js";
import type { VoiceModel } from "../../src/audio/adaptation/voice-model.js";

/** A model of the voice whose melody the engine cannot change. */
export const movedModel = (pitch: number): VoiceModel =>
  modelOf({
    ...{ base: "rms", formantScale: 1, pitchHz: 102 * 2 ** (pitch / 12) },
    ...{ engine: { stretch: 1.1 }, melody: { pitch, range: 1.2 } },
  });

export const bytesOf = (model: object): Uint8Array => Buffer.from(JSON.stringify(model));
