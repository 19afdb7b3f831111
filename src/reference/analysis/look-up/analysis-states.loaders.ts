import { type Reader, loaderByKey } from "../../../platform/database/reading/loaders.js";
import type { StoryEntity } from "../../story/story.entity.js";
import { MODEL_ANALYSER_ID } from "../running/analysers.js";
import type { AnalysisEntity, AnalysisStatus } from "../analysis.entity.js";
import type { AnalysedText } from "../analysis.store.js";
import { type AnalysisProgress, analysisStatesStore } from "./analysis-states.store.js";
import { textKey, textOf } from "./text-key.js";

/** How far the analysis of a story is. */
export interface StoryProgress {
  readonly status: AnalysisStatus;
  /** The share that is done, 0-1. */
  readonly fraction: number;
}

const FRACTIONS: Readonly<Record<AnalysisStatus, number>> = {
  pending: 0,
  running: 0.5,
  ready: 1,
  failed: 1,
};

/** A language model begins when the embedded analysis, the first half, is ready. */
const fractionOf = ({ status, analyserId, progress }: AnalysisProgress): number =>
  analyserId === MODEL_ANALYSER_ID && FRACTIONS[status] < 1
    ? 0.5 + progress / 2
    : FRACTIONS[status];

/** Look-ups of the analyses of stories beside the best one, batched within one request. */
export const stateLoaders = (read: Reader) => {
  const progress = loaderByKey<string, AnalysedText & AnalysisProgress>(
    read,
    (tx, keys) => analysisStatesStore.progressByText(tx, keys.map(textOf)),
    textKey,
  );
  const all = loaderByKey<string, AnalysedText & { readonly ready: readonly AnalysisEntity[] }>(
    read,
    async (tx, keys) => {
      const ready = await analysisStatesStore.readyByText(tx, keys.map(textOf));
      const byKey = Map.groupBy(ready, textKey);
      return [...byKey].map(([key, ofText]) => ({ ...textOf(key), ready: ofText }));
    },
    textKey,
  );
  return {
    /** Returns how far the analysis of a story's text is. Returns null if no analysis was requested. */
    progress: async ({ contentHash, language }: StoryEntity): Promise<StoryProgress | null> => {
      if (contentHash === null) return null;
      const found = await progress.load(textKey({ contentHash, language }));
      return found && { status: found.status, fraction: fractionOf(found) };
    },
    /** Returns the ready analyses of a story's text, the best first. */
    allReady: async ({ contentHash, language }: StoryEntity): Promise<readonly AnalysisEntity[]> =>
      contentHash === null
        ? []
        : ((await all.load(textKey({ contentHash, language })))?.ready ?? []),
  };
};
