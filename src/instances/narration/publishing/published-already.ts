import type { Tx } from "../../../platform/database/transactions/database.js";
import { hasValues } from "../../../platform/database/writing/has-values.js";
import { type EditionEntity, editionStore } from "../../../reference/index.js";
import { ownerOf } from "../../owner.js";
import type { NarrationEntity } from "../narration.entity.js";
import { type CopiedScript, scriptStore } from "../script/script.store.js";

/**
 * Returns true if the narration has an edition with the same contents as `wanted`, and with the current
 * script. The number and the date of the edition do not count.
 */
export async function isPublishedAlready(
  tx: Tx,
  narration: NarrationEntity,
  { edition: _number, publishedAt: _date, ...contents }: EditionEntity,
  script: CopiedScript,
): Promise<boolean> {
  const owner = ownerOf(narration.userId);
  if (narration.visibility !== contents.visibility) return false;
  const [present] = await editionStore.own(tx, owner.userId, contents.narrationId);
  if (!present || !hasValues(present, contents)) return false;
  return scriptStore.isInEdition(tx, owner, contents.narrationId, script);
}
