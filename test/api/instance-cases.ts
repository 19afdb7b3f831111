import {
  CANCEL_NARRATION,
  DELETE_NARRATION,
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  PROGRESS,
  PUBLISH_NARRATION,
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
}

const ERRORS = "userErrors { code message path }";

const storyMutation = (name: string, input: string): Sending => ({
  document: `mutation Send($input: ${input}!) { ${name}(input: $input) { story { id title version } ${ERRORS} } }`,
  variables: (id) => ({ input: { id, version: 1 } }),
});

const narrationMutation = (document: string, more: object = {}): Sending => ({
  document,
  variables: (id) => ({ input: { id, version: 2, ...more } }),
});

/** Returns a mutation of the viewer's own narration. `change` puts the tested id into the input. */
const ownChange = (change: (id: string, known: KnownIds) => object): Sending => ({
  document: UPDATE_NARRATION,
  variables: (id, known) => ({
    input: { id: known.ownNarration, version: 2, ...change(id, known) },
  }),
});

const ownEdit = (edit: (id: string) => object): Sending => ({
  document: EDIT_SEGMENTS,
  variables: (id, { ownNarration }) => ({
    input: { id: ownNarration, version: 2, edits: [{ index: 0, ...edit(id) }] },
  }),
});

const creation = (input: (id: string, known: KnownIds) => object): Sending => ({
  document: `mutation Send($input: CreateNarrationInput!) { createNarration(input: $input) { narration { title } ${ERRORS} } }`,
  variables: (id, known) => ({ input: input(id, known) }),
});

/** Fields that could reveal a narration, a voice sample or an emotion voice. */
const NODE = `{ __typename id
  ... on UserStoryNarration {
    title visibility version shareToken narrator { displayName } referenceStory { title }
    cast { characterName voice { id } } segments(first: 3) { totalCount edges { node { id text } } }
  }
  ... on UserVoiceSample { transcript state template { key } }
  ... on UserEmotionVoice { status failure template { key } }
  ... on Upload { contentType sizeBytes url uploadStatus: status }
}`;

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
  "UpdateStoryInput.id": storyMutation("updateStory", "UpdateStoryInput"),
  "PublishStoryInput.id": storyMutation("publishStory", "PublishStoryInput"),
  "ArchiveStoryInput.id": storyMutation("archiveStory", "ArchiveStoryInput"),
  "CreateNarrationInput.storyId": creation((id) => ({ storyId: id })),
  "CreateNarrationInput.narratorVoice": creation((id, { story }) => ({
    storyId: story,
    narratorVoice: id,
  })),
  "UpdateNarrationInput.id": narrationMutation(UPDATE_NARRATION, { title: "Taken" }),
  "UpdateNarrationSegmentsInput.id": narrationMutation(EDIT_SEGMENTS, {
    edits: [{ index: 0, text: "Taken." }],
  }),
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
  "SegmentEditInput.speakerId": ownEdit((id) => ({ speakerId: id })),
  "SegmentEditInput.voice": ownEdit((id) => ({ voice: id })),
};

const LIST = `{ totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } }`;
const STORY = "query Read($story: ID!) { story(by: { id: $story })";

const narrationPayload = (name: string, input: string, variables: object): PlaceToRead => ({
  document: `mutation Read($input: ${input}!) { ${name}(input: $input) { narration { id title } ${ERRORS} } }`,
  variables: ({ privateNarration }) => ({
    input: { id: privateNarration, version: 2, ...variables },
  }),
});

/** Ids of Ada's private rows. */
interface PrivateIds extends KnownIds {
  readonly privateNarration: string;
  readonly privateSample: string;
  readonly privateUpload: string;
  readonly template: string;
}

interface PlaceToRead {
  readonly document: string;
  readonly variables: (ids: PrivateIds) => Record<string, unknown>;
  /** True for a mutation. The test does not run the mutation as the owner. */
  readonly changes?: boolean;
}

const narrationById: PlaceToRead["variables"] = ({ privateNarration }) => ({
  id: privateNarration,
});
const ofStory: PlaceToRead["variables"] = ({ story }) => ({ story });
const ofTemplate: PlaceToRead["variables"] = ({ template }) => ({ id: template });

const narrationField = (field: string): PlaceToRead => ({
  document: `query Read($id: ID!) { narration(by: { id: $id }) { ${field} } }`,
  variables: narrationById,
});

/**
 * One operation for every field of the schema that returns an instance, a list of instances or an edge
 * to an instance.
 */
export const INSTANCE_FIELDS: Readonly<Record<string, PlaceToRead>> = {
  "Query.node": {
    document: `query Read($id: ID!) { node(id: $id) ${NODE} }`,
    variables: narrationById,
  },
  "Query.nodes": {
    document: `query Read($ids: [ID!]!) { nodes(ids: $ids) ${NODE} }`,
    variables: ({ privateNarration, privateSample, privateUpload }) => ({
      ids: [privateNarration, privateSample, privateUpload],
    }),
  },
  "Query.narration": narrationField("id title"),
  "Subscription.narrationProgress": {
    document: NARRATION_PROGRESS,
    variables: narrationById,
  },
  "User.narrations": {
    document: `{ viewer { narrations ${LIST} } }`,
    variables: () => ({}),
  },
  "User.voiceConsent": {
    document: "{ viewer { voiceConsent { statementVersion grantedAt expiresAt } } }",
    variables: () => ({}),
  },
  "ReferenceStory.userNarrations": {
    document: `${STORY} { userNarrations ${LIST} } }`,
    variables: ofStory,
  },
  "ReferenceStory.publicNarrations": {
    document: `${STORY} { publicNarrations ${LIST} } }`,
    variables: ofStory,
  },
  "NarrationFailure.segment": narrationField("failure { segment { id text } }"),
  "UserStoryNarration.segments": narrationField(`segments ${LIST}`),
  "VoiceModulationTemplate.viewerSamples": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerSamples ${LIST} } } }`,
    variables: ofTemplate,
  },
  "VoiceModulationTemplate.viewerVoice": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerVoice { id status } } } }`,
    variables: ofTemplate,
  },
  "UserStoryNarrationConnection.edges": {
    document: `${STORY} { userNarrations { edges { cursor node { id } } } } }`,
    variables: ofStory,
  },
  "UserStoryNarrationEdge.node": {
    document: `${STORY} { userNarrations { edges { node { id title } } } } }`,
    variables: ofStory,
  },
  "NarrationSegmentConnection.edges": narrationField("segments { edges { cursor } }"),
  "NarrationSegmentEdge.node": narrationField("segments { edges { node { id text } } }"),
  "UserVoiceSampleConnection.edges": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerSamples { edges { cursor } } } } }`,
    variables: ofTemplate,
  },
  "UserVoiceSampleEdge.node": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerSamples { edges { node { id transcript } } } } } }`,
    variables: ofTemplate,
  },
  "GrantVoiceConsentPayload.voiceConsent": {
    document: `mutation Read($input: GrantVoiceConsentInput!) { grantVoiceConsent(input: $input) { voiceConsent { grantedAt } ${ERRORS} } }`,
    variables: () => ({ input: { statementVersion: "of another text" } }),
    changes: true,
  },
  "CreateUploadPayload.upload": {
    document: `mutation Read($input: CreateUploadInput!) { createUpload(input: $input) { upload { status } ${ERRORS} } }`,
    variables: () => ({ input: { purpose: "VOICE_SAMPLE", sizeBytes: 1, contentType: "x" } }),
    changes: true,
  },
  "CreateNarrationPayload.narration": {
    document: `mutation Read($input: CreateNarrationInput!) { createNarration(input: $input) { narration { title } story { title } ${ERRORS} } }`,
    variables: ({ story }) => ({ input: { storyId: story, title: "Mine" } }),
    changes: true,
  },
  "UpdateNarrationPayload.narration": {
    ...narrationPayload("updateNarration", "UpdateNarrationInput", { title: "Taken" }),
    changes: true,
  },
  "UpdateNarrationSegmentsPayload.narration": {
    ...narrationPayload("updateNarrationSegments", "UpdateNarrationSegmentsInput", {
      edits: [{ index: 0, text: "Taken." }],
    }),
    changes: true,
  },
  "PublishNarrationPayload.narration": {
    ...narrationPayload("publishNarration", "PublishNarrationInput", { visibility: "PUBLIC" }),
    changes: true,
  },
  "UnpublishNarrationPayload.narration": {
    ...narrationPayload("unpublishNarration", "UnpublishNarrationInput", {}),
    changes: true,
  },
  "DeleteNarrationPayload.narration": {
    ...narrationPayload("deleteNarration", "DeleteNarrationInput", {}),
    changes: true,
  },
  "RenderNarrationPayload.narration": {
    ...narrationPayload("renderNarration", "RenderNarrationInput", {}),
    changes: true,
  },
  "CancelNarrationPayload.narration": {
    document: CANCEL_NARRATION,
    variables: ({ privateNarration }) => ({ input: { id: privateNarration } }),
    changes: true,
  },
};
