import {
  type NarratedSegment,
  type NarrationDetails,
  type NarrationSegmentEntity,
  type NarrationView,
  PublishedNarration,
  type WholeNarration,
  isOwn,
} from "../../../instances/index.js";
import type { EditionEntity, EditionSegmentEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";

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
  return editions.map((edition, index) => own[index] ?? new PublishedNarration(edition));
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
  return own ?? (edition && new PublishedNarration(edition));
}

/**
 * Finds the narration whose share link has this hash. To present the hash is the right to read: the owner's id is
 * not, and a hash whose link has ended finds nothing.
 */
export async function findSharedNarration(
  context: FabulaContext,
  shareTokenHash: string,
): Promise<WholeNarration | null> {
  context.presentShareToken(shareTokenHash);
  const edition = await context.reference.editions.byShareTokenHash.load(shareTokenHash);
  const [narration] = await toNarrations(context, edition ? [edition] : []);
  return narration ?? null;
}

/**
 * Returns how a narration sounds. Reads the details of a narration that comes from a list of its owner.
 * Returns null if this narration was deleted in the meantime.
 */
export async function detailsOf(
  narration: NarrationView | WholeNarration,
  { instances }: FabulaContext,
): Promise<NarrationDetails | null> {
  if ("voiceCast" in narration) return narration;
  return instances?.narrations.detailsById.load(narration.id) ?? null;
}

/** A segment with its narration. The narration contains the id of the analysis, the details the cast. */
export interface SegmentSource extends NarratedSegment {
  readonly isEdited: boolean;
}

/** Loads one segment of a narration's script. Returns null if the script does not have the segment. */
export async function loadSegment(
  narration: NarrationView,
  context: FabulaContext,
  position: number,
): Promise<SegmentSource | null> {
  const { instances, reference } = context;
  const key = `${narration.id}.${position}`;
  const [row, details] = await Promise.all([
    isOwn(narration)
      ? instances?.narrations.segmentAt.load(key)
      : reference.editions.segmentAt.load(key),
    detailsOf(narration, context),
  ]);
  return row && details ? toSegment({ narration, details }, row) : null;
}

export const toSegment = (
  { narration, details }: Pick<SegmentSource, "narration" | "details">,
  row: NarrationSegmentEntity | EditionSegmentEntity,
): SegmentSource =>
  "isEdited" in row
    ? new OwnSegment(narration, details, row)
    : new PublishedSegment(narration, details, row);

/** A segment of the owner's script. A class, because a page has thousands of segments. */
class OwnSegment implements SegmentSource {
  readonly publishedSound = null;

  constructor(
    readonly narration: NarrationView,
    readonly details: NarrationDetails,
    readonly row: NarrationSegmentEntity,
  ) {}

  get isEdited(): boolean {
    return this.row.isEdited;
  }

  get lastRendered(): NarrationSegmentEntity {
    return this.row;
  }
}

class PublishedSegment implements SegmentSource {
  readonly isEdited = false;
  readonly lastRendered = null;

  constructor(
    readonly narration: NarrationView,
    readonly details: NarrationDetails,
    readonly row: EditionSegmentEntity,
  ) {}

  get publishedSound(): EditionSegmentEntity["audio"] {
    return this.row.audio;
  }
}
