import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";

export interface PendingScript {
  readonly userId: string;
  readonly narrationId: string;
}

/**
 * The list of narrations that wait for their story's analysis. The list contains the owners' ids,
 * because row-level security hides the narrations themselves from the transaction that stores an
 * analysis.
 */
export const pendingScriptStore = {
  add: async (tx: Tx, owner: Owner, narrationId: string, storyId: number): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.pending_scripts (user_id, narration_id, reference_story_id)
       VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [owner.userId, narrationId, storyId],
    );
  },

  /** Returns those of the owner's narrations that wait for their script. */
  byNarrations: (tx: Tx, owner: Owner, narrationIds: readonly string[]): Promise<PendingScript[]> =>
    tx.query<PendingScript[]>(
      `SELECT p.user_id AS "userId", p.narration_id AS "narrationId" FROM platform.pending_scripts p
       WHERE p.user_id = $1 AND p.narration_id = ANY($2::bigint[])`,
      [owner.userId, narrationIds],
    ),

  remove: async (tx: Tx, owner: Owner, narrationId: string): Promise<void> => {
    await tx.query(
      `DELETE FROM platform.pending_scripts WHERE user_id = $1 AND narration_id = $2`,
      [owner.userId, narrationId],
    );
  },

  /**
   * Removes the narrations that wait for this analysis from the list, and returns them. These are the
   * waiting narrations of every public or archived story with the analysed text. The analysis must be
   * ready.
   */
  takeReady: (tx: Tx, analysisId: number): Promise<PendingScript[]> =>
    tx.query<PendingScript[]>(
      `SELECT owner_id AS "userId", narration AS "narrationId"
       FROM platform.take_pending_scripts($1)`,
      [analysisId],
    ),
};
