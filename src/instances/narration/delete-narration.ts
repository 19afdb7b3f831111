import type { Tx } from "../../platform/database/transactions/database.js";
import { together } from "../../platform/database/writing/together.js";
import { editionStore } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import type { NarrationEntity } from "./narration.entity.js";
import { narrationStore } from "./narration.store.js";
import { pendingScriptStore } from "./script/pending-script.store.js";

/** What a deletion needs from rendering. */
export interface RendersUnderWay {
  /** Ends the render under way of a locked narration. Does nothing if no render is under way. */
  endRender(tx: Tx, owner: Owner, narration: NarrationEntity): Promise<void>;
}

export interface DeletionDependencies {
  readonly renders: RendersUnderWay;
  readonly sweepSoon: SweepSoon;
}

/**
 * Deletes a locked narration with its script and its edition. The caller holds the lock of the owner, and
 * afterwards removes the files of the legacy platform that no other row needs.
 */
export async function deleteLocked(
  tx: Tx,
  owner: Owner,
  narration: NarrationEntity,
  { renders, sweepSoon }: DeletionDependencies,
): Promise<void> {
  await renders.endRender(tx, owner, narration);
  await together([
    editionStore.remove(tx, owner.userId, narration.id),
    pendingScriptStore.remove(tx, owner, narration.id),
    narrationStore.remove(tx, owner, narration.id),
    sweepSoon(tx, owner),
  ]);
}
