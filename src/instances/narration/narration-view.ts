import type {
  NarrationFiles,
  PublishedLegacySound,
  PublishedVoice,
  ReferenceLoaders,
} from "../../reference/index.js";
import type { NarrationDetails, NarrationStatus, NarrationVisibility } from "./narration.entity.js";

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
  /** The personal voices of an edition, by the ids that the edition has for these voices. */
  readonly publishedVoices: readonly PublishedVoice[];
  readonly segmentCount: number;
  readonly status: NarrationStatus;
  readonly failure: NarrationFailure | null;
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

/** A narration with the parts that the owner's lists do not read. */
export interface WholeNarration extends NarrationView, NarrationDetails {}

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
