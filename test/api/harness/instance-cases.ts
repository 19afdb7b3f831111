import { CONSENT_STATEMENT } from "../../../src/instances/index.js";
import { CANCEL_NARRATION, FORK_NARRATION, NARRATION_PROGRESS } from "./documents.js";
import {
  ADOPT_VOICE,
  ERRORS,
  type KnownIds,
  NODE,
  SAMPLE_PROGRESS,
  TRAINING_PROGRESS,
  newSample,
  savedPlace,
  training,
} from "./id-places.js";

const LIST = `{ totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } }`;
const STORY = "query Read($story: ID!) { story(by: { id: $story })";

const narrationPayload = (name: string, input: string, variables: object): PlaceToRead => ({
  document: `mutation Read($input: ${input}!) { ${name}(input: $input) { narration { id title } ${ERRORS} } }`,
  variables: ({ privateNarration }) => ({
    input: { id: privateNarration, version: 1, ...variables },
  }),
});

const samplePayload = (name: string, input: string): PlaceToRead => ({
  document: `mutation Read($input: ${input}!) { ${name}(input: $input) { voiceSample { transcript } ${ERRORS} } }`,
  variables: ({ privateSample }) => ({ input: { id: privateSample } }),
  changes: true,
});

/** Ids of Ada's private rows. */
interface PrivateIds extends KnownIds {
  readonly privateNarration: string;
  readonly privateSample: string;
  readonly privateUpload: string;
  readonly privateEmotionVoice: string;
  readonly privateVoice: string;
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
  "Subscription.voiceSampleProgress": {
    document: SAMPLE_PROGRESS,
    variables: ({ privateSample }) => ({ id: privateSample }),
  },
  "Subscription.voiceTrainingProgress": {
    document: TRAINING_PROGRESS,
    variables: ({ privateEmotionVoice }) => ({ id: privateEmotionVoice }),
  },
  "Voice.emotionVoices": {
    document: `query Read($id: ID!) { node(id: $id) { ... on Voice { emotionVoices { id trainingStatus } } } }`,
    variables: ({ privateVoice }) => ({ id: privateVoice }),
  },
  "VoiceModulationTemplate.viewerSpeech": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerSpeech { speechSeconds } } } }`,
    variables: ofTemplate,
  },
  "User.narrations": {
    document: `{ viewer { narrations ${LIST} } }`,
    variables: () => ({}),
  },
  "User.publicNarrations": {
    document: `{ viewer { publicNarrations ${LIST} } }`,
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
  "UserStoryNarration.resumeAt": narrationField("resumeAt { offsetMs startMs }"),
  "NarrationPlace.segment": narrationField("resumeAt { segment { index text } }"),
  "ReferenceStory.viewerListeningPosition": {
    document: `${STORY} { viewerListeningPosition { id offsetMs fraction isFinished storySegment { text } } } }`,
    variables: ofStory,
  },
  "ListeningPosition.narration": {
    document: `${STORY} { viewerListeningPosition { narration { id title } } } }`,
    variables: ofStory,
  },
  "SaveListeningPositionPayload.listeningPosition": {
    ...savedPlace(() => ({})),
    variables: ({ story, segment, privateNarration }) => ({
      input: { storyId: story, segmentId: segment, narrationId: privateNarration },
    }),
    changes: true,
  },
  "VoiceModulationTemplate.viewerSamples": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerSamples ${LIST} } } }`,
    variables: ofTemplate,
  },
  "VoiceModulationTemplate.viewerVoice": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerVoice { id trainingStatus } } } }`,
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
  "UserStoryNarrationConnection.nodes": {
    document: `${STORY} { userNarrations { nodes { id title } } } }`,
    variables: ofStory,
  },
  "NarrationSegmentConnection.nodes": narrationField("segments { nodes { id text } }"),
  "UserVoiceSampleConnection.nodes": {
    document: `query Read($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate { viewerSamples { nodes { id transcript } } } } }`,
    variables: ofTemplate,
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
  "RevokeVoiceConsentPayload.publishedNarrations": {
    // Agrees again afterwards, because the other requests of the same person need the consent.
    document: `mutation Read($input: RevokeVoiceConsentInput!, $grant: GrantVoiceConsentInput!) {
      revokeVoiceConsent(input: $input) { cancelledRenders publishedNarrations { id title } ${ERRORS} }
      grantVoiceConsent(input: $grant) { ${ERRORS} } }`,
    variables: () => ({
      input: { recordings: "KEEP", unpublish: true },
      grant: { statementVersion: CONSENT_STATEMENT.version },
    }),
    changes: true,
  },
  "CreateUploadPayload.upload": {
    document: `mutation Read($input: CreateUploadInput!) { createUpload(input: $input) { upload { uploadStatus } ${ERRORS} } }`,
    variables: () => ({ input: { purpose: "VOICE_SAMPLE", sizeBytes: 1, contentType: "x" } }),
    changes: true,
  },
  "AddVoiceSamplePayload.voiceSample": {
    ...newSample(() => ({})),
    variables: ({ template, upload }) => ({ input: { templateId: template, uploadId: upload } }),
    changes: true,
  },
  "PreferVoiceSamplePayload.voiceSample": samplePayload(
    "preferVoiceSample",
    "PreferVoiceSampleInput",
  ),
  "AdoptVoiceSamplePayload.voiceSample": samplePayload("adoptVoiceSample", "AdoptVoiceSampleInput"),
  "AdoptEmotionVoicePayload.emotionVoices": {
    document: ADOPT_VOICE,
    variables: ({ privateEmotionVoice }) => ({ input: { id: privateEmotionVoice } }),
    changes: true,
  },
  "TrainEmotionVoicePayload.emotionVoices": {
    ...training(() => ({})),
    variables: ({ privateVoice }) => ({ input: { voiceId: privateVoice } }),
    changes: true,
  },
  "CreateNarrationPayload.narration": {
    document: `mutation Read($input: CreateNarrationInput!) { createNarration(input: $input) { narration { title } story { title } ${ERRORS} } }`,
    variables: ({ story }) => ({ input: { storyId: story, title: "Mine" } }),
    changes: true,
  },
  "ForkNarrationPayload.narration": {
    document: FORK_NARRATION,
    variables: ({ privateNarration }) => ({ input: { id: privateNarration } }),
    changes: true,
  },
  "NarrationLineage.narration": narrationField("forkedFrom { title narration { id title } }"),
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
  "InsertNarrationSegmentsPayload.narration": {
    ...narrationPayload("insertNarrationSegments", "InsertNarrationSegmentsInput", {
      segments: [{ text: "Taken." }],
    }),
    changes: true,
  },
  "SplitNarrationSegmentPayload.narration": {
    ...narrationPayload("splitNarrationSegment", "SplitNarrationSegmentInput", { index: 0, at: 4 }),
    changes: true,
  },
  "JoinNarrationSegmentsPayload.narration": {
    ...narrationPayload("joinNarrationSegments", "JoinNarrationSegmentsInput", { index: 0 }),
    changes: true,
  },
  "DeleteNarrationSegmentsPayload.narration": {
    ...narrationPayload("deleteNarrationSegments", "DeleteNarrationSegmentsInput", {
      indexes: [0],
    }),
    changes: true,
  },
  "RebaseNarrationPayload.narration": {
    ...narrationPayload("rebaseNarration", "RebaseNarrationInput", {}),
    changes: true,
  },
  "DismissUnplacedEditsPayload.narration": {
    ...narrationPayload("dismissUnplacedEdits", "DismissUnplacedEditsInput", {}),
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
