import type { Clock } from "../../platform/clock.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { QuotaExceededError } from "../../platform/errors.js";
import { lockQuota, returnToQuota, spendQuota } from "../../platform/quotas/quotas.js";
import { narrationStore } from "../narration/narration.store.js";
import type { Owner } from "../owner.js";
import { findExisting } from "./plan/estimates.js";
import type { PlannedSegment } from "./plan/plan.js";
import type { RenderOrder } from "./render-order.js";
import { renderStore } from "./render.store.js";
import type { SpeechDirectory } from "./speech-directory.js";

/** The limits of one owner. Infinity means no limit. */
export interface RenderQuotas {
  /** The most narrations that are queued or rendering at the same time. */
  readonly rendersUnderWay: number;
  /** The most characters per day that providers speak for money, for renders and previews. */
  readonly paidCharactersPerDay: number;
}

interface QuotaUse {
  readonly quotas: RenderQuotas;
  readonly clock: Clock;
  readonly speech: SpeechDirectory;
}

const RENDERS = "renders";
const PAID_CHARACTERS = "paid_characters";

/** @throws QuotaExceededError if the owner has as many renders under way as the quota allows */
export async function refuseManyRenders(
  tx: Tx,
  owner: Owner,
  { quotas: { rendersUnderWay: limit }, clock }: QuotaUse,
): Promise<void> {
  if (limit === Infinity) return;
  await lockQuota(tx, { userId: owner.userId, kind: RENDERS }, clock.now());
  const used = await narrationStore.countUnderWay(tx, owner);
  if (used < limit) return;
  throw new QuotaExceededError(
    `You may render ${limit} narrations at a time, and ${used} are queued or rendering. Wait until one of them ends, or cancel one.`,
    { limit, used, freeAt: null },
  );
}

/**
 * Counts the characters of the segments that a paid provider will speak. Returns the number of these
 * characters.
 * @throws QuotaExceededError
 */
export async function reserveCharacters(
  tx: Tx,
  owner: Owner,
  segments: readonly PlannedSegment[],
  use: QuotaUse,
): Promise<number> {
  const paid = segments.filter(
    ({ voice, unspeakable, isSilent }) =>
      unspeakable === null && !isSilent && use.speech.isPaid(voice),
  );
  if (paid.length === 0) return 0;
  const hasRendition = await findExisting(tx, owner, paid);
  const missing = new Map(
    paid
      .filter((segment) => !hasRendition(segment))
      .map(({ recipeKey, recipe }) => [recipeKey, recipe.request.text.length]),
  );
  const characters = [...missing.values()].reduce((sum, length) => sum + length, 0);
  await spendCharacters(tx, owner, characters, use);
  return use.quotas.paidCharactersPerDay === Infinity ? 0 : characters;
}

/** @throws QuotaExceededError */
export const spendCharacters = (
  tx: Tx,
  { userId }: Owner,
  characters: number,
  { quotas: { paidCharactersPerDay: limit }, clock }: Pick<QuotaUse, "quotas" | "clock">,
): Promise<void> =>
  spendQuota(
    tx,
    { userId, kind: PAID_CHARACTERS, unit: "characters of paid speech", limit },
    characters,
    clock.now(),
  );

export const returnCharacters = (
  tx: Tx,
  { userId }: Owner,
  characters: number,
  spentAt: Date,
): Promise<void> => returnToQuota(tx, { userId, kind: PAID_CHARACTERS }, characters, spentAt);

/**
 * Makes sure that the characters of a spoken segment are counted. Usually the request of the render has
 * counted them. But if the render ended while the provider spoke, the end took them back, so this
 * function counts them again.
 */
export async function countSpoken(
  tx: Tx,
  owner: Owner,
  { order, characters }: { readonly order: RenderOrder; readonly characters: number },
  { quotas, clock }: Pick<QuotaUse, "quotas" | "clock">,
): Promise<void> {
  if (await renderStore.spendReserved(tx, owner, order, characters)) return;
  if (quotas.paidCharactersPerDay === Infinity) return;
  // Count the characters even if the limit is exceeded, because they are spoken already.
  const unrefused = { ...quotas, paidCharactersPerDay: Number.MAX_SAFE_INTEGER };
  await spendCharacters(tx, owner, characters, { quotas: unrefused, clock });
}

/** Takes back the characters that an ended render counted but did not speak. */
export async function returnUnspoken(
  tx: Tx,
  owner: Owner,
  at: Pick<RenderOrder, "narrationId" | "attempt">,
): Promise<void> {
  const reserved = await renderStore.takeReserved(tx, owner, at);
  if (reserved) await returnCharacters(tx, owner, reserved.characters, reserved.startedAt);
}
