/**
 * The costs of fields and lists. Without an entry in this file, an object costs 1 and a scalar costs 0.
 * `test/graphql/cost/weights.test.ts` reports unknown names and missing lists.
 */

/** A field's cost in addition to the cost of its objects, for long texts, rows read or CPU work. */
export const FIELD_COSTS: Readonly<Record<string, number>> = {
  "Query.node": 1, // a narration needs two reads: the viewer's own row and the edition
  "Query.nodes": 1,
  "Query.narration": 1,
  "User.preferredLanguage": 1,
  "ReferenceStory.content": 100, // up to 2,000,000 characters
  "ReferenceStory.excerpt": 1,
  "ReferenceStory.chapters": 1,
  "ReferenceStory.wordCount": 1,
  "ReferenceStory.readingTimeSeconds": 1,
  "ReferenceStory.analysisStatus": 1,
  "ReferenceStory.analyses": 1,
  "ReferenceStory.voiceModulationTemplates": 1, // also reads the analysis
  "StorySegment.spokenText": 1,
  "StoryApparatus.text": 5, // reads the analysis and the whole text once for all parts
  "UserStoryNarration.isOutdated": 2,
  "NarrationLineage.narration": 1, // two reads, like Query.narration
  "NarrationLineage.narratorName": 1,
  "UserStoryNarration.unplacedEdits": 1,
  "UserStoryNarration.audio": 1, // reads the sound of the earlier platform
  "UserStoryNarration.progress": 1,
  "UserStoryNarration.renderEstimate": 100, // reads the script; ROW_COSTS adds the further rows of a long script
  "NarrationSegment.prosody": 1,
  "NarrationSegment.spokenText": 4,
  "NarrationSegment.isStale": 3,
  "NarrationSegment.audio": 4,
  "NarrationSegment.degraded": 4,
  "Voice.sampleUrl": 1,
  "Upload.url": 1, // reads the owner's public id
  "UserVoiceSample.audioUrl": 1, // reads the consent
  "UserEmotionVoice.etaSeconds": 1, // reads all trainings of the viewer
  "VoiceModulationTemplate.viewerSpeech": 1,
  "ReferenceStory.viewerListeningPosition": 1,
  "UserStoryNarration.resumeAt": 2, // finds the sentence in the script
  "ListeningPosition.narration": 1, // two reads: the viewer's own row and the edition
  "Mutation.saveListeningPosition": 3, // clients send it every few seconds
  "Mutation.previewVoice": 200, // speaks the text during the request
  "Mutation.renderNarration": 200,
  "Mutation.createStory": 100,
  "Mutation.importStory": 100,
  "Mutation.updateStory": 100,
  "Mutation.publishStory": 100,
  "Mutation.reanalyzeStory": 100,
  "Mutation.deleteStory": 100,
  "Mutation.createNarration": 100,
  "Mutation.forkNarration": 100,
  "Mutation.publishNarration": 100,
  "Mutation.rebaseNarration": 200, // reads and writes the whole script
  "Mutation.insertNarrationSegments": 100, // moves all segments behind
  "Mutation.splitNarrationSegment": 100,
  "Mutation.joinNarrationSegments": 100,
  "Mutation.deleteNarrationSegments": 100,
  "Mutation.addVoiceSample": 100,
  "Mutation.adoptVoiceSample": 100,
  "Mutation.adoptEmotionVoice": 100, // asks the vendor during the request
  "Mutation.trainEmotionVoice": 200, // queues minutes of work
};

/** The cost of a field in addition, if a member of one of its arguments is given. */
export interface ArgumentCost {
  readonly argument: string;
  readonly member: string;
  readonly cost: number;
  /** The member of the parent object that contains the number of rows read, as in ROW_COSTS. */
  readonly rows: string;
}

export const ARGUMENT_COSTS: Readonly<Record<string, ArgumentCost>> = {
  // compares the whole script, as renderEstimate does
  "UserStoryNarration.segments": {
    ...{ argument: "filter", member: "isStale" },
    ...{ cost: 100, rows: "segmentCount" },
  },
};

/** The cost of `totalCount`, which counts a whole list. */
export const TOTAL_COUNT_COST = 10;

/** The cost of a mutation without an entry above. */
export const MUTATION_COST = 20;

/** The cost of each event of a subscription, for reading the subscription's state. */
export const SUBSCRIPTION_COST = 5;

/**
 * The expected number of entries of each list without a page. If a list has more entries, CostLedger
 * adds the further entries to the cost of the operation.
 */
export const LIST_SIZES: Readonly<Record<string, number>> = {
  "ReferenceStory.chapters": 20,
  "ReferenceStory.analyses": 2,
  "StoryAnalysis.characters": 20,
  "StoryAnalysis.degraded": 1,
  "StorySegment.modulations": 4,
  "StorySegment.sounds": 4,
  "VoiceModulationTemplate.recordingPrompts": 2,
  "UserStoryNarration.cast": 8,
  "UserStoryNarration.unplacedEdits": 8,
  "VoiceModifications.emotions": 8,
  "VoiceModifications.characters": 8,
  "VoiceModifications.lexicon": 20,
  "NarrationSegment.degraded": 11, // the number of features that a voice can lack
  "NarrationSegmentAudio.words": 50,
  "NarrationAudio.chapters": 20,
  "RenderEstimate.silentSegments": 8,
  "RenderEstimate.unavailableVoices": 8,
  "Voice.emotionVoices": 8,
  "Payload.emotionVoices": 8,
  "SampleQuality.issues": 2,
  "VoicePreview.degraded": 11,
  "Upload.headers": 1,
  "Payload.publishedNarrations": 8,
  "Payload.replacedVoices": 8,
  "Payload.templates": 8,
  "Payload.stories": 8,
  "Payload.unplaced": 8,
  "Payload.userErrors": 1,
};

/** The expected number of entries of a list without an entry above. */
export const UNKNOWN_LIST_SIZE = 100;

/**
 * The lists that have one entry for each value of an argument. The key is the list, the value is
 * the name of the argument. The number of values is the size of the list.
 */
export const SIZED_BY_ARGUMENT: Readonly<Record<string, string>> = { "Query.nodes": "ids" };

/**
 * For fields that read many rows: the member of the parent object that contains the number of rows.
 * Rows beyond the field's cost in FIELD_COSTS are added to the cost of the operation.
 */
export const ROW_COSTS: Readonly<Record<string, string>> = {
  "UserStoryNarration.renderEstimate": "segmentCount",
};
