import type { Tx } from "../../../platform/database/transactions/database.js";
import { editionStore } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import type { SweepSoon } from "../../sweep-soon.js";
import { type NarrationEntity, NarrationVisibility } from "../narration.entity.js";
import type { NarrationValues } from "../narration.store.js";

/**
 * Removes the edition of a locked narration. Returns the values to write into the narration. Afterwards
 * only the owner can read the narration, and all earlier URLs of its sound end.
 */
export async function removeEdition(
  tx: Tx,
  owner: Owner,
  { id, visibility, unpublishedCount }: NarrationEntity,
  sweepSoon: SweepSoon,
): Promise<NarrationValues> {
  await editionStore.remove(tx, owner.userId, id);
  await sweepSoon(tx, owner);
  const wasPublished = visibility !== NarrationVisibility.Private;
  return {
    visibility: NarrationVisibility.Private,
    unpublishedCount: unpublishedCount + (wasPublished ? 1 : 0),
    shareToken: null,
    publishedAt: null,
  };
}
