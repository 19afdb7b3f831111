import { BANDS } from "../../src/audio/adaptation/equaliser.js";
import { MODEL_VERSION, type VoiceModel } from "../../src/audio/adaptation/voice-model.js";

const CLASSES = 24;
const CEPSTRA = 12;

const gains = (phase: number) =>
  Array.from({ length: BANDS }, (_, band) => Number((3 * Math.sin(phase + band / 5)).toFixed(2)));

/** Returns a model as training makes it, with a voice of slt that is higher, slower and brighter. */
export function modelOf(changes: Partial<VoiceModel> = {}): VoiceModel {
  const { formantScale = 1.1, pitchHz = 200, spreadHz = 30, stretch = 1.1 } = changes;
  return {
    ...{ version: MODEL_VERSION, base: "slt", formantScale, pitchHz, spreadHz, stretch },
    engine: {
      pitchHz: pitchHz / formantScale,
      spreadHz: spreadHz / formantScale,
      stretch: stretch * formantScale,
    },
    melody: { pitch: 0, range: 1 },
    bandGainsDb: gains(0),
    codebook: Array.from({ length: CLASSES }, (_, kind) => ({
      cepstrum: Array.from({ length: CEPSTRA }, (__, order) =>
        Number((20 * Math.sin(kind * (order + 1))).toFixed(2)),
      ),
      bandGainsDb: gains(kind),
    })),
    ...changes,
  };
}
