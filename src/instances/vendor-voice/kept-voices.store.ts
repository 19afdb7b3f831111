import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";

/** A clone that a vendor keeps, as a job finds it. */
export interface KeptVoice {
  readonly userId: string;
  /** The unique name that the vendor stores with the clone. */
  readonly label: string;
  readonly provider: string;
  /** The vendor's id of the clone. null if the vendor has not answered. */
  readonly model: string | null;
  readonly isWanted: boolean;
  readonly createdAt: Date;
}

const COLUMNS = `user_id AS "userId", label, provider, model, is_wanted AS "isWanted", created_at AS "createdAt"`;

/**
 * The list of the clones of all owners. Only jobs read rows of all owners. A job changes a row in a
 * transaction of the row's owner.
 */
export const keptVoicesStore = {
  byLabel: async (tx: Tx, label: string): Promise<KeptVoice | null> => {
    const [row] = await tx.query<KeptVoice[]>(
      `SELECT ${COLUMNS} FROM platform.vendor_voices WHERE label = $1`,
      [label],
    );
    return row ?? null;
  },

  /** Returns the labels of the clones at these vendors that a job must delete. */
  unwanted: async (tx: Tx, providers: readonly string[]): Promise<string[]> => {
    const rows = await tx.query<{ label: string }[]>(
      `SELECT label FROM platform.vendor_voices
       WHERE NOT is_wanted AND provider = ANY($1::text[]) ORDER BY label`,
      [providers],
    );
    return rows.map(({ label }) => label);
  },

  /** Returns the wanted clones at a vendor that were listed before a time. */
  wantedBefore: (tx: Tx, provider: string, before: Date): Promise<KeptVoice[]> =>
    tx.query<KeptVoice[]>(
      `SELECT ${COLUMNS} FROM platform.vendor_voices
       WHERE is_wanted AND provider = $1 AND created_at < $2 ORDER BY user_id, label`,
      [provider, before],
    ),

  /** Returns those of the labels that are listed. */
  listed: async (tx: Tx, labels: readonly string[]): Promise<ReadonlySet<string>> => {
    const rows = await tx.query<{ label: string }[]>(
      "SELECT label FROM platform.vendor_voices WHERE label = ANY($1::text[])",
      [labels],
    );
    return new Set(rows.map(({ label }) => label));
  },

  /** Marks those of the owner's clones as unwanted that no emotion voice uses. Returns their labels. */
  unwantUnused: async (tx: Tx, owner: Owner, labels: readonly string[]): Promise<string[]> => {
    const [rows] = await tx.query<[{ label: string }[], number]>(
      `UPDATE platform.vendor_voices v SET is_wanted = false
       WHERE v.user_id = $1 AND v.label = ANY($2::text[]) AND v.is_wanted AND NOT EXISTS (
         SELECT FROM instances.user_emotion_voices e WHERE e.user_id = $1 AND e.label = v.label)
       RETURNING v.label`,
      [owner.userId, labels],
    );
    return rows.map(({ label }) => label);
  },

  /**
   * Returns true if another clone's row or a trained emotion voice of the owner has the same voice at the vendor. The
   * earlier platform let several emotions speak with one voice.
   */
  isShared: async (
    tx: Tx,
    owner: Owner,
    { label, provider, model }: KeptVoice,
  ): Promise<boolean> => {
    const rows = await tx.query<object[]>(
      `SELECT FROM platform.vendor_voices v
       WHERE v.provider = $2 AND v.model = $3 AND v.is_wanted AND v.label <> $4
       UNION ALL
       SELECT FROM instances.user_emotion_voices e
       WHERE e.user_id = $1 AND e.provider = $2 AND e.provider_voice_id = $3
         AND e.training_status = 'ready' AND e.label IS DISTINCT FROM $4
       LIMIT 1`,
      [owner.userId, provider, model, label],
    );
    return rows.length > 0;
  },

  /**
   * Removes the row of a deleted clone. Returns false if the row changed after the job read it. A late
   * training may have added the vendor's id of another clone.
   */
  remove: async (tx: Tx, owner: Owner, { label, model }: KeptVoice): Promise<boolean> => {
    const [, removed] = await tx.query<[unknown[], number]>(
      `DELETE FROM platform.vendor_voices
       WHERE user_id = $1 AND label = $2 AND NOT is_wanted AND model IS NOT DISTINCT FROM $3`,
      [owner.userId, label, model],
    );
    return removed > 0;
  },
};
