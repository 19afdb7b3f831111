import type { Tx } from "../../../platform/database/transactions/database.js";
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
};
