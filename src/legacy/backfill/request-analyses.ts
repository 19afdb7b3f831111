import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import type { Database } from "../../platform/database/transactions/database.js";
import { EMBEDDED, analysisStore } from "../../reference/index.js";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";

const POLL_MS = 250;

/** The embedded analyses of the published texts. Analyses of the old application have the rank 0. */
export interface AnalysisCounts {
  readonly texts: number;
  /** Texts whose analysis is ready or has failed. */
  readonly ended: number;
  /** Analyses that wait or run now, whoever asked for them. */
  readonly waiting: number;
}

export interface RequestOptions {
  readonly database: Database;
  readonly queueLostWork: () => Promise<unknown>;
  /** No further analysis is requested while so many wait. */
  readonly mostWaiting: number;
  readonly onProgress: (counts: AnalysisCounts) => void;
  readonly shouldStop: () => boolean;
}

/**
 * Requests the analyses that published texts lack. Only a few wait at a time: an author who publishes meanwhile waits
 * for these few at most. Returns when all have ended, or when the caller stops.
 */
export async function requestAnalyses(
  client: pg.Client,
  options: RequestOptions,
): Promise<AnalysisCounts> {
  for (;;) {
    const counts = await countAnalyses(client);
    options.onProgress(counts);
    const room = options.mostWaiting - counts.waiting;
    const texts = room > 0 ? await textsWithoutAnalysis(client, room) : [];
    if (options.shouldStop()) return counts;
    if (texts.length === 0 && counts.waiting === 0) return counts;
    for (const text of texts)
      await options.database.write(null, (tx) => analysisStore.request(tx, text, EMBEDDED));
    if (texts.length > 0) await options.queueLostWork();
    await pause(POLL_MS);
  }
}

interface Text {
  readonly contentHash: string;
  readonly language: string;
}

/** Not those of a language model, which can take days. */
const EMBEDDED_ROWS = "a.rank > 0 AND a.model = ''";
const TEXTS = `SELECT DISTINCT s.content_hash, s.language FROM reference.stories s
  WHERE s.visibility = 'public' AND s.content_hash IS NOT NULL`;
const ANALYSIS = `SELECT a.status FROM reference.story_analyses a
  WHERE a.content_hash = t.content_hash AND a.language = t.language AND ${EMBEDDED_ROWS}`;

const textsWithoutAnalysis = (client: pg.Client, most: number): Promise<Text[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<Text>(
      `SELECT t.content_hash AS "contentHash", t.language FROM (${TEXTS}) t
       WHERE NOT EXISTS (${ANALYSIS}) ORDER BY 1, 2 LIMIT $1`,
      [most],
    );
    return rows;
  });

const countAnalyses = (client: pg.Client): Promise<AnalysisCounts> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<AnalysisCounts>(
      `SELECT count(*)::int AS texts,
         count(*) FILTER (WHERE EXISTS (${ANALYSIS} AND a.status IN ('ready', 'failed')))::int AS ended,
         (SELECT count(*)::int FROM reference.story_analyses a
          WHERE ${EMBEDDED_ROWS} AND a.status IN ('pending', 'running')) AS waiting
       FROM (${TEXTS}) t`,
    );
    return rows[0] ?? { texts: 0, ended: 0, waiting: 0 };
  });
