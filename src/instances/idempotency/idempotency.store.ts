import { LessThan } from "typeorm";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import { IdempotencyKeyEntity } from "./idempotency-key.entity.js";

type Key = Pick<IdempotencyKeyEntity, "operation" | "key">;

export const idempotencyStore = {
  /**
   * Inserts the key of a request. Returns true if the key was new. If another transaction has inserted
   * the key and is still open, waits until the other transaction ends. A rollback of a transaction
   * removes the key that the transaction inserted.
   */
  take: async (
    tx: Tx,
    owner: Owner,
    request: Key & Pick<IdempotencyKeyEntity, "requestHash">,
  ): Promise<boolean> => {
    const { operation, key, requestHash } = request;
    const taken = await tx.query<object[]>(
      `INSERT INTO instances.idempotency_keys (user_id, operation, key, request_hash)
       VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING key`,
      [owner.userId, operation, key, requestHash],
    );
    return taken.length > 0;
  },

  find: (tx: Tx, owner: Owner, { operation, key }: Key): Promise<IdempotencyKeyEntity | null> =>
    tx.findOneBy(IdempotencyKeyEntity, { userId: owner.userId, operation, key }),

  answer: async (
    tx: Tx,
    owner: Owner,
    { operation, key }: Key,
    response: { readonly id: string },
  ): Promise<void> => {
    await tx.update(IdempotencyKeyEntity, { userId: owner.userId, operation, key }, { response });
  },

  forgetBefore: async (tx: Tx, owner: Owner, before: Date): Promise<void> => {
    await tx.delete(IdempotencyKeyEntity, { userId: owner.userId, createdAt: LessThan(before) });
  },
};
