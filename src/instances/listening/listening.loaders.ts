import type { PageRequest } from "../../platform/database/reading/keyset.js";
import { type Reader, listLoader, loaderByKey } from "../../platform/database/reading/loaders.js";
import { type NarrationView, isOwn } from "../narration/narration-view.js";
import type { Owner } from "../owner.js";
import { listeningStore } from "./listening.store.js";
import { type ReadNarration, narrationPlaceStore } from "./narration-place.store.js";
import type { LinePlace } from "./places.js";
import { resumption } from "./resumption.js";
import { ListeningPosition } from "./saved-place.js";

/** Where a narration goes on. */
export interface Resumption extends LinePlace {
  readonly narrationId: string;
}

const keyOf = (narration: NarrationView): string => {
  const { id, userId, referenceStoryId, analysisId, segmentCount } = narration;
  const read: ReadNarration = {
    ...{ id, userId, referenceStoryId, analysisId, segmentCount },
    isOwn: isOwn(narration),
  };
  return JSON.stringify(read);
};

/** One listener's places, batched within one request. */
export const listeningLoaders = (read: Reader, owner: Owner) => {
  const resumed = loaderByKey<string, Resumption & { readonly key: string }>(
    read,
    async (tx, keys) => {
      const narrations = new Map(
        keys.map((key) => [(JSON.parse(key) as ReadNarration).id, key] as const),
      );
      const rows = await narrationPlaceStore.resumed(
        tx,
        owner,
        [...narrations.values()].map((key) => JSON.parse(key) as ReadNarration),
      );
      return rows.map((row) => ({
        key: narrations.get(row.narrationId) ?? "",
        narrationId: row.narrationId,
        ...resumption(row),
      }));
    },
    ({ key }) => key,
  );
  return {
    ofStory: loaderByKey<number, ListeningPosition>(
      read,
      async (tx, ids) =>
        (await listeningStore.byStories(tx, owner, ids)).map((row) => new ListeningPosition(row)),
      ({ referenceStoryId }) => referenceStoryId,
    ),
    /** Returns where a narration goes on. null if no place in its story is saved. */
    resumed: (narration: NarrationView): Promise<Resumption | null> =>
      resumed.load(keyOf(narration)),
    begunPage: listLoader(read, (tx, page: PageRequest) =>
      listeningStore.begunPage(tx, owner, page),
    ),
    begunCount: listLoader(read, (tx) => listeningStore.begunCount(tx, owner)),
  };
};
