import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import type { VoiceOrder } from "./voice-order.js";

/**
 * The list of all owners' personal voices in training. Each voice in the list has one job. The search for
 * lost trainings reads this list, because row-level security hides the emotion voices themselves from a
 * transaction without an owner.
 */
export const voicesInTrainingStore = {
  /** Only jobs see all owners. */
  all: (tx: Tx): Promise<VoiceOrder[]> =>
    tx.query<VoiceOrder[]>(
      `SELECT user_id AS "userId", voice_id AS "voiceId"
       FROM platform.voices_in_training ORDER BY voice_id`,
    ),

  /** Returns false if the voice was in the list already, so that the voice has a job. */
  add: async (tx: Tx, owner: Owner, voiceId: string): Promise<boolean> => {
    const added = await tx.query<object[]>(
      `INSERT INTO platform.voices_in_training (user_id, voice_id)
       VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING voice_id`,
      [owner.userId, voiceId],
    );
    return added.length > 0;
  },

  remove: async (tx: Tx, owner: Owner, voiceId: string): Promise<void> => {
    await tx.query("DELETE FROM platform.voices_in_training WHERE user_id = $1 AND voice_id = $2", [
      owner.userId,
      voiceId,
    ]);
  },

  removeAll: async (tx: Tx, owner: Owner): Promise<void> => {
    await tx.query("DELETE FROM platform.voices_in_training WHERE user_id = $1", [owner.userId]);
  },
};
