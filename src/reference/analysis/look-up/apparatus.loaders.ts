import type { PageRequest } from "../../../platform/database/reading/keyset.js";
import {
  type Loader,
  type Reader,
  byArguments,
  countLoader,
  loaderByKey,
  pageLoader,
} from "../../../platform/database/reading/loaders.js";
import type { TextEdit } from "../../../platform/text/edited-text.js";
import type { StoryApparatusEntity } from "../analysis.entity.js";
import { type ApparatusFilter, type SegmentApparatus, apparatusStore } from "../apparatus.store.js";
import { keyOfPlace, placeKey, placeOf } from "./segment-place.js";

/** Look-ups of what of a text is not the story, batched within one request. */
export const apparatusLoaders = (read: Reader) => {
  const ofSegments: Loader<string, SegmentApparatus | null> = loaderByKey(
    read,
    (tx, keys) => apparatusStore.ofSegments(tx, keys.map(placeOf)),
    keyOfPlace,
  );
  return {
    apparatus: byArguments(({ page, ...filter }: ApparatusFilter & { page: PageRequest }) =>
      pageLoader<number, StoryApparatusEntity>(read, (tx, ids) =>
        apparatusStore.pages(tx, ids, filter, page),
      ),
    ),
    apparatusCount: byArguments((filter: ApparatusFilter) =>
      countLoader<number>(read, (tx, ids) => apparatusStore.counts(tx, ids, filter)),
    ),
    /** Returns the apparatus inside a segment, as edits of the segment's text. */
    apparatusAt: async (analysisId: number, position: number): Promise<readonly TextEdit[]> =>
      (await ofSegments.load(placeKey(analysisId, position)))?.edits ?? [],
  };
};
