import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";

export const voiceUseStore = {
  /** Returns true if a trained emotion voice of the owner speaks with this model, and may be used. */
  isUsable: async (tx: Tx, owner: Owner, model: string): Promise<boolean> => {
    const rows = await tx.query<object[]>(
      `SELECT FROM instances.user_emotion_voices v
       WHERE v.user_id = $1 AND coalesce(v.provider_voice_id, v.model_blob_key) = $2
         AND v.training_status = 'ready' AND v.state = 'usable' LIMIT 1`,
      [owner.userId, model],
    );
    return rows.length > 0;
  },
};
