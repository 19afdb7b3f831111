import type { Tx } from "../../../platform/database/transactions/database.js";
import { together } from "../../../platform/database/writing/together.js";
import { ConflictError } from "../../../platform/errors.js";
import type { NarrationFiles, PublishedLegacySound } from "../../../reference/index.js";
import { legacySoundStore } from "../../legacy-sound/legacy-sound.store.js";
import { publishLegacySound } from "../../legacy-sound/legacy-sounds.js";
import type { Owner } from "../../owner.js";
import { type NarrationEntity, NarrationStatus, nameOf } from "../narration.entity.js";

/** The sound of an edition, without the sound of its segments. */
export interface PublishedSound {
  readonly audio: NarrationFiles | PublishedLegacySound | null;
  /** True if people can hear the whole edition: as one file, or segment by segment. */
  readonly isComplete: boolean;
  /** True if segments have sound of the legacy platform. */
  readonly hasLegacySegments: boolean;
}

/**
 * Returns the sound of a migrated narration that has no sound of ours.
 * @throws ConflictError if the narration has sound of the legacy platform and its owner changed the
 *   script or the voices here, because people would hear other words than they read
 */
export async function publishOldSound(
  tx: Tx,
  owner: Owner,
  narration: NarrationEntity,
): Promise<PublishedSound> {
  const [[linked], script] = await together([
    legacySoundStore.ofNarrations(tx, owner, [narration.id]),
    legacySoundStore.ofScript(tx, owner, narration.id),
  ]);
  const audio = linked ? publishLegacySound(linked) : null;
  const hasSound = audio !== null || script.spoken > 0;
  // The migration gives a narration no hash of its script.
  const isChanged = narration.scriptHash !== null || script.edited > 0;
  if (hasSound && isChanged) {
    throw new ConflictError(
      `${nameOf(narration)} has the audio of the earlier platform and changed since then; render it again, then publish.`,
      narration,
    );
  }
  const isReady = narration.status === NarrationStatus.Ready;
  const isComplete = isReady || audio !== null || script.spoken === narration.segmentCount;
  return { audio, isComplete, hasLegacySegments: script.spoken > 0 };
}
