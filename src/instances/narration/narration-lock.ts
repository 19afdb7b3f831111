import type { Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, NotFoundError, StaleVersionError } from "../../platform/errors.js";
import type { Owner } from "../owner.js";
import { NO_NARRATION, type NarrationEntity, isUnderWay, nameOf } from "./narration.entity.js";
import { narrationStore } from "./narration.store.js";

/** The id of a narration, with the version that its owner read last. */
export interface NarrationAt {
  readonly id: string;
  readonly version: number;
}

/**
 * Locks a narration until the transaction ends.
 * @throws NotFoundError for a narration of another owner
 * @throws StaleVersionError if the narration was changed after its owner read this version
 */
export async function lockNarration(
  tx: Tx,
  owner: Owner,
  at: NarrationAt,
): Promise<NarrationEntity> {
  const narration = await narrationStore.lock(tx, owner, at.id);
  if (!narration) throw new NotFoundError(NO_NARRATION, ["id"]);
  if (narration.version === at.version) return narration;
  throw new StaleVersionError(nameOf(narration), at.version, narration);
}

/**
 * Locks a narration whose script may change.
 * @throws ConflictError while a render is under way, because a script must not change during its render
 */
export async function lockIdle(tx: Tx, owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
  const narration = await lockNarration(tx, owner, at);
  if (!isUnderWay(narration.status)) return narration;
  throw new ConflictError(
    `${nameOf(narration)} is rendering; cancel it before editing.`,
    narration,
  );
}
