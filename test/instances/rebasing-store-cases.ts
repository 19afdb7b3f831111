import { narrationStore } from "../../src/instances/narration/narration.store.js";
import { rebasingStore } from "../../src/instances/narration/rebasing/rebasing.store.js";
import {
  NOTHING_UNPLACED,
  UnplacedReason,
} from "../../src/instances/narration/rebasing/unplaced-edit.js";
import type { CasesOf } from "./store-case.js";

export const rebasingCases: CasesOf<typeof rebasingStore> = {
  script: (tx, owner, rows) => rebasingStore.script(tx, owner, rows.narrationId),
  write: (tx, owner, rows) => rebasingStore.write(tx, owner, rows.narrationId, []),
  unplaced: async (tx, owner, { narrationId }) => {
    const edits = [{ ...NOTHING_UNPLACED, reason: UnplacedReason.TextChanged }];
    const locked = { id: narrationId, version: 1 };
    await narrationStore.update(tx, owner, locked, { unplacedEdits: edits });
    return rebasingStore.unplaced(tx, owner, [narrationId]);
  },
};
