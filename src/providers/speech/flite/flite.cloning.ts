import type { CloningProvider, TrainedVoice, TrainingOrder } from "../cloning.port.js";
import { PROVIDER } from "./flite.voices.js";

export interface AdaptationOptions {
  /** Runs `trainVoice` of flite.training.ts in a thread, which ends if the signal aborts. */
  readonly train: (order: TrainingOrder, signal: AbortSignal) => Promise<TrainedVoice>;
}

/**
 * Creates the provider that adapts voices of the embedded engine. An adapted voice resembles a speaker. It
 * is no clone: accent and rhythm stay those of the engine.
 */
export function adaptedVoices({ train }: AdaptationOptions): CloningProvider {
  return {
    id: PROVIDER,
    kind: "adapted",
    languages: ["en"],
    needsTranscripts: true,
    isRemote: false,
    async train(order, signal) {
      signal.throwIfAborted();
      try {
        return await train(order, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
    // A model is a blob of its owner. Other rows may refer to the same blob, so that whoever removes a row
    // deletes the blobs without a row.
    async remove(_voice, signal) {
      signal.throwIfAborted();
    },
  };
}
