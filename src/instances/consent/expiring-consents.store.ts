import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";

/**
 * The list of all owners' live consents that expire. The search for expired consents reads this list,
 * because row-level security hides the consents themselves from a transaction without an owner.
 */
export const expiringConsentStore = {
  /** Returns the ids of the users whose live consent has expired. Only jobs see all owners. */
  findExpired: async (tx: Tx, now: Date): Promise<string[]> => {
    const rows = await tx.query<{ id: string }[]>(
      "SELECT user_id AS id FROM platform.expiring_consents WHERE expires_at <= $1 ORDER BY expires_at",
      [now],
    );
    return rows.map(({ id }) => id);
  },

  add: async (tx: Tx, owner: Owner, expiresAt: Date): Promise<void> => {
    await tx.query("INSERT INTO platform.expiring_consents (user_id, expires_at) VALUES ($1, $2)", [
      owner.userId,
      expiresAt,
    ]);
  },

  remove: async (tx: Tx, owner: Owner): Promise<void> => {
    await tx.query("DELETE FROM platform.expiring_consents WHERE user_id = $1", [owner.userId]);
  },
};
