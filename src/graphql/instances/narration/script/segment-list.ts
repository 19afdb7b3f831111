import { type ComparedLine, type NarrationView, isOwn } from "../../../../instances/index.js";
import {
  type Page,
  type PageRequest,
  pageOfNumbers,
  pageWithNodes,
} from "../../../../platform/database/reading/keyset.js";
import { EMPTY_PAGE } from "../../../../platform/database/reading/loaders.js";
import type { ScriptFilter } from "../../../../reference/index.js";
import type { FabulaContext } from "../../../context.js";
import { EMPTY_LISTING, type Listing } from "../../../relay/pagination.js";
import { type SegmentSource, detailsOf, toSegment } from "../narration.mapper.js";
import type { NarrationSegmentFilter } from "../narration.type.js";

/** The filters of a script. An absent member filters nothing. */
export interface SegmentListFilter extends ScriptFilter {
  readonly isEdited?: boolean | undefined;
  readonly isStale?: boolean | undefined;
}

/** Reads the filter that a client sent. `speakerId` is the raw id of the character. */
export const readSegmentFilter = (
  { fromIndex, toIndex, kinds, isStale, isEdited }: Omit<NarrationSegmentFilter, "speakerId">,
  speakerId: string | undefined,
): SegmentListFilter => ({
  ...{ fromIndex: fromIndex ?? undefined, toIndex: toIndex ?? undefined, speakerId },
  kinds: kinds?.length ? [...new Set(kinds)] : undefined,
  ...{ isStale: isStale ?? undefined, isEdited: isEdited ?? undefined },
});

type RowFilter = Omit<SegmentListFilter, "isStale">;

/** Lists the segments of a narration's script. Only segments of the owner can be edited or stale. */
export function segmentListing(
  narration: NarrationView,
  context: FabulaContext,
  { isStale, ...filter }: SegmentListFilter,
): Listing<SegmentSource> {
  if (!isOwn(narration)) return isStale || filter.isEdited ? EMPTY_LISTING : published();
  if (isStale !== undefined) return new StaleList(narration, context, { filter, isStale });
  return {
    load: (page) => loadSegments(narration, context, { ...filter, page }),
    count: async () =>
      isWhole(filter)
        ? narration.segmentCount
        : (context.instances?.narrations.segmentCount(filter).load(narration.id) ?? 0),
  };

  function published(): Listing<SegmentSource> {
    const { isEdited: _isEdited, ...wanted } = filter;
    return {
      load: (page) => loadSegments(narration, context, { ...wanted, page }),
      count: async () =>
        isWhole(wanted)
          ? narration.segmentCount
          : context.reference.editions.segmentCount(wanted).load(narration.id),
    };
  }
}

const isWhole = (filter: RowFilter): boolean =>
  Object.values(filter).every((value) => value === undefined);

/**
 * Loads a page of a narration's script, from the owner's rows or from the edition's rows. The details of
 * the narration come in the same round trip, because every voice of a segment needs the cast.
 */
async function loadSegments(
  narration: NarrationView,
  context: FabulaContext,
  list: RowFilter & { readonly page: PageRequest },
): Promise<Page<SegmentSource>> {
  const { instances, reference } = context;
  const [rows, details] = await Promise.all([
    isOwn(narration)
      ? (instances?.narrations.segments(list).load(narration.id) ?? EMPTY_PAGE)
      : reference.editions.segments(list).load(narration.id),
    detailsOf(narration, context),
  ]);
  if (!details) return EMPTY_PAGE;
  const segments = rows.nodes.map((row) => toSegment({ narration, details }, row));
  return pageWithNodes(rows, segments);
}

/**
 * The segments that are stale, or those that are not. The rows do not tell, so this list compares the whole
 * script, once for its page and its count.
 */
class StaleList implements Listing<SegmentSource> {
  #positions: Promise<readonly number[]> | null = null;

  constructor(
    private readonly narration: NarrationView,
    private readonly context: FabulaContext,
    private readonly wanted: { readonly filter: RowFilter; readonly isStale: boolean },
  ) {}

  readonly load = async (request: PageRequest): Promise<Page<SegmentSource>> => {
    const { narration, context } = this;
    const page = pageOfNumbers(await this.find(), request);
    const keys = page.nodes.map((position) => `${narration.id}.${position}`);
    const [details, ...rows] = await Promise.all([
      detailsOf(narration, context),
      ...keys.map(async (key) => context.instances?.narrations.segmentAt.load(key)),
    ]);
    if (!details) return EMPTY_PAGE;
    const segments = rows.map((row) => (row ? toSegment({ narration, details }, row) : undefined));
    return pageWithNodes(page, segments);
  };

  readonly count = async (): Promise<number> => (await this.find()).length;

  private find(): Promise<readonly number[]> {
    return (this.#positions ??= this.compare());
  }

  private async compare(): Promise<readonly number[]> {
    const { filter, isStale } = this.wanted;
    const lines = await this.context.comparedLines?.load(this.narration.id);
    return (lines ?? [])
      .filter((line) => line.isStale === isStale && matches(line, filter))
      .map(({ position }) => position);
  }
}

const matches = (
  { position, kind, speakerId, isEdited }: ComparedLine,
  { fromIndex = 0, toIndex = Infinity, kinds = [kind], ...wanted }: RowFilter,
): boolean =>
  position >= fromIndex &&
  position <= toIndex &&
  kinds.includes(kind) &&
  (wanted.speakerId ?? speakerId) === speakerId &&
  (wanted.isEdited ?? isEdited) === isEdited;
