import { reshapeStore } from "../../src/instances/narration/script/reshape.store.js";
import type { CasesOf } from "./store-case.js";

/** Removes the first segment of Ada's script. */
export const reshapeCases: CasesOf<typeof reshapeStore> = {
  reshape: async (tx, owner, { narrationId: id }) => {
    const change = { removed: [0], added: [] };
    const hash = await reshapeStore.reshape(tx, owner, { id, segmentCount: 2 }, change);
    return /[^0]/.test(hash);
  },
};
