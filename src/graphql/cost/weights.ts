/**
 * Costs of single fields. Every object costs 1 and every scalar costs 0 without an entry here.
 * `test/graphql/cost/weights.test.ts` reports unknown names and missing lists.
 */

/** The cost of a field in addition to its objects: long texts, rows read for the field, CPU work. */
export const FIELD_COSTS: Readonly<Record<string, number>> = {
  "Query.node": 1, // reads the viewer's own narration and the edition
  "Query.nodes": 1,
  "Query.narration": 1,
  "ReferenceStory.content": 100, // up to 2,000,000 characters
  "ReferenceStory.excerpt": 1,
  "ReferenceStory.chapters": 1,
  "ReferenceStory.wordCount": 1,
  "ReferenceStory.readingTimeSeconds": 1,
  "ReferenceStory.analysisStatus": 1,
  "ReferenceStory.voiceModulationTemplates": 1, // reads the analysis first
  "UserStoryNarration.isOutdated": 2,
  "UserStoryNarration.progress": 1,
  "UserStoryNarration.renderEstimate": 100, // reads the whole script; ROW_COSTS adds long scripts
  "NarrationSegment.prosody": 1,
  "NarrationSegment.isStale": 3,
  "NarrationSegment.audio": 4,
  "NarrationSegment.degraded": 4,
  "Voice.sampleUrl": 20, // the first request speaks the sample
  "Mutation.previewVoice": 200, // speaks the text during the request
  "Mutation.renderNarration": 200,
  "Mutation.createStory": 100,
  "Mutation.importStory": 100,
  "Mutation.updateStory": 100,
  "Mutation.publishStory": 100,
  "Mutation.createNarration": 100,
  "Mutation.publishNarration": 100,
};

/** The cost of counting a list. */
export const TOTAL_COUNT_COST = 10;

/** The cost of a mutation without an entry above. */
export const MUTATION_COST = 20;

/** The cost of reading a subscription's state, for each event. */
export const SUBSCRIPTION_COST = 5;

/**
 * The expected number of entries of each list without a page. If a list has more entries, the
 * ledger adds them to the operation's cost.
 */
export const LIST_SIZES: Readonly<Record<string, number>> = {
  "ReferenceStory.chapters": 20,
  "StoryAnalysis.characters": 20,
  "StorySegment.modulations": 4,
  "StorySegment.sounds": 4,
  "UserStoryNarration.cast": 8,
  "VoiceModifications.emotions": 8,
  "VoiceModifications.characters": 8,
  "VoiceModifications.lexicon": 20,
  "NarrationSegment.degraded": 11, // the number of features that a voice can lack
  "NarrationSegmentAudio.words": 50,
  "NarrationAudio.chapters": 20,
  "RenderEstimate.silentSegments": 8,
  "RenderEstimate.unavailableVoices": 8,
  "VoicePreview.degraded": 11,
  "Payload.userErrors": 1,
};

/** The expected number of entries of a list without an entry above. */
export const UNKNOWN_LIST_SIZE = 100;

/** Lists with one entry for each value of an argument. */
export const SIZED_BY_ARGUMENT: Readonly<Record<string, string>> = { "Query.nodes": "ids" };

/** The parent's member that holds the number of rows a field reads. Rows beyond the field's cost are added. */
export const ROW_COSTS: Readonly<Record<string, string>> = {
  "UserStoryNarration.renderEstimate": "segmentCount",
};
