import { readRows, selectList } from "../../../platform/database/reading/columns.js";
import type { Tx } from "../../../platform/database/transactions/database.js";
import { AnalysisEntity, type AnalysisStatus } from "../analysis.entity.js";
import { type AnalysedText, BEST_FIRST } from "../analysis.store.js";

/** How far an analysis is. */
export interface AnalysisProgress {
  readonly status: AnalysisStatus;
  readonly analyserId: string;
  /** The share of the text that a language model has read, 0-1. */
  readonly progress: number;
}

/** What else than the best analysis is read of the analyses of texts. */
export const analysisStatesStore = {
  /**
   * Returns how far the analysis of each text is: the status of an analysis under way, also if an earlier
   * analysis of the text is ready, or else the status of the current analysis.
   */
  progressByText: (
    tx: Tx,
    texts: readonly AnalysedText[],
  ): Promise<(AnalysedText & AnalysisProgress)[]> =>
    tx.query(
      `SELECT a.content_hash AS "contentHash", a.language, a.status, a.analyzer_id AS "analyserId", a.progress
       FROM unnest($1::text[], $2::text[]) AS t (content_hash, language) CROSS JOIN LATERAL (
         SELECT a.* FROM reference.story_analyses a
         WHERE a.content_hash = t.content_hash AND a.language = t.language
         ${BEST_FIRST.replace("ORDER BY", "ORDER BY a.status IN ('pending', 'running') DESC,")} LIMIT 1) a`,
      [texts.map(({ contentHash }) => contentHash), texts.map(({ language }) => language)],
    ),

  /** Returns the ready analyses of each text, the best first. */
  readyByText: async (tx: Tx, texts: readonly AnalysedText[]): Promise<AnalysisEntity[]> =>
    readRows(
      tx,
      AnalysisEntity,
      `SELECT a.* FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (content_hash, language, place)
       CROSS JOIN LATERAL (
         SELECT ${selectList(tx, AnalysisEntity, "a")}, row_number() OVER (${BEST_FIRST}) AS quality
         FROM reference.story_analyses a
         WHERE a.content_hash = t.content_hash AND a.language = t.language AND a.status = 'ready') a
       ORDER BY t.place, a.quality`,
      [texts.map(({ contentHash }) => contentHash), texts.map(({ language }) => language)],
    ),
};
