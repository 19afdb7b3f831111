import type pg from "pg";
import { type TextMeasures, measureText } from "../../reference/index.js";
import { SYNC_ROLE, inTransaction } from "../connection.js";

/** Texts of one transaction. */
const BATCH_SIZE = 16;
/** A batch with more bytes ends, so that it fits into the memory. A single text may have more. */
export const MOST_BYTES = 4_000_000;

interface Text {
  readonly contentHash: string;
  readonly content: string;
}

/**
 * Measures the listed texts: words, reading time and chapters, for which SQL has only estimates. Another process may
 * measure at the same time. Returns how many texts were measured.
 * @param shouldStop true if the rest can wait for the next call
 */
export async function measureTexts(
  client: pg.Client,
  shouldStop: () => boolean = () => false,
): Promise<number> {
  for (let measured = 0; ;) {
    if (shouldStop()) return measured;
    const batch = await inTransaction(client, () => measureBatch(client));
    measured += batch;
    if (batch === 0) return measured;
  }
}

async function measureBatch(client: pg.Client): Promise<number> {
  await client.query(`SET LOCAL ROLE ${SYNC_ROLE}`);
  const { rows: texts } = await client.query<Text>(
    `SELECT p.content_hash AS "contentHash", p.content FROM (
       SELECT t.content_hash, t.content, sum(octet_length(t.content)) OVER (ORDER BY t.content_hash)
         - octet_length(t.content) AS bytes_before
       FROM (SELECT m.content_hash FROM legacy_sync.texts_to_measure m
         ORDER BY m.content_hash LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED) m
       JOIN reference.story_texts t ON t.content_hash = m.content_hash) p
     WHERE p.bytes_before < ${MOST_BYTES}`,
  );
  const measures = texts.map(({ contentHash, content }) =>
    rowOf(contentHash, measureText(content)),
  );
  await client.query(
    `UPDATE reference.story_texts t
     SET word_count = r.words, reading_time_seconds = r.seconds, chapters = r.chapters
     FROM jsonb_to_recordset($1::jsonb) AS r (hash text, words int, seconds int, chapters jsonb)
     WHERE t.content_hash = r.hash`,
    [JSON.stringify(measures)],
  );
  await client.query("DELETE FROM legacy_sync.texts_to_measure WHERE content_hash = ANY ($1)", [
    texts.map(({ contentHash }) => contentHash),
  ]);
  return texts.length;
}

const rowOf = (hash: string, measure: TextMeasures) => ({
  hash,
  words: measure.wordCount,
  seconds: measure.readingTimeSeconds,
  chapters: measure.chapters,
});
