import { createHash } from "node:crypto";
import type { Tx } from "../../platform/database/database.js";
import { ConflictError, InvalidInputError, NotFoundError } from "../../platform/errors.js";
import { sortedJson } from "../../platform/sorted-json.js";
import type { Owner } from "../owner.js";
import { idempotencyStore } from "./idempotency.store.js";

/** A request that its sender may repeat without its being done twice. */
export interface IdempotentRequest {
  /** The mutation's name. */
  readonly operation: string;
  /** The sender's own, 1-200 characters. */
  readonly key: string;
  /** Of everything else in the request: one key is for one request. */
  readonly requestHash: string;
}

const MAX_KEY_LENGTH = 200;
/** As Stripe keeps them. */
const KEPT_MS = 24 * 3_600_000;

/** @throws InvalidInputError for an empty or overlong key */
export function readIdempotentRequest(
  operation: string,
  { idempotencyKey: key, ...request }: { readonly idempotencyKey?: string | null },
): IdempotentRequest | undefined {
  if (key === null || key === undefined) return undefined;
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new InvalidInputError(`idempotencyKey must have 1 to ${MAX_KEY_LENGTH} characters.`, [
      "idempotencyKey",
    ]);
  }
  const requestHash = createHash("sha256").update(sortedJson(request)).digest("hex");
  return { operation, key, requestHash };
}

/**
 * Does `make`, unless the same request was done within a day: then it answers with what that made, as it is now.
 * Equal requests at once wait for the first. A failed one keeps nothing and may be repeated.
 * @throws ConflictError where the key came with another request, NotFoundError where what it made is gone
 */
export async function runIdempotently<T extends { readonly id: string }>(
  { tx, owner, now }: { readonly tx: Tx; readonly owner: Owner; readonly now: Date },
  request: IdempotentRequest | undefined,
  { make, reread }: { make: () => Promise<T>; reread: (id: string) => Promise<T | undefined> },
): Promise<T> {
  if (!request) return make();
  await idempotencyStore.forgetBefore(tx, owner, new Date(now.getTime() - KEPT_MS));
  if (await idempotencyStore.take(tx, owner, request)) {
    const made = await make();
    await idempotencyStore.answer(tx, owner, request, { id: made.id });
    return made;
  }
  const earlier = await idempotencyStore.find(tx, owner, request);
  if (earlier?.requestHash !== request.requestHash || !earlier.response) {
    throw new ConflictError(
      `The idempotencyKey ${JSON.stringify(request.key)} was used for another ${request.operation}; use a new key for a new request.`,
    );
  }
  const current = await reread(earlier.response.id);
  if (current) return current;
  throw new NotFoundError(
    `What the idempotencyKey ${JSON.stringify(request.key)} made was deleted since; use a new key to make another.`,
  );
}
