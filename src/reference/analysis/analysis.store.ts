import { queryAs, readRows, selectList } from "../../platform/database/reading/columns.js";
import type { VersionedRow } from "../../platform/database/reading/row-cache.js";
import {
  type SharedRows,
  rowsByIds,
  wholeRows,
} from "../../platform/database/reading/shared-rows.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import {
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
} from "../../platform/database/reading/keyset.js";
import { countsByParent, pagesByPosition } from "../../platform/database/reading/parents.js";
import type { AnalyserKey, AnalyserRef, FinishedAnalysis } from "./running/analysers.js";
import {
  AnalysisEntity,
  type AnalysisFailure,
  AnalysisStatus,
  StorySegmentEntity,
} from "./analysis.entity.js";
import type { SegmentPlace } from "./look-up/segment-place.js";

const POSITION: ListOrder = {
  sort: "s.position",
  type: "integer",
  id: "s.position",
  idType: "integer",
  descending: false,
};

export interface SegmentFilter {
  readonly characterId?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** The first position. */
  readonly fromIndex?: number | undefined;
  /** The last position. */
  readonly toIndex?: number | undefined;
}

/** What is spoken of a segment, and how. */
export type AnalysedLine = Pick<
  StorySegmentEntity,
  "position" | "kind" | "text" | "speakerId" | "emotion" | "intensity"
>;

/** The text of an analysis. Stories with the same text and language share the analysis. */
export interface AnalysedText {
  readonly contentHash: string;
  readonly language: string;
}

/**
 * The state of a text's analysis. `ready` is the best ready analysis. If no analysis is ready,
 * `ready` is null, and `status` is the status of the newest analysis with the highest rank.
 */
export interface CurrentAnalysis {
  readonly status: AnalysisStatus;
  readonly ready: AnalysisEntity | null;
}

/**
 * Orders the analyses `a` of one text: the current analysis comes first. The legacy platform has analyses of
 * other types, which count less.
 */
export const BEST_FIRST =
  "ORDER BY a.status = 'ready' DESC, a.rank DESC, a.analysis_type = 'narrative' DESC, a.id DESC";

/**
 * SQL: selects columns of the best ready analysis `a` of the story with the alias `story`, if the analysis has
 * segments. The analyses of the legacy platform have none.
 */
export const selectAnalysisOf = (story: string, columns: string): string =>
  `SELECT ${columns} FROM reference.story_analyses a
   WHERE a.content_hash = ${story}.content_hash AND a.language = ${story}.language
     AND a.status = 'ready' AND a.segment_count > 0
   ${BEST_FIRST} LIMIT 1`;

/** What a statement that lists stories can read of their analyses. */
export interface ListedColumns {
  /** The id, status and row version of the current analysis, separated by spaces. null without an analysis. */
  readonly currentAnalysis: string | null;
  /** How often templates have changed. null if they never did. */
  readonly templateChanges: string | null;
}

/**
 * Returns the columns for the table of stories with the alias `story`. A subquery in a SELECT list has one
 * column, so the facts of an analysis are one text.
 */
export const listedColumns = (story: string): string =>
  `(SELECT concat_ws(' ', a.id, a.status, a.row_version) FROM reference.story_analyses a
    WHERE a.content_hash = ${story}.content_hash AND a.language = ${story}.language
    ${BEST_FIRST} LIMIT 1) AS "currentAnalysis",
   (SELECT sum(c.changes) FROM reference.template_changes c) AS "templateChanges"`;

/** The class of the advisory locks of texts. The number is arbitrary, and no other lock uses the number. */
export const ANALYSIS_LOCK = 7_301_965;

const wholeAnalyses = wholeRows(AnalysisEntity);

/** The analysis of a text as a statement lists it. */
interface CurrentRow extends VersionedRow {
  readonly textHash: string;
  readonly textLanguage: string;
  readonly textStatus: AnalysisStatus;
}

export const analysisStore = {
  byIds: (
    tx: Tx,
    ids: readonly number[],
    analyses: SharedRows<AnalysisEntity> = wholeAnalyses,
  ): Promise<AnalysisEntity[]> => rowsByIds(tx, ids, AnalysisEntity, analyses),

  /**
   * Returns the best ready analysis of each text. If no analysis is ready, returns the newest
   * analysis of the best rank.
   */
  currentByText: async (
    tx: Tx,
    texts: readonly AnalysedText[],
    analyses: SharedRows<AnalysisEntity> = wholeAnalyses,
  ): Promise<(AnalysedText & CurrentAnalysis)[]> => {
    const rows = await tx.query<CurrentRow[]>(
      `SELECT a.* FROM unnest($1::text[], $2::text[]) AS t (content_hash, language) CROSS JOIN LATERAL (
         SELECT a.content_hash AS "textHash", a.language AS "textLanguage", a.status AS "textStatus",
           ${analyses.columns(tx, "a")} FROM reference.story_analyses a
         WHERE a.content_hash = t.content_hash AND a.language = t.language
         ${BEST_FIRST} LIMIT 1) a`,
      [texts.map(({ contentHash }) => contentHash), texts.map(({ language }) => language)],
    );
    const isReady = ({ textStatus }: CurrentRow): boolean => textStatus === AnalysisStatus.Ready;
    const ready = await analyses.complete(tx, rows.filter(isReady));
    return rows.map((row) => ({
      contentHash: row.textHash,
      language: row.textLanguage,
      status: row.textStatus,
      ready: ready.get(row) ?? null,
    }));
  },

  /** Returns the ready analyses whose text is in a story that the viewer can read. */
  readableByIds: async (tx: Tx, ids: readonly number[]): Promise<AnalysisEntity[]> =>
    queryAs(
      tx,
      AnalysisEntity,
      `SELECT ${selectList(tx, AnalysisEntity, "a")} FROM reference.story_analyses a
       WHERE a.id = ANY($1) AND a.status = 'ready'
         AND EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = a.content_hash)`,
      [ids],
    ),

  segmentPages: async (
    tx: Tx,
    analysisIds: readonly number[],
    filter: SegmentFilter,
    page: PageRequest,
  ): Promise<Map<number, Page<StorySegmentEntity>>> => {
    const sql = new SqlValues();
    const parents = sql.bind(analysisIds);
    const keyset = keysetClauses(POSITION, page, sql);
    const rows = await readRows(
      tx,
      StorySegmentEntity,
      `SELECT s.* FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${selectList(tx, StorySegmentEntity, "s")} FROM reference.story_segments s
         WHERE s.analysis_id = p.id${segmentClauses(filter, sql)}${keyset.where}${keyset.orderBy}${keyset.limit}) s`,
      sql.values,
    );
    return pagesByPosition(rows, page, ({ analysisId }) => analysisId);
  },

  /** Returns the lines of an analysed text, in order. */
  lines: (tx: Tx, analysisId: number): Promise<AnalysedLine[]> =>
    tx.query<AnalysedLine[]>(
      `SELECT s.position, s.kind, s.text, s.speaker_id AS "speakerId", s.emotion, s.intensity
       FROM reference.story_segments s WHERE s.analysis_id = $1 ORDER BY s.position`,
      [analysisId],
    ),

  segmentCounts: (
    tx: Tx,
    analysisIds: readonly number[],
    filter: SegmentFilter,
  ): Promise<Map<number, number>> => {
    const sql = new SqlValues();
    const parents = sql.bind(analysisIds);
    return countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM reference.story_segments s
         WHERE s.analysis_id = p.id${segmentClauses(filter, sql)}) c WHERE c.count > 0`,
      sql.values,
    );
  },

  segmentsAt: (tx: Tx, places: readonly SegmentPlace[]): Promise<StorySegmentEntity[]> =>
    readRows(
      tx,
      StorySegmentEntity,
      `SELECT ${selectList(tx, StorySegmentEntity, "s")} FROM unnest($1::int[], $2::int[]) AS p (analysis_id, position)
       JOIN reference.story_segments s USING (analysis_id, position)`,
      [places.map(({ analysisId }) => analysisId), places.map(({ position }) => position)],
    ),

  /**
   * Requests the analysis of a published text. Returns the analysis' id if a job must make the
   * analysis, because the row is new or the analysis had failed. Otherwise returns null.
   */
  request: async (
    tx: Tx,
    text: AnalysedText,
    { key, rank }: AnalyserRef,
  ): Promise<number | null> => {
    const [row] = await tx.query<{ id: number | null }[]>(
      "SELECT reference.request_analysis($1, $2, $3, $4, $5, $6, $7, $8) AS id",
      [...keyOf(text, key), rank],
    );
    return row?.id ?? null;
  },

  /**
   * Waits until every transaction that called `claimText` for this text ends. Later calls of
   * `claimText` wait for this transaction. The lock is advisory, because a job locks the row for as
   * long as it stores segments: longer than a request may wait.
   */
  lockText: async (tx: Tx, { contentHash, language }: AnalysedText): Promise<void> => {
    await tx.query("SELECT pg_advisory_xact_lock_shared($1, hashtext($2))", [
      ANALYSIS_LOCK,
      `${contentHash} ${language}`,
    ]);
  },

  /**
   * Waits until every transaction that called `lockText` for this text ends. Later calls of
   * `lockText` wait for this transaction.
   */
  claimText: async (tx: Tx, { contentHash, language }: AnalysedText): Promise<void> => {
    await tx.query("SELECT pg_advisory_xact_lock($1, hashtext($2))", [
      ANALYSIS_LOCK,
      `${contentHash} ${language}`,
    ]);
  },

  /** Returns true if a job will make, or is making, the analyser's analysis of the text. */
  isUnderWay: async (tx: Tx, text: AnalysedText, { key }: AnalyserRef): Promise<boolean> => {
    const rows = await tx.query<object[]>(
      `SELECT FROM reference.story_analyses a
       WHERE a.content_hash = $1 AND a.language = $2 AND a.analyzer_id = $3
         AND a.analyzer_version = $4 AND a.model = $5 AND a.prompt_version = $6 AND a.schema_version = $7
         AND a.status IN ('pending', 'running')`,
      keyOf(text, key),
    );
    return rows.length > 0;
  },

  /** Returns the analyser's row of a text, locked until the transaction ends. */
  lock: async (
    tx: Tx,
    text: AnalysedText,
    { key }: AnalyserRef,
  ): Promise<AnalysisEntity | null> => {
    const [row] = await queryAs(
      tx,
      AnalysisEntity,
      `SELECT ${selectList(tx, AnalysisEntity, "a")} FROM reference.lock_analysis($1, $2, $3, $4, $5, $6, $7) a`,
      keyOf(text, key),
    );
    return row ?? null;
  },

  /** Returns the pending and running analyses of an analyser, whatever its version. */
  unfinishedIds: async (tx: Tx, analyserId: string): Promise<number[]> => {
    const rows = await tx.query<{ id: number }[]>(
      `SELECT id FROM reference.story_analyses
       WHERE status IN ('pending', 'running') AND analyzer_id = $1 ORDER BY id`,
      [analyserId],
    );
    return rows.map(({ id }) => id);
  },

  /**
   * Locks an analysis until the transaction ends. Returns null if the analysis is ready or failed.
   */
  lockUnfinished: async (tx: Tx, id: number): Promise<AnalysisEntity | null> => {
    const [row] = await queryAs(
      tx,
      AnalysisEntity,
      `SELECT ${selectList(tx, AnalysisEntity, "a")} FROM reference.story_analyses a
       WHERE a.id = $1 AND a.status IN ('pending', 'running') FOR UPDATE`,
      [id],
    );
    return row ?? null;
  },

  setStatus: async (
    tx: Tx,
    id: number,
    status: Exclude<AnalysisStatus, "ready">,
    failure: AnalysisFailure | null = null,
  ): Promise<boolean> => {
    const { affected } = await tx
      .createQueryBuilder()
      .update(AnalysisEntity)
      .set({ status, failure })
      .where("id = :id AND status <> 'ready'", { id })
      .execute();
    return affected === 1;
  },

  /**
   * Stores a finished document in the unfinished row. Returns false if another run has already
   * stored a document.
   */
  complete: async (tx: Tx, id: number, document: FinishedAnalysis, at: Date): Promise<boolean> => {
    const [rows] = await tx.query<[{ id: number }[], number]>(
      `UPDATE reference.story_analyses
       SET status = 'ready', summary = $2, mood = $3, characters = $4, usage = $5, segment_count = $6,
           failure = NULL, completed_at = $7, degraded = $8, progress = 1
       WHERE id = $1 AND status <> 'ready' RETURNING id`,
      [
        id,
        document.summary,
        JSON.stringify(document.mood),
        JSON.stringify(document.characters),
        JSON.stringify(document.usage),
        document.segmentCount,
        at,
        JSON.stringify(document.degraded ?? []),
      ],
    );
    return rows.length === 1;
  },

  /** Inserts rows of segments, given as JSON. */
  insertSegments: async (tx: Tx, id: number, rows: string): Promise<void> => {
    await tx.query(
      `INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end,
         text, speaker_id, attribution, emotion, intensity, valence, modulations, sounds, break_after)
       SELECT $1, r.* FROM jsonb_to_recordset($2::jsonb) AS r (position int, paragraph int, kind text,
         utf16_start int, utf16_end int, text text, speaker_id text, attribution jsonb, emotion text,
         intensity real, valence real, modulations jsonb, sounds jsonb, break_after text)`,
      [id, rows],
    );
  },
};

const keyOf = (
  { contentHash, language }: AnalysedText,
  { id, version, model, promptVersion, schemaVersion }: AnalyserKey,
): (string | number)[] => [
  ...[contentHash, language],
  ...[id, version, model, promptVersion],
  schemaVersion,
];

function segmentClauses(filter: SegmentFilter, sql: SqlValues): string {
  const speaker = filter.characterId ? ` AND s.speaker_id = ${sql.bind(filter.characterId)}` : "";
  const kinds = filter.kinds ? ` AND s.kind = ANY(${sql.bind(filter.kinds)})` : "";
  const from =
    filter.fromIndex === undefined ? "" : ` AND s.position >= ${sql.bind(filter.fromIndex)}`;
  const to = filter.toIndex === undefined ? "" : ` AND s.position <= ${sql.bind(filter.toIndex)}`;
  return speaker + kinds + from + to;
}
