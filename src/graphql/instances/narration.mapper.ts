import {
  type LastRenderedSound,
  type NarrationEntity,
  type NarrationSegmentEntity,
  NarrationStatus,
} from "../../instances/index.js";
import type { Page, PageRequest } from "../../platform/database/keyset.js";
import { EMPTY_PAGE } from "../../platform/database/loaders.js";
import type { EditionEntity, EditionSegmentEntity, SegmentSound } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { toGlobalId } from "../relay/global-id.js";
import { pageWith } from "../relay/pagination.js";
import { UserStoryNarration } from "./narration.type.js";

/** The narration as its owner, the viewer, sees it. */
export function toNarration(row: NarrationEntity): UserStoryNarration {
  return Object.assign(new UserStoryNarration(), {
    id: toGlobalId("UserStoryNarration", row.id),
    title: row.title,
    narratorVoiceType: row.narratorVoiceType,
    status: row.status,
    failureRow: row.failure,
    durationMs: row.durationMs,
    visibility: row.visibility,
    shareToken: row.shareToken,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    publishedAt: row.publishedAt,
    narrationId: row.id,
    isOwn: true,
    narratorUserId: row.userId,
    storyId: row.referenceStoryId,
    analysisId: row.analysisId,
    voice: { id: row.narratorVoice, name: row.narratorVoiceName },
    castRows: row.voiceCast,
    modifications: row.voiceModifications,
    segmentCount: row.segmentCount,
    audio: row.audio,
  });
}

/** The narration as anyone else sees it: its edition, and nothing newer. */
function toPublishedNarration(row: EditionEntity): UserStoryNarration {
  const { header } = row;
  return Object.assign(new UserStoryNarration(), {
    id: toGlobalId("UserStoryNarration", row.narrationId),
    title: header.title,
    narratorVoiceType: header.narratorVoiceType,
    status: row.audioBlobKey === null ? NarrationStatus.Draft : NarrationStatus.Ready,
    failureRow: null,
    durationMs: row.durationMs,
    visibility: row.visibility,
    shareToken: null,
    version: row.edition,
    createdAt: new Date(header.createdAt),
    updatedAt: row.publishedAt,
    publishedAt: row.publishedAt,
    narrationId: row.narrationId,
    isOwn: false,
    narratorUserId: row.userId,
    storyId: row.referenceStoryId,
    analysisId: header.analysisId,
    voice: { id: header.narratorVoice, name: header.narratorVoiceName },
    castRows: header.voiceCast,
    modifications: header.voiceModifications,
    segmentCount: row.segmentCount,
    audio: row.audio,
  });
}

/** Editions as the viewer sees them: their own among these are their own narrations. */
export async function toNarrations(
  { instances }: FabulaContext,
  editions: readonly EditionEntity[],
): Promise<readonly UserStoryNarration[]> {
  const own = await Promise.all(
    editions.map(async ({ narrationId }) => instances?.narrations.byId.load(narrationId)),
  );
  return editions.map((edition, index) => {
    const row = own[index];
    return row ? toNarration(row) : toPublishedNarration(edition);
  });
}

/** One narration by its raw id: the viewer's own, else a public edition. Both are asked, so the statements are the same. */
export async function findNarration(
  { instances, reference }: FabulaContext,
  id: string,
): Promise<UserStoryNarration | null> {
  const [own, edition] = await Promise.all([
    instances?.narrations.byId.load(id) ?? null,
    reference.editions.byNarrationId.load(id),
  ]);
  if (own) return toNarration(own);
  return edition ? toPublishedNarration(edition) : null;
}

/** A segment with its narration, which knows the cast and the analysis. */
export interface SegmentSource {
  readonly row: Pick<
    NarrationSegmentEntity,
    | "position"
    | "storyPosition"
    | "kind"
    | "text"
    | "speakerId"
    | "emotion"
    | "intensity"
    | "voice"
    | "prosody"
    | "pauseAfterMs"
  >;
  readonly isEdited: boolean;
  /** What it was last rendered to; null to others. */
  readonly kept:
    (LastRenderedSound & Pick<NarrationSegmentEntity, "startMs" | "joinDegraded">) | null;
  /** To others, the sound it was published with. */
  readonly publishedSound: SegmentSound | null;
  readonly narration: UserStoryNarration;
}

/** A page of a narration's script, from the owner's rows or from the edition's. */
export async function loadSegments(
  narration: UserStoryNarration,
  { instances, reference }: FabulaContext,
  page: PageRequest,
): Promise<Page<SegmentSource>> {
  const { narrationId, isOwn } = narration;
  const rows: Page<NarrationSegmentEntity | EditionSegmentEntity> = isOwn
    ? ((await instances?.narrations.segments(page).load(narrationId)) ?? EMPTY_PAGE)
    : await reference.editions.segments(page).load(narrationId);
  return pageWith(rows, (segments) => segments.map((row) => toSegment(narration, row)));
}

export const toSegment = (
  narration: UserStoryNarration,
  row: NarrationSegmentEntity | EditionSegmentEntity,
): SegmentSource =>
  "isEdited" in row
    ? { row, narration, isEdited: row.isEdited, kept: row, publishedSound: null }
    : { row, narration, isEdited: false, kept: null, publishedSound: row.audio };
