import type { Tx } from "../database/transactions/database.js";
import { QuotaExceededError } from "../errors.js";
import { usageStore } from "./usage.store.js";

/** A quota of one user for one day. A day is a day in UTC. */
export interface DailyQuota {
  readonly userId: string;
  /** The kind of usage in the table, such as `stories`. */
  readonly kind: string;
  /** The limit's unit in messages, such as "stories". */
  readonly unit: string;
  /** The largest sum of a day. If the limit is Infinity, every amount is allowed and none is counted. */
  readonly limit: number;
}

const DAY_MS = 24 * 3_600_000;
const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/**
 * Counts `amount` against the quota. Call spendQuota in the transaction that does the work. If the work
 * fails, the transaction rolls back and the amount is not counted.
 * @throws QuotaExceededError if less than `amount` is left; the amount is not counted
 */
export async function spendQuota(
  tx: Tx,
  { userId, kind, unit, limit }: DailyQuota,
  amount: number,
  now: Date,
): Promise<void> {
  if (limit === Infinity || amount === 0) return;
  const usage = { userId, kind, day: dayOf(now) };
  if (await usageStore.add(tx, usage, amount, limit)) {
    await usageStore.forgetBefore(tx, { userId, day: dayOf(new Date(now.getTime() - DAY_MS)) });
    return;
  }
  const used = await usageStore.amount(tx, usage);
  const freeAt = new Date(Math.floor(now.getTime() / DAY_MS + 1) * DAY_MS);
  throw new QuotaExceededError(
    `You may use ${limit} ${unit} a day. You used ${used} today, and this needs ${amount}. The next day begins at ${freeAt.toISOString()}.`,
    { limit, used, freeAt },
  );
}

/** Takes back an amount that was counted at `spentAt`. */
export async function returnToQuota(
  tx: Tx,
  { userId, kind }: Pick<DailyQuota, "userId" | "kind">,
  amount: number,
  spentAt: Date,
): Promise<void> {
  if (amount > 0) await usageStore.subtract(tx, { userId, kind, day: dayOf(spentAt) }, amount);
}

/**
 * Locks the user's quota of this kind for the day of `now`, until the transaction ends. Other
 * transactions that lock or change the same quota wait until the lock is free.
 */
export async function lockQuota(
  tx: Tx,
  { userId, kind }: Pick<DailyQuota, "userId" | "kind">,
  now: Date,
): Promise<void> {
  await usageStore.add(tx, { userId, kind, day: dayOf(now) }, 0, Number.MAX_SAFE_INTEGER);
}
