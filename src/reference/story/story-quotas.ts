import type { Tx } from "../../platform/database/transactions/database.js";
import { spendQuota } from "../../platform/quotas/quotas.js";

/** What one author may add on one day. Infinity allows everything. */
export interface StoryQuotas {
  readonly storiesPerDay: number;
  /** Bytes of UTF-8 of all texts that the author writes, also those that replace a text. */
  readonly storyBytesPerDay: number;
}

/** @throws QuotaExceededError */
export async function countStory(
  tx: Tx,
  author: { readonly id: string; readonly quotas: StoryQuotas },
  now: Date,
): Promise<void> {
  const limit = author.quotas.storiesPerDay;
  const quota = { userId: author.id, kind: "stories", unit: "new stories", limit };
  await spendQuota(tx, quota, 1, now);
}

/** @throws QuotaExceededError */
export async function countText(
  tx: Tx,
  author: { readonly id: string; readonly quotas: StoryQuotas },
  content: string,
  now: Date,
): Promise<void> {
  const limit = author.quotas.storyBytesPerDay;
  const quota = { userId: author.id, kind: "story_bytes", unit: "bytes of text", limit };
  await spendQuota(tx, quota, Buffer.byteLength(content), now);
}
