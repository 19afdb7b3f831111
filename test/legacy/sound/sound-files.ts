import { createHash } from "node:crypto";
import type { LegacyTestDatabase } from "../legacy-database.js";

/** The bytes of a short WAV file. Another number gives other bytes. */
export function waveOf(number: number, sizeBytes = 400): Buffer {
  const bytes = Buffer.alloc(44 + sizeBytes, number);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + sizeBytes, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  Buffer.from("10000000010001008000000000010000020010006461746100000000", "hex").copy(bytes, 16);
  bytes.writeUInt32LE(sizeBytes, 40);
  return bytes;
}

const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export interface LegacyFile {
  readonly id?: number;
  /** What the column audio_data holds. */
  readonly data: Buffer | string;
  readonly type?: string;
  readonly duration?: number | null;
}

/** Inserts a file as the old application does. Returns its id. */
export async function oldFile(
  { old }: Pick<LegacyTestDatabase, "old">,
  { id, data, type = "audio/mpeg", duration = 900 }: LegacyFile,
): Promise<number> {
  const text = typeof data === "string" ? data : data.toString("base64");
  const [inserted] = await old<{ id: number }>(
    `INSERT INTO audio_files (id, file_name, mime_type, audio_data, file_size, duration)
     VALUES (coalesce($1, nextval('audio_files_id_seq')), 'take.mp3', $2, $3, $4, $5) RETURNING id`,
    [id, type, text, data.length, duration],
  );
  return inserted?.id ?? 0;
}

/** A row of instances.user_legacy_sounds. */
export interface SoundRow {
  readonly user: string;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly size: string;
  readonly duration: number | null;
  readonly isStored: boolean;
}

export const soundRows = ({
  superuser,
}: Pick<LegacyTestDatabase, "superuser">): Promise<SoundRow[]> =>
  superuser<SoundRow>(
    `SELECT user_id AS "user", id, blob_key AS key, content_type AS type, size_bytes AS size, duration_ms AS duration,
       stored_at IS NOT NULL AS "isStored" FROM instances.user_legacy_sounds ORDER BY user_id, id`,
  );

/** Returns the key that the blob of a user's file has. */
export async function keyOf(
  { superuser }: Pick<LegacyTestDatabase, "superuser">,
  user: string,
  bytes: Uint8Array,
): Promise<string> {
  const [row] = await superuser<{ id: string }>(
    "SELECT public_id AS id FROM platform.users WHERE id = $1",
    [user],
  );
  return `owned/${row?.id ?? ""}/${sha256Of(bytes)}`;
}
