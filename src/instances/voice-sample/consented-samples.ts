import type { ConsentedRows } from "../consent/consent.service.js";
import type { EnqueueSample } from "./process-sample.job.js";
import { voiceSampleStore } from "./voice-sample.store.js";

/**
 * Returns the voice samples as rows that may be used only under a consent. A recording is not processed
 * without a consent, so a new consent queues the recordings that waited.
 */
export const consentedSamples = (enqueue: EnqueueSample): ConsentedRows => ({
  ...voiceSampleStore,
  resume: async (tx, owner, consentId) => {
    await voiceSampleStore.resume(tx, owner, consentId);
    for (const sampleId of await voiceSampleStore.idsToProcess(tx, owner)) {
      await enqueue(tx, { userId: owner.userId, sampleId });
    }
  },
});
