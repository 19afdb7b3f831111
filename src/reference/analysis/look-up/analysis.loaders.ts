import {
  type Loader,
  type Reader,
  byArguments,
  countLoader,
  loaderByKey,
  pageLoader,
} from "../../../platform/database/reading/loaders.js";
import type { PageRequest } from "../../../platform/database/reading/keyset.js";
import type { SharedRows } from "../../../platform/database/reading/shared-rows.js";
import type { StoryEntity } from "../../story/story.entity.js";
import type { AnalysisEntity, StorySegmentEntity } from "../analysis.entity.js";
import { type CurrentAnalysis, type SegmentFilter, analysisStore } from "../analysis.store.js";
import { apparatusLoaders } from "./apparatus.loaders.js";
import type { ListedAnalyses } from "./listed-analyses.js";
import { keyOfPlace, placeKey, placeOf } from "./segment-place.js";
import { stateLoaders } from "./analysis-states.loaders.js";
import { textKey, textOf } from "./text-key.js";

type PromiseOr<T> = T | Promise<T>;

const readyOf = (current: CurrentAnalysis | null): AnalysisEntity | null => current?.ready ?? null;

/** Look-ups of analyses and their segments, batched within one request. */
export const analysisLoaders = (
  read: Reader,
  analyses: SharedRows<AnalysisEntity>,
  listedAnalyses: ListedAnalyses,
) => {
  const byText: Loader<string, CurrentAnalysis | null> = loaderByKey(
    read,
    (tx, keys) => analysisStore.currentByText(tx, keys.map(textOf), analyses),
    textKey,
  );
  const segmentsAt: Loader<string, StorySegmentEntity | null> = loaderByKey(
    read,
    (tx, keys) => analysisStore.segmentsAt(tx, keys.map(placeOf)),
    keyOfPlace,
  );
  /**
   * Returns the state of the analysis of a story's text. Returns null if no analysis was requested. Returns
   * a promise only if a statement must read the state.
   */
  const current = (story: StoryEntity): PromiseOr<CurrentAnalysis | null> => {
    const { contentHash, language } = story;
    if (contentHash === null) return null;
    const listed = listedAnalyses.currentOf(story);
    return listed === undefined ? byText.load(textKey({ contentHash, language })) : listed;
  };
  return {
    ...apparatusLoaders(read),
    ...stateLoaders(read),
    current,
    /** Returns the best ready analysis of a story's text, like `current`. */
    ready: (story: StoryEntity): PromiseOr<AnalysisEntity | null> => {
      const found = current(story);
      return found instanceof Promise ? found.then(readyOf) : readyOf(found);
    },
    byId: loaderByKey<number, AnalysisEntity>(
      read,
      (tx, ids) => analysisStore.byIds(tx, ids, analyses),
      ({ id }) => id,
    ),
    readableById: loaderByKey<number, AnalysisEntity>(
      read,
      analysisStore.readableByIds,
      ({ id }) => id,
    ),
    segments: byArguments(({ page, ...filter }: SegmentFilter & { page: PageRequest }) =>
      pageLoader<number, StorySegmentEntity>(read, (tx, ids) =>
        analysisStore.segmentPages(tx, ids, filter, page),
      ),
    ),
    segmentCount: byArguments((filter: SegmentFilter) =>
      countLoader<number>(read, (tx, ids) => analysisStore.segmentCounts(tx, ids, filter)),
    ),
    segmentAt: (analysisId: number, position: number): Promise<StorySegmentEntity | null> =>
      segmentsAt.load(placeKey(analysisId, position)),
  };
};
