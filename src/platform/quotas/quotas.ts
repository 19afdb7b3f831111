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
  /** Infinity: the quota allows everything, and counts nothing. */
  readonly limit: number;
}

const DAY_MS = 24 * 3_600_000;
const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/**
 * Counts `amount` against the quota, in the transaction that does the work: work that fails counts nothing.
 * @throws QuotaExceededError if less than `amount` is left; then nothing is counted
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

/** Lets transactions of one user that check a quota of the same kind wait for each other. */
export async function lockQuota(
  tx: Tx,
  { userId, kind }: Pick<DailyQuota, "userId" | "kind">,
  now: Date,
): Promise<void> {
  await usageStore.add(tx, { userId, kind, day: dayOf(now) }, 0, Number.MAX_SAFE_INTEGER);
}
