import { IsNull, LessThanOrEqual, MoreThan } from "typeorm";
import { rowsWhere } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { insertReturning } from "../../platform/database/writing/returning.js";
import type { Owner } from "../owner.js";
import { UploadEntity, type UploadPurpose } from "./upload.entity.js";

export type NewUpload = Pick<
  UploadEntity,
  "purpose" | "contentType" | "sizeBytes" | "createdAt" | "expiresAt"
>;

export const uploadStore = {
  byIds: (tx: Tx, owner: Owner, ids: readonly string[]): Promise<UploadEntity[]> =>
    rowsWhere(tx, UploadEntity, "t.user_id = $1 AND t.id = ANY($2)", [owner.userId, ids]),

  /** Reads the row and locks it until the transaction ends. */
  lock: (
    tx: Tx,
    owner: Owner,
    which: Pick<UploadEntity, "id" | "purpose">,
  ): Promise<UploadEntity | null> =>
    tx.findOne(UploadEntity, {
      where: { userId: owner.userId, ...which },
      lock: { mode: "pessimistic_write" },
    }),

  /** Counts the owner's uploads whose file has not arrived and may still arrive. */
  countAwaiting: (tx: Tx, owner: Owner, now: Date): Promise<number> =>
    tx.count(UploadEntity, {
      where: { userId: owner.userId, receivedAt: IsNull(), expiresAt: MoreThan(now) },
    }),

  count: (tx: Tx, owner: Owner): Promise<number> =>
    tx.count(UploadEntity, { where: { userId: owner.userId } }),

  insert: (tx: Tx, owner: Owner, values: NewUpload): Promise<UploadEntity> =>
    insertReturning(tx, UploadEntity, { ...values, userId: owner.userId }),

  /** Stores the key of the file. Returns false if the upload has a file already, or is gone. */
  receive: async (
    tx: Tx,
    owner: Owner,
    id: string,
    file: { readonly blobKey: string; readonly receivedAt: Date },
  ): Promise<boolean> => {
    const awaiting = { userId: owner.userId, id, receivedAt: IsNull() };
    const { affected } = await tx.update(UploadEntity, awaiting, file);
    return affected === 1;
  },

  /** Marks an upload as used. From then on, another row has the key of the file. */
  use: async (tx: Tx, owner: Owner, id: string, usedAt: Date): Promise<void> => {
    await tx.update(UploadEntity, { userId: owner.userId, id }, { usedAt, blobKey: null });
  },

  /** Deletes the owner's uploads that expired at `expiredBefore` or earlier. */
  forgetExpired: async (tx: Tx, owner: Owner, expiredBefore: Date): Promise<void> => {
    await tx.delete(UploadEntity, {
      userId: owner.userId,
      expiresAt: LessThanOrEqual(expiredBefore),
    });
  },

  /** Deletes the owner's uploads for one purpose. Returns how many. */
  removeFor: async (tx: Tx, owner: Owner, purpose: UploadPurpose): Promise<number> => {
    const { affected } = await tx.delete(UploadEntity, { userId: owner.userId, purpose });
    return affected ?? 0;
  },

  /** Deletes all uploads of the owner. Returns how many. */
  removeAll: async (tx: Tx, owner: Owner): Promise<number> => {
    const { affected } = await tx.delete(UploadEntity, { userId: owner.userId });
    return affected ?? 0;
  },
};
