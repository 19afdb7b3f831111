import { readRows, selectList } from "../../platform/database/reading/columns.js";
import {
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  pageWithPlaces,
} from "../../platform/database/reading/keyset.js";
import { countsByParent } from "../../platform/database/reading/parents.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { TextEdit } from "../../platform/text/edited-text.js";
import type { ApparatusKind } from "../reading/span.js";
import { StoryApparatusEntity } from "./analysis.entity.js";
import type { SegmentPlace } from "./look-up/segment-place.js";

const START: ListOrder = {
  sort: "a.utf16_start",
  type: "integer",
  id: "a.utf16_start",
  idType: "integer",
  descending: false,
};

export interface ApparatusFilter {
  readonly kinds?: readonly ApparatusKind[] | undefined;
}

/** A segment's apparatus, as edits of the segment's text. */
export interface SegmentApparatus extends SegmentPlace {
  readonly edits: readonly TextEdit[];
}

/**
 * SQL: the apparatus inside the story segment with this alias, as a JSON array of edits of the segment's text,
 * in order. NULL without apparatus.
 */
export const segmentApparatus = (segment: string): string =>
  `(SELECT jsonb_agg(jsonb_build_object('start', a.utf16_start - ${segment}.utf16_start,
       'end', a.utf16_end - ${segment}.utf16_start, 'text', a.said) ORDER BY a.utf16_start)
     FROM reference.story_apparatus a
     WHERE a.analysis_id = ${segment}.analysis_id AND a.utf16_start >= ${segment}.utf16_start
       AND a.utf16_start < ${segment}.utf16_end AND a.utf16_end <= ${segment}.utf16_end)`;

/** The apparatus of analysed texts. */
export const apparatusStore = {
  pages: async (
    tx: Tx,
    analysisIds: readonly number[],
    filter: ApparatusFilter,
    page: PageRequest,
  ): Promise<Map<number, Page<StoryApparatusEntity>>> => {
    const sql = new SqlValues();
    const parents = sql.bind(analysisIds);
    const keyset = keysetClauses(START, page, sql);
    const rows = await readRows(
      tx,
      StoryApparatusEntity,
      `SELECT a.* FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${selectList(tx, StoryApparatusEntity, "a")} FROM reference.story_apparatus a
         WHERE a.analysis_id = p.id${kindClause(filter, sql)}${keyset.where}${keyset.orderBy}${keyset.limit}) a`,
      sql.values,
    );
    const groups = Map.groupBy(rows, ({ analysisId }) => analysisId);
    return new Map(
      [...groups].map(([analysis, group]) => [analysis, pageWithPlaces(group, page, placeOf)]),
    );
  },

  counts: (
    tx: Tx,
    analysisIds: readonly number[],
    filter: ApparatusFilter,
  ): Promise<Map<number, number>> => {
    const sql = new SqlValues();
    const parents = sql.bind(analysisIds);
    return countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM reference.story_apparatus a
         WHERE a.analysis_id = p.id${kindClause(filter, sql)}) c WHERE c.count > 0`,
      sql.values,
    );
  },

  /** Returns the apparatus of single segments. Leaves out segments without apparatus. */
  ofSegments: (tx: Tx, places: readonly SegmentPlace[]): Promise<SegmentApparatus[]> =>
    tx.query<SegmentApparatus[]>(
      `SELECT f.* FROM (
         SELECT s.analysis_id AS "analysisId", s.position, ${segmentApparatus("s")} AS edits
         FROM unnest($1::int[], $2::int[]) AS p (analysis_id, position)
         JOIN reference.story_segments s USING (analysis_id, position)) f
       WHERE f.edits IS NOT NULL`,
      [places.map(({ analysisId }) => analysisId), places.map(({ position }) => position)],
    ),

  /** Inserts rows of apparatus, given as JSON. */
  insert: async (tx: Tx, id: number, rows: string): Promise<void> => {
    await tx.query(
      `INSERT INTO reference.story_apparatus (analysis_id, utf16_start, utf16_end, kind, said)
       SELECT $1, r.* FROM jsonb_to_recordset($2::jsonb)
         AS r (utf16_start int, utf16_end int, kind text, said text)`,
      [id, rows],
    );
  },
};

const placeOf = ({ utf16Start }: StoryApparatusEntity) => {
  const text = String(utf16Start);
  return { sort: text, id: text };
};

const kindClause = ({ kinds }: ApparatusFilter, sql: SqlValues): string =>
  kinds ? ` AND a.kind = ANY(${sql.bind(kinds)})` : "";
