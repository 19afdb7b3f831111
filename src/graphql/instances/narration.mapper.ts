import {
  type ListedNarration,
  type NarratedSegment,
  type NarrationEntity,
  type NarrationSegmentEntity,
  OwnNarration,
  PublishedNarration,
  type WholeNarration,
  WholeOwnNarration,
} from "../../instances/index.js";
import type { Page, PageRequest } from "../../platform/database/reading/keyset.js";
import { EMPTY_PAGE } from "../../platform/database/reading/loaders.js";
import type { EditionEntity, EditionSegmentEntity } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { pageWith } from "../relay/pagination.js";

/** A narration of a list of its owner, or a narration with its details. */
export type NarrationSource = OwnNarration | WholeNarration;

/** Returns the narration as its owner sees it. Call this only if the viewer is the owner. */
export const toNarration = (row: NarrationEntity): WholeNarration =>
  new WholeOwnNarration(row, row);

/** Does the same as `toNarration` for the rows of a list. */
export const toListedNarrations = (rows: readonly ListedNarration[]): NarrationSource[] =>
  rows.map((row) => new OwnNarration(row));

/**
 * Returns the narration of each edition as the viewer sees the narration: the current row if the viewer
 * is the owner, otherwise the edition.
 */
export async function toNarrations(
  { instances }: FabulaContext,
  editions: readonly EditionEntity[],
): Promise<readonly WholeNarration[]> {
  const own = await Promise.all(
    editions.map(async ({ narrationId }) => instances?.narrations.byId.load(narrationId)),
  );
  return editions.map((edition, index) => {
    const row = own[index];
    return row ? toNarration(row) : new PublishedNarration(edition);
  });
}

/**
 * Finds one narration by its raw id: the viewer's own narration, or else an edition that the viewer may
 * read. Always reads the row and the edition, so that the number of statements does not show whether
 * the viewer is the owner.
 */
export async function findNarration(
  { instances, reference }: FabulaContext,
  id: string,
): Promise<WholeNarration | null> {
  const [own, edition] = await Promise.all([
    instances?.narrations.byId.load(id) ?? null,
    reference.editions.byNarrationId.load(id),
  ]);
  if (own) return toNarration(own);
  return edition && new PublishedNarration(edition);
}

const NO_DETAILS = { voiceCast: [], voiceModifications: {}, audio: null };

/** Returns the narration with its details. Reads the details if the narration comes from a list. */
export async function wholeNarration(
  narration: NarrationSource,
  { instances }: FabulaContext,
): Promise<WholeNarration> {
  if ("voiceCast" in narration) return narration;
  // A narration that was deleted in the meantime has no details.
  const details = await instances?.narrations.detailsById.load(narration.narrationId);
  return narration.with(details ?? NO_DETAILS);
}

/** A segment with its narration. The narration contains the cast and the id of the analysis. */
export interface SegmentSource extends NarratedSegment {
  readonly isEdited: boolean;
}

/**
 * Loads a page of a narration's script, from the owner's rows or from the edition's rows. The details of
 * the narration come in the same round trip, because every voice of a segment needs the cast.
 */
export async function loadSegments(
  narration: NarrationSource,
  context: FabulaContext,
  page: PageRequest,
): Promise<Page<SegmentSource>> {
  const { narrationId, isOwn } = narration;
  const { instances, reference } = context;
  const [rows, whole] = await Promise.all([
    isOwn
      ? (instances?.narrations.segments(page).load(narrationId) ?? EMPTY_PAGE)
      : reference.editions.segments(page).load(narrationId),
    wholeNarration(narration, context),
  ]);
  return pageWith<NarrationSegmentEntity | EditionSegmentEntity, SegmentSource>(rows, (segments) =>
    segments.map((row) => toSegment(whole, row)),
  );
}

export const toSegment = (
  narration: WholeNarration,
  row: NarrationSegmentEntity | EditionSegmentEntity,
): SegmentSource =>
  "isEdited" in row
    ? { row, narration, isEdited: row.isEdited, lastRendered: row, publishedSound: null }
    : { row, narration, isEdited: false, lastRendered: null, publishedSound: row.audio };
