import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import { measureText } from "../../reference/index.js";
import { MOST_BYTES, measureTexts } from "../backfill/measure-texts.js";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import type { Difference } from "./compare.js";

/** Texts of one page. A page with too many bytes ends earlier. */
const PAGE_SIZE = 50;

interface StoredText {
  readonly contentHash: string;
  readonly content: string;
  readonly chapters: unknown;
  readonly wordCount: number;
  readonly readingTimeSeconds: number;
}

/**
 * Measures every text again, and returns how many there are and which measures are wrong. A text that the old
 * application writes meanwhile has only estimates until the next measuring, so it is left out.
 */
export async function compareTexts(
  client: pg.Client,
): Promise<{ readonly rows: number; readonly differences: readonly Difference[] }> {
  await measureTexts(client);
  const differences: Difference[] = [];
  let rows = 0;
  let after = "";
  for (;;) {
    const page = await readPage(client, after);
    const last = page.at(-1);
    if (!last) return { rows, differences };
    rows += page.length;
    differences.push(...page.flatMap(differenceOf));
    after = last.contentHash;
  }
}

const readPage = (client: pg.Client, after: string): Promise<StoredText[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<StoredText>(
      `SELECT p.* FROM (
         SELECT t.content_hash AS "contentHash", t.content, t.chapters, t.word_count AS "wordCount",
           t.reading_time_seconds AS "readingTimeSeconds",
           sum(octet_length(t.content)) OVER (ORDER BY t.content_hash) - octet_length(t.content) AS "bytesBefore"
         FROM (SELECT * FROM reference.story_texts t
           WHERE t.content_hash > $1 AND NOT EXISTS (
             SELECT FROM legacy_sync.texts_to_measure m WHERE m.content_hash = t.content_hash)
           ORDER BY t.content_hash LIMIT ${PAGE_SIZE}) t) p
       WHERE p."bytesBefore" < ${MOST_BYTES} ORDER BY p."contentHash"`,
      [after],
    );
    return rows;
  });

function differenceOf(text: StoredText): Difference[] {
  const measured = measureText(text.content);
  const columns = (["chapters", "wordCount", "readingTimeSeconds"] as const).flatMap((name) => {
    const expected: unknown = JSON.parse(JSON.stringify(measured[name]));
    return isDeepStrictEqual(expected, text[name])
      ? []
      : [
          [
            name,
            { expected: JSON.stringify(expected), found: JSON.stringify(text[name]) },
          ] as const,
        ];
  });
  if (columns.length === 0) return [];
  return [{ key: text.contentHash, kind: "different", columns: Object.fromEntries(columns) }];
}

/** Puts texts on the list of texts to measure. */
export const measureAgain = (client: pg.Client, hashes: readonly string[]): Promise<unknown> =>
  inTransactionAs(client, SYNC_ROLE, () =>
    client.query(
      `INSERT INTO legacy_sync.texts_to_measure (content_hash) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`,
      [hashes],
    ),
  );
