import type { Tx } from "../../../platform/database/transactions/database.js";
import { NARRATION_FILES } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";

export const soundStore = {
  /** Deletes the owner's renditions that are older than `olderThan` and that no script uses. */
  forgetUnused: async (tx: Tx, owner: Owner, olderThan: Date): Promise<void> => {
    await tx.query(
      `DELETE FROM instances.user_renditions r WHERE r.user_id = $1 AND r.created_at < $2
         AND NOT EXISTS (SELECT FROM instances.user_narration_segments g
           WHERE g.user_id = $1 AND g.recipe_key = r.recipe_key)`,
      [owner.userId, olderThan],
    );
  },

  /** Counts the owner's renditions that no script uses. */
  countUnused: async (tx: Tx, owner: Owner): Promise<number> => {
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM instances.user_renditions r WHERE r.user_id = $1
         AND NOT EXISTS (SELECT FROM instances.user_narration_segments g
           WHERE g.user_id = $1 AND g.recipe_key = r.recipe_key)`,
      [owner.userId],
    );
    return row?.count ?? 0;
  },

  /** Reads the keys of all blobs that an instance of the owner refers to. */
  blobKeys: async (tx: Tx, owner: Owner): Promise<readonly string[]> => {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT r.blob_key AS key FROM instances.user_renditions r WHERE r.user_id = $1
       UNION SELECT f.value FROM instances.user_story_narrations n, jsonb_each_text(n.audio) f
       WHERE n.user_id = $1 AND f.key = ANY($2)
       UNION SELECT v.blob_key FROM instances.user_voice_samples v WHERE v.user_id = $1
       UNION SELECT m.model_blob_key FROM instances.user_emotion_voices m WHERE m.user_id = $1`,
      [owner.userId, NARRATION_FILES],
    );
    return rows.map(({ key }) => key);
  },
};
