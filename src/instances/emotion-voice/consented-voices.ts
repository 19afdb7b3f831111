import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { ConsentedRows } from "../consent/consent.service.js";
import type { Owner } from "../owner.js";
import { personalVoiceStore } from "../personal-voice/personal-voice.store.js";
import type { EmotionVoiceEntity } from "./emotion-voice.entity.js";
import { emotionVoiceStore } from "./emotion-voice.store.js";
import {
  type EnqueueCleanup,
  discardAllClones,
  discardEarlierClones,
} from "../vendor-voice/vendor-clones.js";
import { EMOTION_VOICE_CHANNEL, type EnqueueTraining } from "./training/voice-order.js";
import { voicesInTrainingStore } from "./training/voices-in-training.store.js";

export interface ConsentedVoicesDependencies {
  readonly notifier: Notifier;
  readonly enqueue: EnqueueTraining;
  readonly enqueueCleanup: EnqueueCleanup;
}

/**
 * Returns the emotion voices as rows that may be used only under a consent. No voice is trained without a
 * consent, so a training under way ends with the consent, and a new consent queues the training again.
 */
export function consentedVoices({
  notifier,
  enqueue,
  enqueueCleanup,
}: ConsentedVoicesDependencies): ConsentedRows {
  const tellFollowers = async (tx: Tx, owner: Owner): Promise<readonly EmotionVoiceEntity[]> => {
    const inTraining = await emotionVoiceStore.allInTraining(tx, owner);
    for (const { id } of inTraining) await notifier.notify(tx, EMOTION_VOICE_CHANNEL, id);
    return inTraining;
  };
  return {
    count: (tx, owner) => emotionVoiceStore.count(tx, owner),
    suspend: async (tx, owner) => {
      await emotionVoiceStore.suspend(tx, owner);
      await voicesInTrainingStore.removeAll(tx, owner);
      await tellFollowers(tx, owner);
    },
    resume: async (tx, owner, consentId) => {
      await emotionVoiceStore.resume(tx, owner, consentId);
      for (const { voiceId } of await tellFollowers(tx, owner)) {
        if (voiceId === null || !(await voicesInTrainingStore.add(tx, owner, voiceId))) continue;
        await enqueue(tx, { userId: owner.userId, voiceId });
      }
    },
    removeAll: async (tx, owner) => {
      await tellFollowers(tx, owner);
      await voicesInTrainingStore.removeAll(tx, owner);
      await discardAllClones(tx, owner, enqueueCleanup);
      const earlier = await emotionVoiceStore.ofEarlierPlatform(tx, owner);
      await discardEarlierClones(tx, owner, earlier, enqueueCleanup);
      const templateIds = await emotionVoiceStore.removeAll(tx, owner);
      await personalVoiceStore.removeAll(tx, owner);
      return templateIds;
    },
  };
}
