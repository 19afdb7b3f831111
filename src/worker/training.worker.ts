import { parseWav } from "../audio/signal/wav-reader.js";
import type { StorageSettings } from "../instances/index.js";
import { returnExpectedFailures } from "../platform/threads/thread-failure.js";
import type { TrainedVoice, TrainingOrder } from "../providers/speech/cloning.port.js";
import { trainVoice } from "../providers/speech/flite/flite.training.js";
import { storageOf } from "./storage.js";

/** A voice to train from recordings in the storage. */
export interface TrainingInput {
  readonly storage: StorageSettings;
  readonly order: TrainingOrder;
}

/** Trains a voice, and stores the model as a blob of its owner. Keeps the used recordings in memory. */
async function train({ storage: settings, order }: TrainingInput): Promise<TrainedVoice> {
  const storage = storageOf(settings);
  return trainVoice(order, {
    read: async (key) => {
      const { stream } = await storage.open(key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk as Uint8Array);
      return parseWav(Buffer.concat(chunks));
    },
    store: async (model) => {
      const bytes = new TextEncoder().encode(JSON.stringify(model));
      const { key } = await storage.put(bytes, {
        contentType: "application/json",
        owner: order.ownerName,
      });
      return key;
    },
  });
}

/** The function that the worker thread calls. */
export const trainInThread = returnExpectedFailures(train);
