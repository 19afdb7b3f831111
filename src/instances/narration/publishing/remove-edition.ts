import type { Tx } from "../../../platform/database/transactions/database.js";
import { editionStore } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import type { SweepSoon } from "../../sweep-soon.js";
import { type NarrationEntity, NarrationVisibility } from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";

/**
 * Removes the edition of a locked narration. Afterwards only the owner can read the narration, and all
 * earlier URLs of its sound end. Returns the changed narration.
 */
export async function removeEdition(
  tx: Tx,
  owner: Owner,
  narration: NarrationEntity,
  sweepSoon: SweepSoon,
): Promise<NarrationEntity> {
  await editionStore.remove(tx, owner.userId, narration.id);
  await sweepSoon(tx, owner);
  const { visibility, unpublishedCount } = narration;
  const wasPublished = visibility !== NarrationVisibility.Private;
  return narrationStore.update(tx, owner, narration, {
    visibility: NarrationVisibility.Private,
    unpublishedCount: unpublishedCount + (wasPublished ? 1 : 0),
    shareToken: null,
    publishedAt: null,
  });
}
