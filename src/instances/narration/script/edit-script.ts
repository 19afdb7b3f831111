import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import type { CheckedEdit } from "../narration-input.js";
import type { NarrationEntity } from "../narration.entity.js";
import { combineHashes } from "./script-hash.js";
import { type ScriptChange, segmentEditStore } from "./segment-edit.store.js";

/** Writes the edits with at most two statements: one for all changes, one for all resets. */
export async function editScript(
  tx: Tx,
  owner: Owner,
  { id, analysisId }: NarrationEntity,
  edits: readonly CheckedEdit[],
): Promise<ScriptChange> {
  const changes = edits.flatMap(({ index: position, values }) =>
    values ? [{ position, values }] : [],
  );
  const positions = edits.flatMap(({ index, values }) => (values ? [] : [index]));
  const done: ScriptChange[] = [];
  if (changes.length > 0) done.push(await segmentEditStore.write(tx, owner, id, changes));
  if (positions.length > 0) {
    const reset = { analysisId: analysisId ?? 0, positions };
    done.push(await segmentEditStore.reset(tx, owner, id, reset));
  }
  return {
    missing: done.flatMap(({ missing }) => missing),
    isChanged: done.some(({ isChanged }) => isChanged),
    hashChange: combineHashes(done.map(({ hashChange }) => hashChange)),
  };
}
