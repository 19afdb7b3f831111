import {
  type EditionEntity,
  type NarrationFiles,
  type PublishedLegacySound,
  type PublishedVoice,
  type ReferenceLoaders,
  isLegacySound,
} from "../../reference/index.js";
import type { CastMember } from "./voices/cast.js";
import {
  type NarrationEntity,
  NarrationStatus,
  type NarrationVisibility,
} from "./narration.entity.js";
import type { VoiceModifications } from "./voices/voice-modifications.js";

/** Why a render failed. */
export interface NarrationFailure {
  readonly code: string;
  readonly message: string;
  /** The position of the failed segment. null if no single segment caused the failure. */
  readonly position: number | null;
}

/** A narration as one viewer may see it: the current row for the owner, the edition for everyone else. */
export interface NarrationView {
  readonly narrationId: string;
  readonly isOwn: boolean;
  readonly narratorUserId: string;
  readonly storyId: number;
  readonly analysisId: number | null;
  readonly title: string | null;
  readonly narratorVoice: string;
  readonly narratorVoiceName: string;
  readonly narratorVoiceType: "ai" | "user";
  readonly voiceCast: readonly CastMember[];
  /** The personal voices of an edition, by the ids that the edition has for these voices. */
  readonly publishedVoices: readonly PublishedVoice[];
  readonly voiceModifications: VoiceModifications;
  readonly segmentCount: number;
  readonly status: NarrationStatus;
  readonly failure: NarrationFailure | null;
  readonly audio: NarrationFiles | null;
  /** The sound of the legacy platform in an edition. null for the owner. */
  readonly publishedLegacySound: PublishedLegacySound | null;
  readonly durationMs: number | null;
  readonly visibility: NarrationVisibility;
  readonly unpublishedCount: number;
  readonly shareToken: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly publishedAt: Date | null;
}

/** Returns the narration as its owner sees it. */
export const viewOfNarration = (row: NarrationEntity): NarrationView => ({
  narrationId: row.id,
  isOwn: true,
  narratorUserId: row.userId,
  storyId: row.referenceStoryId,
  analysisId: row.analysisId,
  title: row.title,
  narratorVoice: row.narratorVoice,
  narratorVoiceName: row.narratorVoiceName,
  narratorVoiceType: row.narratorVoiceType,
  voiceCast: row.voiceCast,
  publishedVoices: [],
  voiceModifications: row.voiceModifications,
  segmentCount: row.segmentCount,
  status: row.status,
  failure: row.failure && readFailure(row.failure),
  audio: row.audio,
  publishedLegacySound: null,
  durationMs: row.durationMs,
  visibility: row.visibility,
  unpublishedCount: row.unpublishedCount,
  shareToken: row.shareToken,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  publishedAt: row.publishedAt,
});

/** Returns the narration as everyone except its owner sees it: the edition, without later changes. */
export function viewOfEdition(row: EditionEntity): NarrationView {
  const { header } = row;
  return {
    narrationId: row.narrationId,
    isOwn: false,
    narratorUserId: row.userId,
    storyId: row.referenceStoryId,
    analysisId: header.analysisId,
    title: header.title,
    narratorVoice: header.narratorVoice,
    narratorVoiceName: header.narratorVoiceName,
    narratorVoiceType: header.narratorVoiceType,
    voiceCast: header.voiceCast,
    publishedVoices: header.personalVoices ?? [],
    voiceModifications: header.voiceModifications,
    segmentCount: row.segmentCount,
    // An edition never changes, so its audio is ready or was never made.
    status:
      (header.hasSound ?? row.audioBlobKey !== null)
        ? NarrationStatus.Ready
        : NarrationStatus.Draft,
    failure: null,
    audio: isLegacySound(row.audio) ? null : row.audio,
    publishedLegacySound: isLegacySound(row.audio) ? row.audio : null,
    durationMs: row.durationMs,
    visibility: row.visibility,
    unpublishedCount: row.unpublishedCount,
    shareToken: null,
    version: row.edition,
    createdAt: new Date(header.createdAt),
    updatedAt: row.publishedAt,
    publishedAt: row.publishedAt,
  };
}

/** Returns true if the story's text changed after the narration's script was made. */
export async function isOutdated(
  { storyId, analysisId }: Pick<NarrationView, "storyId" | "analysisId">,
  { stories, analyses }: Pick<ReferenceLoaders, "stories" | "analyses">,
): Promise<boolean> {
  if (analysisId === null) return false;
  const [story, analysis] = await Promise.all([
    stories.byId.load(storyId),
    analyses.byId.load(analysisId),
  ]);
  return story !== null && analysis !== null && story.contentHash !== analysis.contentHash;
}

/**
 * Returns the chapters of a narration's audio, with times in milliseconds. Each chapter ends where the
 * next chapter starts. The last chapter ends with the audio.
 */
export function timedChapters(
  { chapters }: NarrationFiles,
  durationMs: number,
): { readonly title: string; readonly startMs: number; readonly endMs: number }[] {
  return chapters.map((chapter, index) => ({
    ...chapter,
    endMs: chapters[index + 1]?.startMs ?? durationMs,
  }));
}

// A failure that an earlier version of the server wrote, or that was migrated, may lack members.
function readFailure(failure: object): NarrationFailure {
  const { code, message, position }: Partial<Record<keyof NarrationFailure, unknown>> = failure;
  return {
    code: typeof code === "string" ? code : "RENDER_FAILED",
    message:
      typeof message === "string" ? message : "Rendering failed; render the narration again.",
    position: typeof position === "number" ? position : null,
  };
}
