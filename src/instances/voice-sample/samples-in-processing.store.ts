import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import type { SampleOrder } from "./sample-order.js";

/**
 * The list of all owners' recordings that are not processed yet. The search for lost recordings reads this
 * list, because row-level security hides the voice samples themselves from a transaction without an owner.
 * The search removes the entry of a voice sample that no longer exists.
 */
export const samplesInProcessingStore = {
  /** Only jobs see all owners. */
  all: (tx: Tx): Promise<SampleOrder[]> =>
    tx.query<SampleOrder[]>(
      `SELECT user_id AS "userId", sample_id AS "sampleId"
       FROM platform.samples_in_processing ORDER BY sample_id`,
    ),

  add: async (tx: Tx, owner: Owner, sampleId: string): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.samples_in_processing (user_id, sample_id)
       VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [owner.userId, sampleId],
    );
  },

  remove: async (tx: Tx, owner: Owner, sampleId: string): Promise<void> => {
    await tx.query(
      "DELETE FROM platform.samples_in_processing WHERE user_id = $1 AND sample_id = $2",
      [owner.userId, sampleId],
    );
  },
};
