/**
 * Reference data: made once, shared by everyone, without owner. Other areas import this area only
 * through this file.
 */
import { type Reader, loaderByKey } from "../platform/database/reading/loaders.js";
import type { RowCache } from "../platform/database/reading/row-cache.js";
import { sharedRows } from "../platform/database/reading/shared-rows.js";
import { analysisLoaders } from "./analysis/look-up/analysis.loaders.js";
import { ListedAnalyses } from "./analysis/look-up/listed-analyses.js";
import {
  AnalysisEntity,
  AnalysisStatus,
  StoryApparatusEntity,
  StorySegmentEntity,
} from "./analysis/analysis.entity.js";
import { editionLoaders } from "./edition/edition.loaders.js";
import { EditionEntity, EditionSegmentEntity } from "./edition/edition.entity.js";
import { type Rendition, RenditionEntity } from "./rendition/rendition.entity.js";
import { renditionStore } from "./rendition/rendition.store.js";
import { storyLoaders } from "./story/story.loaders.js";
import { StoryEntity, StoryTextEntity, StoryVisibility } from "./story/story.entity.js";
import { KeptTemplatePages } from "./voice-modulation/kept-template-pages.js";
import { templateLoaders } from "./voice-modulation/template.loaders.js";
import { OccurrenceEntity, TemplateEntity } from "./voice-modulation/template.entity.js";

export const referenceEntities = [
  StoryEntity,
  StoryTextEntity,
  AnalysisEntity,
  StorySegmentEntity,
  StoryApparatusEntity,
  TemplateEntity,
  OccurrenceEntity,
  EditionEntity,
  EditionSegmentEntity,
  RenditionEntity,
];

/**
 * Returns every loader of reference data, for one request. With a cache, the loaders take public stories,
 * ready analyses and templates from it. Texts, drafts and editions are never in the cache.
 */
export const referenceLoaders = (read: Reader, cache: RowCache | null = null) => {
  const analyses = sharedRows(
    AnalysisEntity,
    cache,
    ({ status }) => status === AnalysisStatus.Ready,
  );
  const listedAnalyses = new ListedAnalyses(analyses);
  const isPublic = ({ visibility }: StoryEntity): boolean => visibility === StoryVisibility.Public;
  const analysesOfRequest = analysisLoaders(read, analyses, listedAnalyses);
  return {
    stories: storyLoaders(read, sharedRows(StoryEntity, cache, isPublic, listedAnalyses)),
    analyses: analysesOfRequest,
    templates: templateLoaders(read, {
      templates: sharedRows(TemplateEntity, cache, () => true),
      ready: analysesOfRequest.ready,
      kept: new KeptTemplatePages(cache, listedAnalyses),
    }),
    editions: editionLoaders(read),
    /** Shared renditions by their key, the hash of the recipe. */
    renditions: loaderByKey<string, Rendition>(
      read,
      (tx, keys) => renditionStore.byKeys(tx, keys),
      ({ recipeKey }) => recipeKey,
    ),
  };
};
export type ReferenceLoaders = ReturnType<typeof referenceLoaders>;

export { AnalysisStatus };
export {
  ANALYSIS_JOB,
  MODEL_ANALYSIS_JOB,
  analysisJob,
  analysisTurn,
  findAnalysesWithoutJob,
  modelAnalysisJob,
  queueAnalyses,
} from "./analysis/running/analysis.job.js";
export { ANALYSIS_CHANNEL, AnalyserKind } from "./analysis/running/analysers.js";
export type { AnalysisDegradation } from "./analysis/analysis.entity.js";
export { AnalysisRequest, AnalysisService } from "./analysis/analysis.service.js";
export { EMBEDDED, embeddedAnalyser } from "./analysis/running/embedded-analyser.js";
export { ModelAnalyser, type ModelLimits } from "./analysis/model/model-analyser.js";
export type { PlannedReading } from "./analysis/model/read-with-model.worker.js";
export { type PackedAnalysis, packAnalysis } from "./analysis/running/packed-analysis.js";
export { untilAnalysed } from "./analysis/until-analysed.js";
export { type AnalysedLine, analysisStore, selectAnalysisOf } from "./analysis/analysis.store.js";
export { type AnalysisDocument, analyseText } from "./analysis/analyser/index.js";
export { analyseWithModel } from "./analysis/model/analyse-with-model.js";
export {
  EditionVisibility,
  NARRATION_FILES,
  type NarrationCredit,
  type NarrationLineage,
  type PublishedLegacySound,
  isLegacySound,
  type NarrationFiles,
  type PublishedVoice,
  type SegmentSound,
  type SpokenEdit,
} from "./edition/edition.entity.js";
export { catalogueSampleJob } from "./catalogue-sample/catalogue-sample.job.js";
export { CatalogueSamples } from "./catalogue-sample/catalogue-sample.service.js";
export { CATALOGUE_SAMPLE_JOB } from "./catalogue-sample/sample-order.js";
export { sampleText } from "./catalogue-sample/sample-texts.js";
export { type ScriptFilter, editionStore } from "./edition/edition.store.js";
export type { Degradation, Rendition, SpokenWord } from "./rendition/rendition.entity.js";
export { type Recipe, recipeKeyOf } from "./rendition/recipe.js";
export { renditionOf } from "./rendition/rendition-of.js";
export { renditionStore } from "./rendition/rendition.store.js";
export { ApparatusKind } from "./reading/span.js";
export { inlineApparatus } from "./reading/inline-apparatus.js";
export { segmentApparatus } from "./analysis/apparatus.store.js";
export { MAX_FILE_BYTES, STORY_FILE_NAME } from "./import/file-kind.js";
export { readStoryFile } from "./import/read-story-file.js";
export type { ImportedStory, StoryFile } from "./import/story-file.js";
export type { ChapterHeading } from "./reading/chapters/chapters.js";
export { type TextMeasures, measureText } from "./story/measure-text.js";
export { NO_STORY, nameOfStory } from "./story/story-names.js";
export { StoryVisibility };
export { AGE_RATINGS, LICENSES, type NewStory, checkStory } from "./story/story-input.js";
export { requireEncoding } from "./import/encoding.js";
export { MAX_TEXT_LENGTH, contentHashOf, storyText } from "./story/story-text.js";
export {
  type StoryCoverBlob,
  type StoryDependencies,
  StoryService,
} from "./story/story.service.js";
export type { LengthRange, StoryFilter } from "./story/listing/story-conditions.js";
export { StoryOrder, orderOf, sortTypeOf } from "./story/listing/story-order.js";
export { storyStore } from "./story/story.store.js";
export type { MeasuredText } from "./story/text-measurer.js";
export {
  isNeutral,
  isTrainable,
  isWhispered,
  leastSpeechSeconds,
  promptsOf,
} from "./voice-modulation/recording-prompts.js";
export {
  DELIVERED_EMOTIONS,
  deliveryOfTemplate,
  emotionKeyOf,
  explainUnknownEmotion,
  nearestEmotion,
} from "./voice-modulation/emotions.js";
export { ModulationType } from "./voice-modulation/template.entity.js";
export { type OccurringTemplate, templateStore } from "./voice-modulation/template.store.js";
export {
  AnalysisEntity,
  EditionEntity,
  EditionSegmentEntity,
  StoryApparatusEntity,
  StoryEntity,
  StorySegmentEntity,
  StoryTextEntity,
  TemplateEntity,
};
