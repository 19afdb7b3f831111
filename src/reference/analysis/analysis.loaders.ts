import {
  type Loader,
  type Reader,
  byArguments,
  countLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { PageRequest } from "../../platform/database/reading/keyset.js";
import type { SharedRows } from "../../platform/database/reading/shared-rows.js";
import type { AnalysisEntity, StorySegmentEntity } from "./analysis.entity.js";
import {
  type AnalysedText,
  type CurrentAnalysis,
  type SegmentFilter,
  analysisStore,
} from "./analysis.store.js";

const textKey = ({ contentHash, language }: AnalysedText): string => `${contentHash} ${language}`;
const textOf = (key: string): AnalysedText => {
  const [contentHash = "", language = ""] = key.split(" ");
  return { contentHash, language };
};

const placeKey = (analysisId: number, position: number): string => `${analysisId} ${position}`;
const placeOf = (key: string): { analysisId: number; position: number } => {
  const [analysisId, position] = key.split(" ").map(Number);
  return { analysisId: analysisId ?? 0, position: position ?? 0 };
};

/** Look-ups of analyses and their segments, batched within one request. */
export const analysisLoaders = (read: Reader, analyses: SharedRows<AnalysisEntity>) => {
  const current: Loader<string, CurrentAnalysis | null> = loaderByKey(
    read,
    (tx, keys) => analysisStore.currentByText(tx, keys.map(textOf), analyses),
    textKey,
  );
  const segmentsAt: Loader<string, StorySegmentEntity | null> = loaderByKey(
    read,
    (tx, keys) => analysisStore.segmentsAt(tx, keys.map(placeOf)),
    ({ analysisId, position }) => placeKey(analysisId, position),
  );
  return {
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
    /**
     * Returns the state of the analysis of a story's text. Returns null if no analysis was
     * requested.
     */
    current: async (text: {
      readonly contentHash: string | null;
      readonly language: string;
    }): Promise<CurrentAnalysis | null> =>
      text.contentHash === null
        ? null
        : current.load(textKey({ contentHash: text.contentHash, language: text.language })),
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
