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
    await tx.query(
      `UPDATE instances.user_story_narrations SET unplaced_edits = $3
       WHERE user_id = $1 AND id = $2`,
      [owner.userId, narrationId, JSON.stringify(edits)],
    );
    return rebasingStore.unplaced(tx, owner, [narrationId]);
  },
};
