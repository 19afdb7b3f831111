import {
  type NarratedSegment,
  type NarrationEntity,
  type NarrationSegmentEntity,
  type NarrationView,
  viewOfEdition,
  viewOfNarration,
} from "../../instances/index.js";
import type { Page, PageRequest } from "../../platform/database/reading/keyset.js";
import { EMPTY_PAGE } from "../../platform/database/reading/loaders.js";
import type { EditionEntity, EditionSegmentEntity } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { toGlobalId } from "../relay/global-id.js";
import { pageWith } from "../relay/pagination.js";
import { UserStoryNarration } from "./narration.type.js";

/** Returns the narration as its owner sees it. Call this only if the viewer is the owner. */
export const toNarration = (row: NarrationEntity): UserStoryNarration =>
  withGlobalId(viewOfNarration(row));

const withGlobalId = (view: NarrationView): UserStoryNarration =>
  Object.assign(new UserStoryNarration(), view, {
    id: toGlobalId("UserStoryNarration", view.narrationId),
  });

/**
 * Returns the narration of each edition as the viewer sees the narration: the current row if the viewer
 * is the owner, otherwise the edition.
 */
export async function toNarrations(
  { instances }: FabulaContext,
  editions: readonly EditionEntity[],
): Promise<readonly UserStoryNarration[]> {
  const own = await Promise.all(
    editions.map(async ({ narrationId }) => instances?.narrations.byId.load(narrationId)),
  );
  return editions.map((edition, index) => {
    const row = own[index];
    return row ? toNarration(row) : withGlobalId(viewOfEdition(edition));
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
): Promise<UserStoryNarration | null> {
  const [own, edition] = await Promise.all([
    instances?.narrations.byId.load(id) ?? null,
    reference.editions.byNarrationId.load(id),
  ]);
  if (own) return toNarration(own);
  return edition ? withGlobalId(viewOfEdition(edition)) : null;
}

/** A segment with its narration. The narration contains the cast and the id of the analysis. */
export interface SegmentSource extends NarratedSegment {
  readonly isEdited: boolean;
  readonly narration: UserStoryNarration;
}

/** Loads a page of a narration's script, from the owner's rows or from the edition's rows. */
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
    ? { row, narration, isEdited: row.isEdited, lastRendered: row, publishedSound: null }
    : { row, narration, isEdited: false, lastRendered: null, publishedSound: row.audio };
