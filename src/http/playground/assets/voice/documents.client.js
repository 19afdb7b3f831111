// The operations of the panel "Your voice". A test checks them against the printed schema.
import { OWN_VOICE_DOCUMENTS } from "./own-voice.documents.client.js";

const TAKE = `fragment Take on UserVoiceSample {
  id
  sampleStatus
  state
  durationMs
  isPreferred
  isLocked
  recordedAt
  audioUrl
  quality {
    score
    speechSeconds
    snrDb
    clipping
    voicedShare
    levelDb
    issues {
      code
      advice
    }
  }
}`;

/** The operations by name. The name of an operation is its key here. */
export const DOCUMENTS = {
  VoiceConsent: `query VoiceConsent {
    voiceConsentStatement { version text language hash }
    viewer { id voiceConsent { statementVersion grantedAt expiresAt } }
  }`,

  AgreeToVoice: `mutation AgreeToVoice($input: GrantVoiceConsentInput!) {
    result: grantVoiceConsent(input: $input) {
      voiceConsent { statementVersion grantedAt expiresAt }
      userErrors { message }
    }
  }`,

  RevokeVoice: `mutation RevokeVoice($input: RevokeVoiceConsentInput!) {
    result: revokeVoiceConsent(input: $input) {
      keptSamples
      keptVoices
      deletedSamples
      deletedVoices
      cancelledRenders
      unpublishedNarrations
      publishedNarrations { title narrationVisibility referenceStory { title } }
      userErrors { message }
    }
  }`,

  VoiceTemplates: `query VoiceTemplates($after: String) {
    voiceModulationTemplates(first: 100, after: $after, types: [EMOTION, MODULATION]) {
      edges {
        node {
          id
          key
          displayName
          isTrainable
          viewerSamples(first: 1) { totalCount }
          viewerSpeech {
            speechSeconds
            requiredSeconds
            missing { speechSeconds neutralSample }
          }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,

  VoiceTemplate: `query VoiceTemplate($id: ID!) {
    node(id: $id) {
      ... on VoiceModulationTemplate {
        id
        key
        displayName
        description
        recordingPrompts { text seconds }
        viewerSpeech {
          speechSeconds
          requiredSeconds
          missing { speechSeconds neutralSample }
        }
        viewerSamples(first: 100) {
          totalCount
          edges { node { ...Take } }
        }
      }
    }
  }
  ${TAKE}`,

  UploadVoice: `mutation UploadVoice($input: CreateUploadInput!) {
    result: createUpload(input: $input) {
      upload { id url method headers { name value } }
      userErrors { message }
    }
  }`,

  AddVoiceSample: `mutation AddVoiceSample($input: AddVoiceSampleInput!) {
    result: addVoiceSample(input: $input) { voiceSample { id } userErrors { message } }
  }`,

  PreferVoiceSample: `mutation PreferVoiceSample($input: PreferVoiceSampleInput!) {
    result: preferVoiceSample(input: $input) { userErrors { message } }
  }`,

  DeleteVoiceSample: `mutation DeleteVoiceSample($input: DeleteVoiceSampleInput!) {
    result: deleteVoiceSample(input: $input) { userErrors { message } }
  }`,

  AdoptVoiceSample: `mutation AdoptVoiceSample($input: AdoptVoiceSampleInput!) {
    result: adoptVoiceSample(input: $input) { userErrors { message } }
  }`,

  VoiceSampleProgress: `subscription VoiceSampleProgress($id: ID!) {
    state: voiceSampleProgress(id: $id) { ...Take }
  }
  ${TAKE}`,

  ...OWN_VOICE_DOCUMENTS,
};
