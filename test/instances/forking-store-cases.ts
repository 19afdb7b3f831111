import type { Owner } from "../../src/instances/index.js";
import { forkScriptStore } from "../../src/instances/narration/forking/fork-script.store.js";
import { narrationStore } from "../../src/instances/narration/narration.store.js";
import type { Tx } from "../../src/platform/database/transactions/database.js";
import type { CasesOf, OwnedRows } from "./store-case.js";

export const forkScriptCases: CasesOf<typeof forkScriptStore> = {
  copyOwn: async (tx, owner, rows) => {
    const { id } = await forkScriptTarget(tx, owner, rows);
    const parentId = rows.narrationId;
    return forkScriptStore.copyOwn(tx, owner, { narrationId: id, parentId, keptVoices: [] });
  },
  copyEdition: async (tx, owner, rows) => {
    const { id } = await forkScriptTarget(tx, owner, rows);
    const { narrationId, analysisId } = rows;
    const parent = { userId: "ada", narrationId, edition: 1, analysisId };
    return forkScriptStore.copyEdition(tx, owner, { narrationId: id, parent, keptVoices: [] });
  },
};

const forkScriptTarget = (tx: Tx, owner: Owner, { storyId }: OwnedRows) =>
  narrationStore.insert(tx, owner, {
    referenceStoryId: storyId,
    ...{ narratorVoice: "flite:slt", narratorVoiceName: "Sally", narratorVoiceType: "ai" },
  });
