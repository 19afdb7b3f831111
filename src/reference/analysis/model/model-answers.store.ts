import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Usage } from "../analyser/index.js";
import type { AnalysedText } from "../analysis.store.js";
import type { StoredAnswer } from "./model-reader.js";

/** Whether a model may be asked about a text. */
export interface ReadingState {
  /** True if a public story has the text. */
  readonly isPublic: boolean;
  /** The tokens that the model has used today. */
  readonly tokensToday: number;
}

interface AnswerRow {
  readonly name: string;
  readonly value: unknown;
  readonly inputTokens: string;
  readonly outputTokens: string;
  readonly requests: number;
  readonly costMicros: string;
}

/** The answers of a language model, and what they cost. */
export const modelAnswersStore = {
  ofAnalysis: async (tx: Tx, analysisId: number): Promise<Map<string, StoredAnswer>> => {
    const rows = await tx.query<AnswerRow[]>(
      `SELECT name, value, input_tokens AS "inputTokens", output_tokens AS "outputTokens", requests,
         cost_micros AS "costMicros"
       FROM reference.model_answers WHERE analysis_id = $1`,
      [analysisId],
    );
    return new Map(rows.map((row) => [row.name, answerOf(row)]));
  },

  /**
   * Stores an answer and counts its cost. If the analysis is gone or another worker stored an answer to the
   * same request, only counts the cost: both answers were paid.
   */
  add: async (
    tx: Tx,
    { analysisId, name }: { readonly analysisId: number; readonly name: string },
    { value, usage }: StoredAnswer,
    at: Date,
  ): Promise<void> => {
    const { inputTokens, outputTokens, requests, costMicros } = usage;
    await tx.query(
      `INSERT INTO reference.model_answers
         (analysis_id, name, value, input_tokens, output_tokens, requests, cost_micros, at)
       SELECT a.id, $2, $3, $4, $5, $6, $7, $8 FROM reference.story_analyses a WHERE a.id = $1 FOR KEY SHARE
       ON CONFLICT DO NOTHING`,
      [
        ...[analysisId, name, value === null ? null : JSON.stringify(value)],
        ...[inputTokens, outputTokens, requests, costMicros, at],
      ],
    );
    await countUsage(tx, dayOf(at), usage);
  },

  /** Deletes the answers about a text whose analysis is stored. */
  forget: async (tx: Tx, analysisId: number): Promise<void> => {
    await tx.query("DELETE FROM reference.model_answers WHERE analysis_id = $1", [analysisId]);
  },

  /**
   * Stores how much of the text is read. Returns null if the analysis is no longer running, because it is
   * gone, or because another worker ended it.
   */
  noteProgress: async (
    tx: Tx,
    { analysisId, progress }: { readonly analysisId: number; readonly progress: number },
    at: Date,
  ): Promise<ReadingState | null> => {
    const [rows] = await tx.query<[{ isPublic: boolean; tokensToday: string }[], number]>(
      `UPDATE reference.story_analyses a SET progress = greatest(a.progress, $2)
       WHERE a.id = $1 AND a.status = 'running'
       RETURNING EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = a.content_hash
           AND s.language = a.language AND s.visibility = 'public') AS "isPublic",
         coalesce((SELECT u.tokens FROM reference.model_usage u WHERE u.day = $3), 0) AS "tokensToday"`,
      [analysisId, progress, dayOf(at)],
    );
    const [state] = rows;
    return state ? { isPublic: state.isPublic, tokensToday: Number(state.tokensToday) } : null;
  },

  /**
   * Says on the embedded analyses of a text why no model has read the text. Null: nothing is to say. Changes
   * only rows that say something else.
   */
  noteShortfall: async (
    tx: Tx,
    { contentHash, language }: AnalysedText,
    by: { readonly analyserId: string; readonly reason: string | null },
  ): Promise<void> => {
    const degraded = by.reason === null ? [] : [{ feature: "model", reason: by.reason }];
    await tx.query(
      `UPDATE reference.story_analyses SET degraded = $4::jsonb
       WHERE content_hash = $1 AND language = $2 AND analyzer_id = $3 AND status = 'ready' AND degraded <> $4::jsonb`,
      [contentHash, language, by.analyserId, JSON.stringify(degraded)],
    );
  },

  /**
   * Returns public texts that the model has not been asked about, although their embedded analysis is ready.
   * At most as many that `most` analyses wait.
   * @param again the failures after which the model is asked again: those with a reason, and early ones
   */
  unreadTexts: (
    tx: Tx,
    reader: { readonly id: string; readonly model: string; readonly promptVersion: string },
    { embeddedId, again, most }: UnreadOptions,
  ): Promise<AnalysedText[]> =>
    tx.query<AnalysedText[]>(
      `SELECT DISTINCT s.content_hash AS "contentHash", s.language FROM reference.stories s
       WHERE s.visibility = 'public' AND s.content_hash IS NOT NULL
         AND EXISTS (SELECT FROM reference.story_analyses e WHERE e.content_hash = s.content_hash
           AND e.language = s.language AND e.analyzer_id = $4 AND e.status = 'ready')
         AND NOT EXISTS (SELECT FROM reference.story_analyses a WHERE a.content_hash = s.content_hash
           AND a.language = s.language AND a.analyzer_id = $1 AND a.model = $2 AND a.prompt_version = $3
           AND (a.status <> 'failed' OR NOT (coalesce(a.failure ->> 'message', '') = ANY($5)
             OR coalesce((a.failure ->> 'at')::timestamptz < $6, true))))
       LIMIT greatest(0, $7 - (SELECT count(*) FROM reference.story_analyses w
         WHERE w.analyzer_id = $1 AND w.status IN ('pending', 'running')))`,
      [
        ...[reader.id, reader.model, reader.promptVersion],
        ...[embeddedId, again.reasons, again.failedBefore, most],
      ],
    ),
};

interface UnreadOptions {
  readonly embeddedId: string;
  readonly again: { readonly reasons: readonly string[]; readonly failedBefore: Date };
  readonly most: number;
}

async function countUsage(
  tx: Tx,
  day: string,
  { inputTokens, outputTokens, costMicros }: Usage,
): Promise<void> {
  await tx.query(
    `INSERT INTO reference.model_usage AS u (day, tokens, cost_micros) VALUES ($1, $2, $3)
     ON CONFLICT (day) DO UPDATE
     SET tokens = u.tokens + EXCLUDED.tokens, cost_micros = u.cost_micros + EXCLUDED.cost_micros`,
    [day, inputTokens + outputTokens, costMicros],
  );
}

/** Returns the day of a time in UTC. */
const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

const answerOf = (row: AnswerRow): StoredAnswer => ({
  value: row.value,
  usage: {
    inputTokens: Number(row.inputTokens),
    outputTokens: Number(row.outputTokens),
    requests: row.requests,
    costMicros: Number(row.costMicros),
  },
});
