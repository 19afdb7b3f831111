import type { Database } from "../../../platform/database/transactions/database.js";
import { userStore } from "../../../platform/users/user.store.js";
import { ownerOf, serverScope } from "../../owner.js";
import { emotionVoiceStore } from "../emotion-voice.store.js";
import { isInTraining } from "./training-step.js";
import type { EnqueueTraining, VoiceOrder } from "./voice-order.js";
import { voicesInTrainingStore } from "./voices-in-training.store.js";

export interface LostTrainingDependencies {
  readonly database: Database;
  readonly enqueue: EnqueueTraining;
  /** Returns the orders that have no job in the queue. */
  readonly findWithoutJob: (orders: readonly VoiceOrder[]) => Promise<VoiceOrder[]>;
}

/**
 * Queues new jobs for personal voices in training whose jobs were lost, for example when a backup was
 * restored. Safe if several workers do this at the same time.
 */
export class LostTrainings {
  constructor(private readonly use: LostTrainingDependencies) {}

  /** Returns the number of queued trainings. */
  async requeue(): Promise<number> {
    const { database, findWithoutJob } = this.use;
    const orders = await database.read({ viewer: null }, (tx) => voicesInTrainingStore.all(tx));
    let queued = 0;
    for (const order of await findWithoutJob(orders)) if (await this.requeueOne(order)) queued += 1;
    return queued;
  }

  /**
   * Queues one training again. First locks the owner and checks again that the voice needs a job. Returns
   * false if nothing was queued.
   */
  private requeueOne(order: VoiceOrder): Promise<boolean> {
    const { database, enqueue, findWithoutJob } = this.use;
    const owner = ownerOf(order.userId);
    return database.write(serverScope(owner), async (tx) => {
      await userStore.lock(tx, owner.userId);
      const emotionVoices = await emotionVoiceStore.ofVoice(tx, owner, order.voiceId);
      if (!emotionVoices.some(isInTraining)) {
        await voicesInTrainingStore.remove(tx, owner, order.voiceId);
        return false;
      }
      if ((await findWithoutJob([order])).length === 0) return false;
      await enqueue(tx, order);
      return true;
    });
  }
}
