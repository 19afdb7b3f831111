import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import { emotionVoiceStore } from "../emotion-voice.store.js";
import { type EnqueueCleanup, discardClones } from "../../vendor-voice/vendor-clones.js";

/**
 * Deletes the emotion voices that a later revision has replaced, and their clones. Do not call this while a
 * render of the owner is under way, because the render may speak with an earlier revision.
 */
export async function forgetSuperseded(
  tx: Tx,
  owner: Owner,
  enqueueCleanup: EnqueueCleanup,
): Promise<void> {
  const labels = await emotionVoiceStore.forgetSuperseded(tx, owner);
  await discardClones(tx, owner, labels, enqueueCleanup);
}
