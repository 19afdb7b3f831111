import {
  type Reader,
  byArguments,
  countLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { PageRequest } from "../../platform/database/reading/keyset.js";
import type { EditionEntity, EditionSegmentEntity } from "./edition.entity.js";
import { editionStore } from "./edition.store.js";

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
  segments: byArguments((page: PageRequest) =>
    pageLoader<string, EditionSegmentEntity>(read, (tx, ids) =>
      editionStore.segmentPages(tx, ids, page),
    ),
  ),
});
