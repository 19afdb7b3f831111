import type { Tx } from "../database/transactions/database.js";
import { StartupError } from "../errors.js";

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
  /**
   * Reads the key, which a migration made.
   * @throws StartupError if the key is gone. A new key would end all ids that were given out.
   */
  read: async (tx: Tx): Promise<IdKey> => {
    const [row] = await tx.query<IdKey[]>(
      `SELECT k.key, k.last_plain AS "lastPlain" FROM platform.id_key k`,
    );
    if (!row)
      throw new StartupError(
        "The table platform.id_key is empty. Restore its row from a backup: nobody can read the public ids without it.",
      );
    return row;
  },
};
