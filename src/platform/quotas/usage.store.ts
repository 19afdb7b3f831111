import type { Tx } from "../database/transactions/database.js";

/** One user's use of one quota on one day. */
export interface Usage {
  readonly userId: string;
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly kind: string;
}

export const usageStore = {
  /**
   * Adds `amount` and returns true if the sum is at most `limit`. Otherwise adds nothing and returns
   * false. The row is locked until the transaction ends. So transactions that run at the same time
   * cannot exceed the limit together.
   */
  add: async (tx: Tx, { userId, day, kind }: Usage, amount: number, limit: number) => {
    const added = await tx.query<object[]>(
      `INSERT INTO platform.user_usage AS u (user_id, day, kind, amount)
       SELECT $1, $2, $3, $4::bigint WHERE $4::bigint <= $5::bigint
       ON CONFLICT (user_id, day, kind) DO UPDATE SET amount = u.amount + EXCLUDED.amount
       WHERE u.amount + EXCLUDED.amount <= $5::bigint
       RETURNING amount`,
      [userId, day, kind, amount, limit],
    );
    return added.length > 0;
  },

  subtract: async (tx: Tx, { userId, day, kind }: Usage, amount: number): Promise<void> => {
    await tx.query(
      `UPDATE platform.user_usage SET amount = greatest(0, amount - $4::bigint)
       WHERE user_id = $1 AND day = $2 AND kind = $3`,
      [userId, day, kind, amount],
    );
  },

  amount: async (tx: Tx, { userId, day, kind }: Usage): Promise<number> => {
    const [row] = await tx.query<{ amount: string }[]>(
      "SELECT amount FROM platform.user_usage WHERE user_id = $1 AND day = $2 AND kind = $3",
      [userId, day, kind],
    );
    return Number(row?.amount ?? 0);
  },

  forgetBefore: async (tx: Tx, { userId, day }: Omit<Usage, "kind">): Promise<void> => {
    await tx.query("DELETE FROM platform.user_usage WHERE user_id = $1 AND day < $2", [
      ...[userId, day],
    ]);
  },
};
