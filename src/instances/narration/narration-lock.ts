import type { Tx } from "../../platform/database/transactions/database.js";
import { NotFoundError, StaleVersionError } from "../../platform/errors.js";
import type { Owner } from "../owner.js";
import { NO_NARRATION, type NarrationEntity, nameOf } from "./narration.entity.js";
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
