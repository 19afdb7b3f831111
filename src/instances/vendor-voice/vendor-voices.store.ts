import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";

/** A clone that a vendor keeps, or will keep. */
export interface VendorVoice {
  /** The unique name that the vendor stores with the clone. */
  readonly label: string;
  readonly provider: string;
  /** The vendor's id of the clone. null if the vendor has not answered. */
  readonly model: string | null;
}

/**
 * The list of the clones at vendors. A row is written before the vendor is asked to clone, so a clone is
 * found also after a crash. A job deletes the clones of unwanted rows, then the rows.
 */
export const vendorVoicesStore = {
  /** Lists a clone that a vendor is about to make. Listing a clone again changes nothing. */
  add: async (tx: Tx, owner: Owner, { label, provider }: VendorVoice): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.vendor_voices (label, user_id, provider)
       VALUES ($1, $2, $3) ON CONFLICT (label) DO NOTHING`,
      [label, owner.userId, provider],
    );
  },

  /** Returns true if the clone is listed, and a job must delete the clone. */
  isUnwanted: async (tx: Tx, owner: Owner, label: string): Promise<boolean> => {
    const rows = await tx.query<object[]>(
      "SELECT FROM platform.vendor_voices WHERE user_id = $1 AND label = $2 AND NOT is_wanted",
      [owner.userId, label],
    );
    return rows.length > 0;
  },

  /** Stores the vendor's id of a clone. Returns false if nobody wants the clone any more. */
  setModel: async (tx: Tx, owner: Owner, { label, model }: VendorVoice): Promise<boolean> => {
    const [, changed] = await tx.query<[unknown[], number]>(
      `UPDATE platform.vendor_voices SET model = $3
       WHERE user_id = $1 AND label = $2 AND is_wanted`,
      [owner.userId, label, model],
    );
    return changed > 0;
  },

  /** Marks clones as unwanted. Returns the labels of those that were wanted. */
  unwant: async (tx: Tx, owner: Owner, labels: readonly string[]): Promise<string[]> => {
    const [rows] = await tx.query<[{ label: string }[], number]>(
      `UPDATE platform.vendor_voices SET is_wanted = false
       WHERE user_id = $1 AND label = ANY($2::text[]) AND is_wanted RETURNING label`,
      [owner.userId, labels],
    );
    return rows.map(({ label }) => label);
  },

  /** Marks all clones of the owner as unwanted. Returns the labels of those that were wanted. */
  unwantAll: async (tx: Tx, owner: Owner): Promise<string[]> => {
    const [rows] = await tx.query<[{ label: string }[], number]>(
      `UPDATE platform.vendor_voices SET is_wanted = false
       WHERE user_id = $1 AND is_wanted RETURNING label`,
      [owner.userId],
    );
    return rows.map(({ label }) => label);
  },

  /** Lists a clone as unwanted, also if the job has already deleted the clone's row. */
  putUnwanted: async (tx: Tx, owner: Owner, clone: VendorVoice): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.vendor_voices (label, user_id, provider, model, is_wanted)
       VALUES ($1, $2, $3, $4, false)
       ON CONFLICT (label) DO UPDATE
         SET is_wanted = false, model = coalesce(EXCLUDED.model, vendor_voices.model)`,
      [clone.label, owner.userId, clone.provider, clone.model],
    );
  },
};
