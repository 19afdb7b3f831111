import {
  type Reader,
  byArguments,
  countLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { PageRequest } from "../../platform/database/reading/keyset.js";
import type { EditionEntity, EditionSegmentEntity } from "./edition.entity.js";
import { type EditionPlace, type ScriptFilter, editionStore } from "./edition.store.js";

function parsePlace(key: string): EditionPlace {
  const [narrationId = "", position] = key.split(".");
  return { narrationId, position: Number(position) };
}

/** Look-ups of published narrations, batched within one request. */
export const editionLoaders = (read: Reader) => ({
  byNarrationId: loaderByKey<string, EditionEntity>(
    read,
    editionStore.publicByNarrationIds,
    ({ narrationId }) => narrationId,
  ),
  byShareTokenHash: loaderByKey<string, EditionEntity>(
    read,
    editionStore.byShareTokenHashes,
    ({ shareTokenHash }) => shareTokenHash ?? "",
  ),
  ofStory: byArguments((page: PageRequest) =>
    pageLoader<number, EditionEntity>(read, (tx, ids) => editionStore.pagesByStory(tx, ids, page)),
  ),
  countOfStory: countLoader<number>(read, editionStore.countsByStory),
  /** Loads one segment by the key `narrationId.position`. */
  segmentAt: loaderByKey<string, EditionSegmentEntity>(
    read,
    (tx, keys) => editionStore.segmentsAt(tx, keys.map(parsePlace)),
    ({ narrationId, position }) => `${narrationId}.${position}`,
  ),
  ofNarrator: byArguments((page: PageRequest) =>
    pageLoader<string, EditionEntity>(read, (tx, ids) =>
      editionStore.pagesByNarrator(tx, ids, page),
    ),
  ),
  countOfNarrator: countLoader<string>(read, editionStore.countsByNarrator),
  segments: byArguments((list: ScriptFilter & { readonly page: PageRequest }) =>
    pageLoader<string, EditionSegmentEntity>(read, (tx, ids) =>
      editionStore.segmentPages(tx, ids, list),
    ),
  ),
  segmentCount: byArguments((filter: ScriptFilter) =>
    countLoader<string>(read, (tx, ids) => editionStore.segmentCounts(tx, ids, filter)),
  ),
});
