import type { Database } from "../../platform/database/transactions/database.js";
import { ConsentState } from "../consent/consent.entity.js";
import { ownerOf, serverScope } from "../owner.js";
import type { EnqueueSample } from "./process-sample.job.js";
import type { SampleOrder } from "./sample-order.js";
import { samplesInProcessingStore } from "./samples-in-processing.store.js";
import { SampleStatus } from "./voice-sample.entity.js";
import { voiceSampleStore } from "./voice-sample.store.js";

export interface LostSampleDependencies {
  readonly database: Database;
  readonly enqueue: EnqueueSample;
  /** Returns the orders that have no job in the queue. */
  readonly findWithoutJob: (orders: readonly SampleOrder[]) => Promise<SampleOrder[]>;
}

/**
 * Queues new jobs for recordings whose jobs were lost, for example when a backup was restored. Safe if
 * several workers do this at the same time.
 */
export class LostSamples {
  constructor(private readonly use: LostSampleDependencies) {}

  /** Returns the number of queued recordings. */
  async requeue(): Promise<number> {
    const { database, findWithoutJob } = this.use;
    const orders = await database.read({ viewer: null }, (tx) => samplesInProcessingStore.all(tx));
    let queued = 0;
    for (const order of await findWithoutJob(orders)) if (await this.requeueOne(order)) queued += 1;
    return queued;
  }

  /**
   * Queues one recording again. First locks the voice sample and checks again that the recording needs a
   * job. A suspended recording waits for the next consent, which queues the recording. Returns false if
   * nothing was queued.
   */
  private requeueOne(order: SampleOrder): Promise<boolean> {
    const { database, enqueue, findWithoutJob } = this.use;
    const owner = ownerOf(order.userId);
    return database.write(serverScope(owner), async (tx) => {
      const sample = await voiceSampleStore.lock(tx, owner, order.sampleId);
      if (sample?.processingStatus !== SampleStatus.Processing) {
        await samplesInProcessingStore.remove(tx, owner, order.sampleId);
        return false;
      }
      if (sample.state !== ConsentState.Usable) return false;
      if ((await findWithoutJob([order])).length === 0) return false;
      await enqueue(tx, order);
      return true;
    });
  }
}
