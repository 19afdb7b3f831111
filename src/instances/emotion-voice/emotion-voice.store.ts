import { In } from "typeorm";
import { queryAs, selectList } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { ConsentState } from "../consent/consent.entity.js";
import type { Owner } from "../owner.js";
import { EmotionVoiceEntity, TrainingStatus } from "./emotion-voice.entity.js";

export const emotionVoiceStore = {
  byIds: (tx: Tx, owner: Owner, ids: readonly string[]): Promise<EmotionVoiceEntity[]> =>
    tx.find(EmotionVoiceEntity, { where: { userId: owner.userId, id: In([...ids]) } }),

  /**
   * Returns the owner's best voice for each template: the latest ready voice. If no voice is ready,
   * returns the latest voice.
   */
  bestByTemplate: (
    tx: Tx,
    owner: Owner,
    templateIds: readonly number[],
  ): Promise<EmotionVoiceEntity[]> =>
    queryAs(
      tx,
      EmotionVoiceEntity,
      `SELECT DISTINCT ON (v.template_id) ${selectList(tx, EmotionVoiceEntity, "v")}
       FROM instances.user_emotion_voices v
       WHERE v.user_id = $1 AND v.template_id = ANY($2)
       ORDER BY v.template_id, v.training_status = 'ready' DESC, v.revision DESC, v.id DESC`,
      [owner.userId, templateIds],
    ),

  /** Returns true if the owner has a voice for the template that is trained or being trained. */
  isTrained: (tx: Tx, owner: Owner, templateId: number): Promise<boolean> =>
    tx.exists(EmotionVoiceEntity, {
      where: {
        userId: owner.userId,
        templateId,
        trainingStatus: In([TrainingStatus.Training, TrainingStatus.Ready]),
      },
    }),

  /** Suspends all usable emotion voices of the owner. Suspended emotion voices need no live consent. */
  suspend: async (tx: Tx, owner: Owner): Promise<void> => {
    await tx.update(
      EmotionVoiceEntity,
      { userId: owner.userId, state: ConsentState.Usable },
      { state: ConsentState.Suspended, consentLive: null },
    );
  },

  /** Makes the suspended emotion voices of the owner usable under a live consent. */
  resume: async (tx: Tx, owner: Owner, consentId: string): Promise<void> => {
    await tx.update(
      EmotionVoiceEntity,
      { userId: owner.userId, state: ConsentState.Suspended },
      { state: ConsentState.Usable, consentId, consentLive: true },
    );
  },

  count: (tx: Tx, owner: Owner): Promise<number> =>
    tx.count(EmotionVoiceEntity, { where: { userId: owner.userId } }),

  /** Deletes all emotion voices of the owner. Returns how many. */
  removeAll: async (tx: Tx, owner: Owner): Promise<number> => {
    const { affected } = await tx.delete(EmotionVoiceEntity, { userId: owner.userId });
    return affected ?? 0;
  },
};
