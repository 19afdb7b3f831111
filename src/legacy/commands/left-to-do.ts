import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import { WAITS } from "../quarantine.js";
import { rowsText } from "../row-counts.js";

/** Says what a person has to do before contract, although both models are equal. */
export const leftToDo = (client: pg.Client): Promise<string[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<{ refused: number; sounds: number }>(
      `SELECT (SELECT count(*)::int FROM legacy_sync.quarantine q WHERE NOT (${WAITS})) AS refused,
         (SELECT count(*)::int FROM instances.user_legacy_sounds s WHERE s.stored_at IS NULL) AS sounds`,
    );
    const { refused, sounds } = rows[0] ?? { refused: 0, sounds: 0 };
    return [
      ...(refused > 0
        ? [`The quarantine has ${rowsText(refused)}: npm run migrate -- quarantine list`]
        : []),
      ...(sounds > 0
        ? [`Old sound that is not moved yet: ${sounds}. Run: npm run migrate -- backfill --audio`]
        : []),
    ];
  });
