import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import type { RenderOrder } from "./render-order.js";

type Attempt = Pick<RenderOrder, "narrationId" | "attempt">;

/**
 * The list of all owners' renders under way. The search for lost renders reads this list, because
 * row-level security hides the renders themselves from a transaction without an owner. The search removes
 * the entry of a narration that no longer exists.
 */
export const underWayStore = {
  all: (tx: Tx): Promise<RenderOrder[]> =>
    tx.query<RenderOrder[]>(
      `SELECT user_id AS "userId", narration_id AS "narrationId", attempt
       FROM platform.renders_under_way ORDER BY narration_id, attempt`,
    ),

  add: async (tx: Tx, owner: Owner, at: Attempt): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.renders_under_way (user_id, narration_id, attempt)
       VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [owner.userId, at.narrationId, at.attempt],
    );
  },

  remove: async (tx: Tx, owner: Owner, at: Attempt): Promise<void> => {
    await tx.query(
      `DELETE FROM platform.renders_under_way WHERE user_id = $1 AND narration_id = $2 AND attempt = $3`,
      [owner.userId, at.narrationId, at.attempt],
    );
  },
};
