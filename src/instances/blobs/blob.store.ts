import type { Tx } from "../../platform/database/transactions/database.js";
import { NARRATION_FILES } from "../../reference/index.js";
import type { Owner } from "../owner.js";

export const blobStore = {
  /**
   * Reads the keys of all blobs that an instance of the owner refers to. With `among`, reads only which
   * of these keys an instance refers to.
   */
  keys: async (tx: Tx, owner: Owner, among?: readonly string[]): Promise<readonly string[]> => {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT k.key FROM (
         SELECT r.blob_key AS key FROM instances.user_renditions r WHERE r.user_id = $1
         UNION SELECT f.value FROM instances.user_story_narrations n, jsonb_each_text(n.audio) f
         WHERE n.user_id = $1 AND f.key = ANY($2)
         UNION SELECT u.blob_key FROM instances.user_uploads u WHERE u.user_id = $1
         UNION SELECT v.blob_key FROM instances.user_voice_samples v WHERE v.user_id = $1
         UNION SELECT o.original_blob_key FROM instances.user_voice_samples o WHERE o.user_id = $1
         UNION SELECT l.blob_key FROM instances.user_legacy_sounds l WHERE l.user_id = $1
         UNION SELECT m.model_blob_key FROM instances.user_emotion_voices m WHERE m.user_id = $1
       ) k WHERE k.key IS NOT NULL AND ($3::text[] IS NULL OR k.key = ANY($3))`,
      [owner.userId, NARRATION_FILES, among ?? null],
    );
    return rows.map(({ key }) => key);
  },
};
