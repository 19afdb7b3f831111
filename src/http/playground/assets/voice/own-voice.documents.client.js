// The operations on the person's own voice: training, hearing, narrating.

const EMOTION_VOICE = `fragment EmotionVoice on UserEmotionVoice {
  id
  trainingStatus
  revision
  sampleCount
  qualityScore
  trainingFailure
  trainedAt
  etaSeconds
  missing { speechSeconds neutralSample }
  template { id key displayName viewerVoice { trainingStatus } }
}`;

const VOICE_NAME = `fragment VoiceName on Voice { id displayName kind isAvailable }`;

const NARRATION = `fragment Narration on UserStoryNarration {
  id
  version
  title
  status
  narrationVisibility
  narratorVoiceType
  narratorVoice { ...VoiceName }
  cast { character { id } characterName voice { ...VoiceName } }
  renderEstimate { segmentsToRender seconds unavailableVoices { displayName } }
  progress { renderedSegments reusedSegments totalSegments etaSeconds }
  failure { message }
  audio { url(format: MP3) durationMs }
}
${VOICE_NAME}`;

const narrationMutation = (name, field) => {
  const input = `${field[0].toUpperCase()}${field.slice(1)}Input!`;
  return `mutation ${name}($input: ${input}) {
    result: ${field}(input: $input) { narration { ...Narration } userErrors { message } }
  }
  ${NARRATION}`;
};

export const OWN_VOICE_DOCUMENTS = {
  OwnVoices: `query OwnVoices {
    viewer {
      voices(first: 20) { edges { node { ...VoiceName emotionVoices { ...EmotionVoice } } } }
    }
  }
  ${VOICE_NAME}
  ${EMOTION_VOICE}`,

  TrainVoice: `mutation TrainVoice($input: TrainEmotionVoiceInput!) {
    result: trainEmotionVoice(input: $input) {
      voice { id }
      emotionVoices { id trainingStatus template { displayName } }
      userErrors { message }
    }
  }`,

  DeleteEmotionVoice: `mutation DeleteEmotionVoice($input: DeleteEmotionVoiceInput!) {
    result: deleteEmotionVoice(input: $input) { deletedId userErrors { message } }
  }`,

  VoiceTrainingProgress: `subscription VoiceTrainingProgress($id: ID!) {
    state: voiceTrainingProgress(id: $id) { ...EmotionVoice }
  }
  ${EMOTION_VOICE}`,

  FindStories: `query FindStories($search: String) {
    stories(first: 50, search: $search) { totalCount edges { node { id title } } }
  }`,

  StoryToHear: `query StoryToHear($id: ID!) {
    node(id: $id) {
      ... on ReferenceStory {
        id
        title
        language
        analysisStatus
        analysis { segments(first: 6) { edges { node { id text } } } }
        userNarrations(first: 20) { edges { node { ...Narration } } }
      }
    }
  }
  ${NARRATION}`,

  HearVoice: `mutation HearVoice($input: PreviewVoiceInput!) {
    result: previewVoice(input: $input) {
      preview { url durationMs degraded { feature reason } }
      userErrors { message }
    }
  }`,

  VoicesToCast: `query VoicesToCast($language: String!) {
    voices(first: 100, filter: { language: $language }) { edges { node { ...VoiceName } } }
  }
  ${VOICE_NAME}`,

  NarrateInVoice: narrationMutation("NarrateInVoice", "createNarration"),
  CastVoice: narrationMutation("CastVoice", "updateNarration"),
  RenderInVoice: narrationMutation("RenderInVoice", "renderNarration"),
  CancelRender: narrationMutation("CancelRender", "cancelNarration"),
  PublishInVoice: narrationMutation("PublishInVoice", "publishNarration"),
  UnpublishInVoice: narrationMutation("UnpublishInVoice", "unpublishNarration"),

  NarrationProgress: `subscription NarrationProgress($id: ID!) {
    state: narrationProgress(id: $id) { ...Narration }
  }
  ${NARRATION}`,
};
