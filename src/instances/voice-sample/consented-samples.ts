import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { ConsentedRows } from "../consent/consent.service.js";
import { legacySoundStore } from "../legacy-sound/legacy-sound.store.js";
import type { Owner } from "../owner.js";
import type { EnqueueSample } from "./process-sample.job.js";
import { SAMPLE_CHANNEL } from "./sample-order.js";
import { voiceSampleStore } from "./voice-sample.store.js";

export interface ConsentedSamplesDependencies {
  readonly enqueue: EnqueueSample;
  readonly notifier: Notifier;
}

/**
 * Returns the voice samples as rows that may be used only under a consent. A recording is not processed
 * without a consent, so a new consent queues the recordings that waited. Each change is told to the
 * clients that follow a recording. A client follows a recording only until its processing ends.
 */
export function consentedSamples({
  enqueue,
  notifier,
}: ConsentedSamplesDependencies): ConsentedRows {
  const tellFollowers = async (tx: Tx, owner: Owner): Promise<readonly string[]> => {
    const sampleIds = await voiceSampleStore.idsInProcessing(tx, owner);
    for (const sampleId of sampleIds) await notifier.notify(tx, SAMPLE_CHANNEL, sampleId);
    return sampleIds;
  };
  return {
    ...voiceSampleStore,
    suspend: async (tx, owner) => {
      await voiceSampleStore.suspend(tx, owner);
      await tellFollowers(tx, owner);
    },
    resume: async (tx, owner, consentId) => {
      await voiceSampleStore.resume(tx, owner, consentId);
      for (const sampleId of await tellFollowers(tx, owner)) {
        await enqueue(tx, { userId: owner.userId, sampleId });
      }
    },
    removeAll: async (tx, owner) => {
      await tellFollowers(tx, owner);
      const removed = await voiceSampleStore.removeAll(tx, owner);
      await legacySoundStore.removeUnused(tx, owner);
      return removed;
    },
  };
}
