import type {
  NarrationFiles,
  PublishedLegacySound,
  PublishedVoice,
  ReferenceLoaders,
} from "../../reference/index.js";
import { ErrorCode } from "../../platform/errors.js";
import { CONSENT_ENDED } from "../consent/consent-end.js";
import type { NarrationDetails } from "./narration.entity.js";
import type { ListedNarration } from "./narration.store.js";

export const FailureCode = {
  ProviderFailed: ErrorCode.ProviderFailed,
  ConsentEnded: CONSENT_ENDED,
  RenderFailed: "RENDER_FAILED",
} as const;
export type FailureCode = (typeof FailureCode)[keyof typeof FailureCode];

/** Why a render failed. */
export interface NarrationFailure {
  readonly code: FailureCode;
  readonly message: string;
  /** The position of the failed segment. null if no single segment caused the failure. */
  readonly position: number | null;
}

/** What an edition has in addition. */
interface EditionFacts {
  /** The personal voices, by the ids that the edition has for these voices. */
  readonly voices: readonly PublishedVoice[];
  readonly legacySound: PublishedLegacySound | null;
  /** The hash of the share link, for an edition that only the readers of the link may read. */
  readonly shareTokenHash: string | null;
}

/**
 * A narration as one viewer may see it: the current row for the owner, a PublishedNarration for everyone
 * else.
 */
export interface NarrationView extends ListedNarration {
  /** Absent in the row of the owner. */
  readonly published?: EditionFacts;
  /**
   * The title of the story. null if the viewer may not see the story. Only lists set the title, because they
   * know the stories.
   */
  storyTitle?: string | null | undefined;
}

/** A narration with the parts that the owner's lists do not read. */
export type WholeNarration = NarrationView & NarrationDetails;

export const isOwn = ({ published }: NarrationView): boolean => published === undefined;

/** The title of a narration without a title of its own, for those who may not see the story. */
const UNTITLED = "Narration";

/** Returns the title that the owner gave, or else the title of the story. */
export const titleOf = (
  { title }: Pick<NarrationView, "title">,
  storyTitle: string | null | undefined,
): string => title ?? storyTitle ?? UNTITLED;

/**
 * Reads the story and returns the narration's title. Reads the story of every narration, so that the number
 * of statements does not depend on the rows.
 */
export async function readTitle(
  narration: Pick<NarrationView, "title" | "referenceStoryId">,
  { stories }: Pick<ReferenceLoaders, "stories">,
): Promise<string> {
  const story = await stories.byId.load(narration.referenceStoryId);
  return titleOf(narration, story?.title);
}

/** Returns true if the story's text changed after the narration's script was made. */
export async function isOutdated(
  { referenceStoryId, analysisId }: Pick<NarrationView, "referenceStoryId" | "analysisId">,
  { stories, analyses }: Pick<ReferenceLoaders, "stories" | "analyses">,
): Promise<boolean> {
  if (analysisId === null) return false;
  const [story, analysis] = await Promise.all([
    stories.byId.load(referenceStoryId),
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

/** Returns why the last render of a narration failed. */
export function failureOf({ failure }: Pick<NarrationView, "failure">): NarrationFailure | null {
  if (failure === null) return null;
  // A failure that an earlier version of the server wrote, or that was migrated, may lack members.
  const { code, message, position }: Partial<Record<keyof NarrationFailure, unknown>> = failure;
  return {
    code: Object.values(FailureCode).find((each) => each === code) ?? FailureCode.RenderFailed,
    message:
      typeof message === "string" ? message : "Rendering failed; render the narration again.",
    position: typeof position === "number" ? position : null,
  };
}
