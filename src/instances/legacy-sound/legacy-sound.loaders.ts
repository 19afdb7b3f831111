import { type Reader, loaderByKey } from "../../platform/database/reading/loaders.js";
import type { Owner } from "../owner.js";
import type { LegacySoundEntity } from "./legacy-sound.entity.js";
import { type LinkedNarration, legacySoundStore } from "./legacy-sound.store.js";

/** One owner's sound of the legacy platform, batched within one request. */
export const legacySoundLoaders = (read: Reader, owner: Owner) => ({
  /** Loads the file of a link `audio://<id>`. */
  byId: loaderByKey<string, LegacySoundEntity>(
    read,
    (tx, ids) => legacySoundStore.byIds(tx, owner, ids),
    ({ id }) => id,
  ),
  /** Loads a narration's link, with its file. Null if the narration has sound of ours. */
  ofNarration: loaderByKey<string, LinkedNarration>(
    read,
    (tx, ids) => legacySoundStore.ofNarrations(tx, owner, ids),
    ({ narrationId }) => narrationId,
  ),
});
export type LegacySoundLoaders = ReturnType<typeof legacySoundLoaders>;
