import {
  CANCEL_NARRATION,
  DELETE_NARRATION,
  DISMISS_UNPLACED,
  FORK_NARRATION,
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  PROGRESS,
  PUBLISH_NARRATION,
  REBASE_NARRATION,
  RENDER_NARRATION,
  UNPUBLISH_NARRATION,
  UPDATE_NARRATION,
} from "./documents.js";

/** An operation that takes an id. */
export interface Sending {
  readonly document: string;
  readonly variables: (id: string, known: KnownIds) => Record<string, unknown>;
}

/** Ids that the viewer may know. */
export interface KnownIds {
  readonly story: string;
  readonly analysis: string;
  readonly ownNarration: string;
  readonly character: string;
  readonly voice: string;
  readonly template: string;
  readonly upload: string;
  readonly segment: string;
}

export const ERRORS = "userErrors { code message path }";

const storyMutation = (name: string, input: string): Sending => ({
  document: `mutation Send($input: ${input}!) { ${name}(input: $input) { story { id title version } ${ERRORS} } }`,
  variables: (id) => ({ input: { id, version: 1 } }),
});

const narrationMutation = (document: string, more: object = {}): Sending => ({
  document,
  variables: (id) => ({ input: { id, version: 1, ...more } }),
});

/** Returns a mutation of the viewer's own narration. `change` puts the tested id into the input. */
const ownChange = (change: (id: string, known: KnownIds) => object): Sending => ({
  document: UPDATE_NARRATION,
  variables: (id, known) => ({
    input: { id: known.ownNarration, version: 1, ...change(id, known) },
  }),
});

const ownEdit = (edit: (id: string) => object): Sending => ({
  document: EDIT_SEGMENTS,
  variables: (id, { ownNarration }) => ({
    input: { id: ownNarration, version: 1, edits: [{ index: 0, ...edit(id) }] },
  }),
});

const creation = (input: (id: string, known: KnownIds) => object): Sending => ({
  document: `mutation Send($input: CreateNarrationInput!) { createNarration(input: $input) { narration { title } ${ERRORS} } }`,
  variables: (id, known) => ({ input: input(id, known) }),
});

export const SAMPLE_PROGRESS = `subscription Send($id: ID!) { voiceSampleProgress(id: $id) { id sampleStatus transcript } }`;

const sampleMutation = (name: string, input: string): Sending => ({
  document: `mutation Send($input: ${input}!) { ${name}(input: $input) { template { key } ${ERRORS} } }`,
  variables: (id) => ({ input: { id } }),
});

/** Returns addVoiceSample with the viewer's own ids, of which `change` replaces one by the tested id. */
export const newSample = (change: (id: string) => object): Sending => ({
  document: `mutation Send($input: AddVoiceSampleInput!) { addVoiceSample(input: $input) { voiceSample { id } ${ERRORS} } }`,
  variables: (id, { template, upload }) => ({
    input: { templateId: template, uploadId: upload, ...change(id) },
  }),
});

const storyImport: Sending = {
  document: `mutation Send($input: ImportStoryInput!) { importStory(input: $input) { story { title } ${ERRORS} } }`,
  variables: (id) => ({ input: { fileName: "a.txt", uploadId: id } }),
};

export const TRAINING_PROGRESS = `subscription Send($id: ID!) { voiceTrainingProgress(id: $id) { id trainingStatus trainingFailure } }`;

/** Returns trainEmotionVoice with the tested id. */
export const training = (change: (id: string) => object): Sending => ({
  document: `mutation Send($input: TrainEmotionVoiceInput!) { trainEmotionVoice(input: $input) {
    voice { id displayName } emotionVoices { id trainingStatus } ${ERRORS} } }`,
  variables: (id) => ({ input: change(id) }),
});

/** Adopts an emotion voice with the tested id. */
export const ADOPT_VOICE = `mutation Send($input: AdoptEmotionVoiceInput!) { adoptEmotionVoice(input: $input) {
  voice { id displayName } emotionVoices { id trainingStatus } ${ERRORS} } }`;

/** Fields that could reveal a narration, a voice sample or an emotion voice. */
export const NODE = `{ __typename id
  ... on UserStoryNarration {
    title narrationVisibility version shareToken narrator { displayName } referenceStory { title }
    cast { characterName voice { id } } segments(first: 3) { totalCount edges { node { id text } } }
  }
  ... on UserVoiceSample { transcript state sampleStatus quality { speechSeconds } audioUrl template { key } }
  ... on UserEmotionVoice { trainingStatus trainingFailure revision etaSeconds template { key } voice { id displayName }
    missing { speechSeconds neutralSample } }
  ... on Voice { displayName kind emotionVoices { id trainingStatus } }
  ... on ListeningPosition { fraction isFinished narration { title } }
  ... on Upload { contentType sizeBytes url uploadStatus }
}`;

/** Returns saveListeningPosition, with the tested id in place of one of the viewer's own ids. */
export const savedPlace = (change: (id: string) => object): Sending => ({
  document: `mutation Send($input: SaveListeningPositionInput!) { saveListeningPosition(input: $input) {
    listeningPosition { fraction narration { title } storySegment { text } } story { title } ${ERRORS} } }`,
  variables: (id, { story, segment }) => ({
    input: { storyId: story, segmentId: segment, ...change(id) },
  }),
});

const shape = (name: string, input: string, more: object): Sending => ({
  document: `mutation Send($input: ${input}!) { ${name}(input: $input) { narration { id title } ${ERRORS} } }`,
  variables: (id) => ({ input: { id, version: 1, ...more } }),
});

const ownInsertion = (segment: (id: string) => object): Sending => ({
  document: `mutation Send($input: InsertNarrationSegmentsInput!) { insertNarrationSegments(input: $input) { narration { id title } ${ERRORS} } }`,
  variables: (id, { ownNarration }) => ({
    input: { id: ownNarration, version: 1, segments: [{ text: "New.", ...segment(id) }] },
  }),
});

const READ = `{ id title segments(first: 3) { totalCount edges { node { text } } } }`;

/** One operation for every argument and input field of the schema that takes an id. */
export const ID_PLACES: Readonly<Record<string, Sending>> = {
  "Query.node(id)": {
    document: `query Send($id: ID!) { node(id: $id) ${NODE} }`,
    variables: (id) => ({ id }),
  },
  "Query.nodes(ids)": {
    document: `query Send($ids: [ID!]!) { nodes(ids: $ids) ${NODE} }`,
    variables: (id) => ({ ids: [id, id] }),
  },
  "NarrationByInput.id": {
    document: `query Send($id: ID!) { narration(by: { id: $id }) ${READ} }`,
    variables: (id) => ({ id }),
  },
  "InsertNarrationSegmentsInput.id": shape(
    "insertNarrationSegments",
    "InsertNarrationSegmentsInput",
    { segments: [{ text: "Taken." }] },
  ),
  "SplitNarrationSegmentInput.id": shape("splitNarrationSegment", "SplitNarrationSegmentInput", {
    ...{ index: 0, at: 4 },
  }),
  "JoinNarrationSegmentsInput.id": shape("joinNarrationSegments", "JoinNarrationSegmentsInput", {
    index: 0,
  }),
  "DeleteNarrationSegmentsInput.id": shape(
    "deleteNarrationSegments",
    "DeleteNarrationSegmentsInput",
    { indexes: [0] },
  ),
  "NewNarrationSegmentInput.speakerId": ownInsertion((id) => ({ speakerId: id })),
  "NewNarrationSegmentInput.voice": ownInsertion((id) => ({ voice: id })),
  "NarrationSegmentFilter.speakerId": {
    document:
      "query Send($own: ID!, $id: ID!) { narration(by: { id: $own }) { segments(filter: { speakerId: $id }) { totalCount nodes { text } } } }",
    variables: (id, { ownNarration }) => ({ own: ownNarration, id }),
  },
  "StoryByInput.id": {
    document: "query Send($id: ID!) { story(by: { id: $id }) { title } }",
    variables: (id) => ({ id }),
  },
  "StoryFilter.author": {
    document:
      "query Send($id: ID!) { stories(filter: { author: $id }) { totalCount edges { node { title } } } }",
    variables: (id) => ({ id }),
  },
  "StoryAnalysis.segments(characterId)": {
    document: `query Send($analysis: ID!, $id: ID!) { node(id: $analysis) {
      ... on StoryAnalysis { segments(characterId: $id) { totalCount edges { node { text } } } } } }`,
    variables: (id, { analysis }) => ({ analysis, id }),
  },
  "Subscription.storyAnalysisProgress(storyId)": {
    document: PROGRESS,
    variables: (id) => ({ storyId: id }),
  },
  "Subscription.narrationProgress(id)": {
    document: NARRATION_PROGRESS,
    variables: (id) => ({ id }),
  },
  "Subscription.voiceSampleProgress(id)": {
    document: SAMPLE_PROGRESS,
    variables: (id) => ({ id }),
  },
  "Subscription.voiceTrainingProgress(id)": {
    document: TRAINING_PROGRESS,
    variables: (id) => ({ id }),
  },
  "AddVoiceSampleInput.templateId": newSample((id) => ({ templateId: id })),
  "ImportStoryInput.uploadId": storyImport,
  "AddVoiceSampleInput.uploadId": newSample((id) => ({ uploadId: id })),
  "PreferVoiceSampleInput.id": sampleMutation("preferVoiceSample", "PreferVoiceSampleInput"),
  "DeleteVoiceSampleInput.id": sampleMutation("deleteVoiceSample", "DeleteVoiceSampleInput"),
  "AdoptVoiceSampleInput.id": sampleMutation("adoptVoiceSample", "AdoptVoiceSampleInput"),
  "TrainEmotionVoiceInput.voiceId": training((id) => ({ voiceId: id })),
  "TrainEmotionVoiceInput.templateIds": training((id) => ({ templateIds: [id] })),
  "AdoptEmotionVoiceInput.id": {
    document: ADOPT_VOICE,
    variables: (id) => ({ input: { id } }),
  },
  "DeleteEmotionVoiceInput.id": {
    document: `mutation Send($input: DeleteEmotionVoiceInput!) { deleteEmotionVoice(input: $input) { deletedId ${ERRORS} } }`,
    variables: (id) => ({ input: { id } }),
  },
  "UpdateStoryInput.id": storyMutation("updateStory", "UpdateStoryInput"),
  "PublishStoryInput.id": storyMutation("publishStory", "PublishStoryInput"),
  "ArchiveStoryInput.id": storyMutation("archiveStory", "ArchiveStoryInput"),
  "DeleteStoryInput.id": storyMutation("deleteStory", "DeleteStoryInput"),
  "ReanalyzeStoryInput.id": storyMutation("reanalyzeStory", "ReanalyzeStoryInput"),
  "CreateNarrationInput.storyId": creation((id) => ({ storyId: id })),
  "CreateNarrationInput.narratorVoice": creation((id, { story }) => ({
    storyId: story,
    narratorVoice: id,
  })),
  "UpdateNarrationInput.id": narrationMutation(UPDATE_NARRATION, { title: "Taken" }),
  "UpdateNarrationSegmentsInput.id": narrationMutation(EDIT_SEGMENTS, {
    edits: [{ index: 0, text: "Taken." }],
  }),
  "ForkNarrationInput.id": { document: FORK_NARRATION, variables: (id) => ({ input: { id } }) },
  "RebaseNarrationInput.id": narrationMutation(REBASE_NARRATION),
  "DismissUnplacedEditsInput.id": narrationMutation(DISMISS_UNPLACED),
  "PublishNarrationInput.id": narrationMutation(PUBLISH_NARRATION, { visibility: "PUBLIC" }),
  "UnpublishNarrationInput.id": narrationMutation(UNPUBLISH_NARRATION),
  "DeleteNarrationInput.id": narrationMutation(DELETE_NARRATION),
  "RenderNarrationInput.id": narrationMutation(RENDER_NARRATION),
  "CancelNarrationInput.id": { document: CANCEL_NARRATION, variables: (id) => ({ input: { id } }) },
  "PreviewVoiceInput.voice": {
    document: `mutation Send($id: ID!) { previewVoice(input: { voice: $id }) { preview { durationMs } ${ERRORS} } }`,
    variables: (id) => ({ id }),
  },
  "UpdateNarrationInput.narratorVoice": ownChange((id) => ({ narratorVoice: id })),
  "CastChoiceInput.characterId": ownChange((id, { voice }) => ({
    cast: [{ characterId: id, voice }],
  })),
  "CastChoiceInput.voice": ownChange((id, { character }) => ({
    cast: [{ characterId: character, voice: id }],
  })),
  "CharacterModificationInput.characterId": ownChange((id) => ({
    voiceModifications: { characters: [{ characterId: id, rate: 1.1 }] },
  })),
  "SaveListeningPositionInput.storyId": savedPlace((id) => ({ storyId: id })),
  "SaveListeningPositionInput.segmentId": savedPlace((id) => ({ segmentId: id })),
  "SaveListeningPositionInput.narrationId": savedPlace((id) => ({ narrationId: id })),
  "VoiceModificationsChangeInput.removeCharacters": ownChange((id) => ({
    modify: { removeCharacters: [id] },
  })),
  "SegmentEditInput.speakerId": ownEdit((id) => ({ speakerId: id })),
  "SegmentEditInput.voice": ownEdit((id) => ({ voice: id })),
};
