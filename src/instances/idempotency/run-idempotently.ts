import { createHash } from "node:crypto";
import type { Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, InvalidInputError, NotFoundError } from "../../platform/errors.js";
import { sortedJson } from "../../platform/sorted-json.js";
import type { Owner } from "../owner.js";
import { idempotencyStore } from "./idempotency.store.js";

/** A request that its sender may repeat. The server runs the request once. */
export interface IdempotentRequest {
  /** The mutation's name. */
  readonly operation: string;
  /** The key that the sender chose, 1-200 characters. */
  readonly key: string;
  /**
   * The sha256 of the request without its key. A second request with this key must have an equal hash.
   */
  readonly requestHash: string;
}

const MAX_KEY_LENGTH = 200;
/** How long the server keeps a key. Stripe also keeps its idempotency keys for 24 hours. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Returns the mutation's name, the key and the hash of a request. Returns undefined if the request has
 * no key.
 * @throws InvalidInputError for an empty key or a key of more than 200 characters
 */
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
 * Runs `make`, unless an equal request with this key succeeded within the last 24 hours. After such a
 * request, returns the current state of the object that the request made. If an equal request with this
 * key still runs, waits for the end of that request. A failed request stores nothing, so the sender can
 * repeat the request.
 * @throws ConflictError if the key was used for a different request
 * @throws NotFoundError if the object made by the earlier request was deleted
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
      `The idempotencyKey ${JSON.stringify(request.key)} was used for a different ${request.operation}; use a new key for a new request.`,
      null,
      { inputPath: ["idempotencyKey"] },
    );
  }
  const current = await reread(earlier.response.id);
  if (current) return current;
  throw new NotFoundError(
    `The result of the request with the idempotencyKey ${JSON.stringify(request.key)} was deleted; send the request with a new key to repeat it.`,
    ["idempotencyKey"],
  );
}
