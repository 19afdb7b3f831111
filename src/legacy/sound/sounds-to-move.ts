import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";

/** How much of the sound that users have links to is in the storage. */
export interface SoundCounts {
  readonly files: number;
  readonly bytes: number;
  readonly storedFiles: number;
  readonly storedBytes: number;
}

export const countSounds = (client: pg.Client): Promise<SoundCounts> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<SoundCounts>(
      `SELECT count(*)::float8 AS files, coalesce(sum(t.size_bytes), 0)::float8 AS bytes,
         count(t.stored_at)::float8 AS "storedFiles",
         coalesce(sum(t.size_bytes) FILTER (WHERE t.stored_at IS NOT NULL), 0)::float8 AS "storedBytes"
       FROM instances.user_legacy_sounds t`,
    );
    return rows[0] ?? { files: 0, bytes: 0, storedFiles: 0, storedBytes: 0 };
  });

/** A file of a user that is not in the storage yet. */
export interface SoundToMove {
  readonly userId: string;
  /** The id in audio_files. */
  readonly id: string;
  readonly blobKey: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** The public id of the user. */
  readonly owner: string;
}

/** Returns the next files to move, in the order of users and ids. */
export const nextSounds = (
  client: pg.Client,
  after: Pick<SoundToMove, "userId" | "id"> | null,
  most: number,
): Promise<SoundToMove[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<SoundToMove>(
      `SELECT t.user_id AS "userId", t.id, t.blob_key AS "blobKey", t.content_type AS "contentType",
         t.size_bytes::float8 AS "sizeBytes", u.public_id AS owner
       FROM instances.user_legacy_sounds t JOIN platform.users u ON u.id = t.user_id
       WHERE t.stored_at IS NULL AND ($1::text IS NULL OR (t.user_id, t.id) > ($1, $2::bigint))
       ORDER BY t.user_id, t.id LIMIT $3`,
      [after?.userId, after?.id, most],
    );
    return rows;
  });

/** Marks files that are in the storage. A file that changed meanwhile has another key, and stays to be moved. */
export const noteMoved = (
  client: pg.Client,
  sounds: readonly SoundToMove[],
): Promise<{ readonly isPaused: boolean }> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    await client.query(
      `UPDATE instances.user_legacy_sounds t SET stored_at = now()
       FROM unnest($1::text[], $2::bigint[], $3::text[]) w (user_id, id, blob_key)
       WHERE (t.user_id, t.id, t.blob_key) = (w.user_id, w.id, w.blob_key)`,
      [
        sounds.map(({ userId }) => userId),
        sounds.map(({ id }) => id),
        sounds.map(({ blobKey }) => blobKey),
      ],
    );
    const { rows } = await client.query<{ isPaused: boolean }>(
      `SELECT s.is_paused AS "isPaused" FROM legacy_sync.settings s`,
    );
    return { isPaused: rows[0]?.isPaused ?? false };
  });
