/** The nested page: the public stories with their analyses and the viewer's narrations. */
export const NESTED_PAGE = `query NestedPage($first: Int!) {
  stories(first: $first) {
    totalCount
    edges { node {
      id title excerpt
      originalAuthor { displayName }
      analysis { summary textMood { label } characters { name quoteCount } }
      voiceModulationTemplates(first: 3) { edges { occurrences example { text } node { key } } }
      userNarrations(first: 3) { edges { node {
        id title narrator { displayName } narratorVoice { displayName }
        cast { character { name } voice { displayName } }
        segments(first: 4) { edges { node {
          text speaker { name } voice { displayName } storySegment { text }
        } } }
      } } }
    } }
  }
}`;

export const PROGRESS = `subscription Progress($storyId: ID!) {
  storyAnalysisProgress(storyId: $storyId) { status fraction story { id title analysisStatus } }
}`;

export const CREATE_STORY = `mutation CreateStory($input: CreateStoryInput!) {
  createStory(input: $input) {
    story { id version slug visibility content title }
    userErrors { code message path }
  }
}`;

export const PUBLISH_STORY = `mutation PublishStory($input: PublishStoryInput!) {
  publishStory(input: $input) {
    story { id version slug visibility analysisStatus }
    userErrors { code message path }
  }
}`;

export const UPDATE_STORY = `mutation UpdateStory($input: UpdateStoryInput!) {
  updateStory(input: $input) {
    story { id version title content }
    userErrors { code message path }
  }
}`;

export const ARCHIVE_STORY = `mutation ArchiveStory($input: ArchiveStoryInput!) {
  archiveStory(input: $input) {
    story { id version visibility }
    userErrors { code message path }
  }
}`;

const NARRATION = `narration {
  id version title narrationVisibility shareToken isOutdated
  segments(first: 100) { totalCount edges { node { index text speaker { name } voice { id } } } }
}`;

export const CREATE_NARRATION = `mutation CreateNarration($input: CreateNarrationInput!) {
  createNarration(input: $input) { ${NARRATION} userErrors { code message path } }
}`;

export const FORK_NARRATION = `mutation ForkNarration($input: ForkNarrationInput!) {
  forkNarration(input: $input) {
    narration { id title } story { id } userErrors { code message path } }
}`;

export const UPDATE_NARRATION = `mutation UpdateNarration($input: UpdateNarrationInput!) {
  updateNarration(input: $input) { ${NARRATION} userErrors { code message path } }
}`;

export const EDIT_SEGMENTS = `mutation EditSegments($input: UpdateNarrationSegmentsInput!) {
  updateNarrationSegments(input: $input) { ${NARRATION} userErrors { code message path } }
}`;

export const REBASE_NARRATION = `mutation RebaseNarration($input: RebaseNarrationInput!) {
  rebaseNarration(input: $input) {
    ${NARRATION} placedEdits newSegments unplaced { text storyText reason index }
    userErrors { code message path }
  }
}`;

export const DISMISS_UNPLACED = `mutation DismissUnplaced($input: DismissUnplacedEditsInput!) {
  dismissUnplacedEdits(input: $input) { ${NARRATION} userErrors { code message path } }
}`;

export const PUBLISH_NARRATION = `mutation PublishNarration($input: PublishNarrationInput!) {
  publishNarration(input: $input) { ${NARRATION} userErrors { code message path } }
}`;

export const UNPUBLISH_NARRATION = `mutation UnpublishNarration($input: UnpublishNarrationInput!) {
  unpublishNarration(input: $input) { ${NARRATION} userErrors { code message path } }
}`;

export const DELETE_NARRATION = `mutation DeleteNarration($input: DeleteNarrationInput!) {
  deleteNarration(input: $input) { deletedId ${NARRATION} userErrors { code message path } }
}`;

export const READ_NARRATION = `query ReadNarration($by: NarrationByInput!) {
  narration(by: $by) {
    id title narrationVisibility shareToken narrator { displayName } referenceStory { id title visibility }
    segments(first: 100) { totalCount edges { node { text speaker { name } } } }
  }
}`;

const RENDERED = `id version status durationMs failure { code message segment { index text } }
  progress { renderedSegments reusedSegments totalSegments etaSeconds }`;

export const RENDER_NARRATION = `mutation RenderNarration($input: RenderNarrationInput!) {
  renderNarration(input: $input) { narration { ${RENDERED} } userErrors { code message path } }
}`;

export const CANCEL_NARRATION = `mutation CancelNarration($input: CancelNarrationInput!) {
  cancelNarration(input: $input) { narration { ${RENDERED} } userErrors { code message path } }
}`;

export const NARRATION_PROGRESS = `subscription NarrationProgress($id: ID!) {
  narrationProgress(id: $id) { ${RENDERED} }
}`;

export const VIEWER_NARRATION_PROGRESS = `subscription ViewerNarrationProgress {
  viewerNarrationProgress { ${RENDERED} }
}`;

export const READ_AUDIO = `query ReadAudio($id: ID!) {
  narration(by: { id: $id }) {
    ${RENDERED}
    renderEstimate { segmentsToRender seconds cost { micros currency } unavailableVoices { displayName } }
    segments(first: 100) { edges { node {
      index text isStale degraded { feature reason }
      audio { url startMs durationMs words { text start end startMs endMs } }
    } } }
    audio {
      durationMs loudnessLufs sizeBytes expiresAt chapters { title startMs endMs }
      mp3: url(format: MP3) opus: url(format: OPUS) wav: url(format: WAV)
      captionsUrl timingsUrl
    }
  }
}`;
