import type { PageRequest } from "../../platform/database/reading/keyset.js";
import {
  type Reader,
  byArguments,
  countLoader,
  listLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { AnalysisEntity } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import type {
  NarrationDetails,
  NarrationEntity,
  NarrationSegmentEntity,
} from "./narration.entity.js";
import { type ListedNarration, type NarrationFilter, narrationStore } from "./narration.store.js";
import { type StoredUnplaced, rebasingStore } from "./rebasing/rebasing.store.js";
import { type PendingScript, pendingScriptStore } from "./script/pending-script.store.js";
import { type OwnScriptFilter, scriptStore } from "./script/script.store.js";

function parsePlace(key: string): { readonly narrationId: string; readonly position: number } {
  const [narrationId = "", position] = key.split(".");
  return { narrationId, position: Number(position) };
}

/** One owner's narrations, batched within one request. */
export const narrationLoaders = (read: Reader, owner: Owner) => ({
  byId: loaderByKey<string, NarrationEntity>(
    read,
    (tx, ids) => narrationStore.byIds(tx, owner, ids),
    ({ id }) => id,
  ),
  detailsById: loaderByKey<string, NarrationDetails & { readonly id: string }>(
    read,
    (tx, ids) => narrationStore.detailsByIds(tx, owner, ids),
    ({ id }) => id,
  ),
  /** Loads an analysis that a script of the owner was made from. null for every other analysis. */
  analysisById: loaderByKey<number, AnalysisEntity>(
    read,
    (tx, ids) => narrationStore.analysesByIds(tx, owner, ids),
    ({ id }) => id,
  ),
  /** Loads the edits that the script had no place for. null if there are none. */
  unplacedEdits: loaderByKey<string, StoredUnplaced>(
    read,
    (tx, ids) => rebasingStore.unplaced(tx, owner, ids),
    ({ id }) => id,
  ),
  /** Loads whether a narration waits for its script. null for a narration that does not wait. */
  pendingScript: loaderByKey<string, PendingScript>(
    read,
    (tx, ids) => pendingScriptStore.byNarrations(tx, owner, ids),
    ({ narrationId }) => narrationId,
  ),
  ofStory: byArguments((args: NarrationFilter & { page: PageRequest }) =>
    pageLoader<number, ListedNarration>(read, (tx, ids) =>
      narrationStore.pagesByStory(tx, owner, ids, args),
    ),
  ),
  countOfStory: byArguments((filter: NarrationFilter) =>
    countLoader<number>(read, (tx, ids) => narrationStore.countsByStory(tx, owner, ids, filter)),
  ),
  page: listLoader(read, (tx, args: NarrationFilter & { page: PageRequest }) =>
    narrationStore.page(tx, owner, args),
  ),
  count: listLoader(read, (tx, filter: NarrationFilter) => narrationStore.count(tx, owner, filter)),
  /** Loads one segment by the key `narrationId.position`. */
  segmentAt: loaderByKey<string, NarrationSegmentEntity>(
    read,
    (tx, keys) => scriptStore.segmentsAt(tx, owner, keys.map(parsePlace)),
    ({ narrationId, position }) => `${narrationId}.${position}`,
  ),
  segments: byArguments((list: OwnScriptFilter & { readonly page: PageRequest }) =>
    pageLoader<string, NarrationSegmentEntity>(read, (tx, ids) =>
      scriptStore.pages(tx, owner, ids, list),
    ),
  ),
  segmentCount: byArguments((filter: OwnScriptFilter) =>
    countLoader<string>(read, (tx, ids) => scriptStore.counts(tx, owner, ids, filter)),
  ),
});
export type NarrationLoaders = ReturnType<typeof narrationLoaders>;
