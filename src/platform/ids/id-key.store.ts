import type { Tx } from "../database/transactions/database.js";

/** The secret behind the public ids of one database. */
export interface IdKey {
  /** 32 bytes. */
  readonly key: Buffer;
  /**
   * The last integer of each type that was given out without encryption, by the name of the GraphQL type. A type
   * without an entry has none.
   */
  readonly lastPlain: Readonly<Record<string, number>>;
}

export const idKeyStore = {
  /** Reads the key, which a migration made. */
  read: async (tx: Tx): Promise<IdKey> => {
    const [row] = await tx.query<IdKey[]>(
      `SELECT k.key, k.last_plain AS "lastPlain" FROM platform.id_key k`,
    );
    if (!row) throw new Error("The table platform.id_key is empty; restore it from a backup.");
    return row;
  },
};
