import { rowsWhere } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { insertReturning } from "../../platform/database/writing/returning.js";
import type { Owner } from "../owner.js";
import { ConsentEntity } from "./consent.entity.js";

export type NewConsent = Pick<
  ConsentEntity,
  "statementVersion" | "textHash" | "language" | "purpose" | "subject" | "grantedAt" | "expiresAt"
>;

export const consentStore = {
  /** Returns the owner's one live consent. The consent may have expired. */
  live: (tx: Tx, owner: Owner): Promise<ConsentEntity | null> =>
    tx.findOne(ConsentEntity, { where: { userId: owner.userId, isLive: true } }),

  /** Reads the live consent. No other transaction can end the consent until this transaction ends. */
  hold: async (tx: Tx, owner: Owner): Promise<ConsentEntity | null> => {
    const lock = () =>
      rowsWhere(tx, ConsentEntity, "t.user_id = $1 AND t.is_live FOR KEY SHARE", [owner.userId]);
    const [found] = await lock();
    if (found) return found;
    // A statement that waited for the end of a consent does not see the consent that replaced it. The
    // next statement does.
    const [replacement] = await lock();
    return replacement ?? null;
  },

  /**
   * Reads the live consent and locks it, before it is ended. Transactions that hold the consent end first.
   */
  lock: (tx: Tx, owner: Owner): Promise<ConsentEntity | null> =>
    tx.findOne(ConsentEntity, {
      where: { userId: owner.userId, isLive: true },
      lock: { mode: "pessimistic_write" },
    }),

  insert: (tx: Tx, owner: Owner, values: NewConsent): Promise<ConsentEntity> =>
    insertReturning(tx, ConsentEntity, {
      ...values,
      userId: owner.userId,
      grantedBy: owner.userId,
    }),

  /** Ends a consent for ever. No sample or voice may still demand this consent. */
  end: async (tx: Tx, owner: Owner, id: string, revokedAt: Date | null): Promise<void> => {
    await tx.update(ConsentEntity, { userId: owner.userId, id }, { isLive: false, revokedAt });
  },
};
