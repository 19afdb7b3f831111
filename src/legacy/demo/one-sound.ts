import { createHash } from "node:crypto";
import type pg from "pg";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import { ReadThroughStorage } from "../sound/legacy-storage.js";

/** An old sound, as the old application would play it. */
export interface OldSound {
  readonly narration: number;
  /** The row of audio_files. */
  readonly file: number;
  readonly bytes: Buffer;
}

/** Reads the sound that the demo plays: of a narration whose user is still there. */
export async function chooseSound(client: pg.Client): Promise<OldSound> {
  const { rows } = await client.query<{ narration: number; file: number; data: string }>(
    `SELECT n.id AS narration, f.id AS file, f.audio_data AS data
     FROM public.story_narrations n JOIN public.audio_files f ON n.audio_file_url = 'audio://' || f.id
     WHERE EXISTS (SELECT FROM public.users u WHERE u.id = n.user_id)
       AND jsonb_typeof(n.segments) = 'array' AND n.id % 5 <> 0 ORDER BY n.id LIMIT 1`,
  );
  const [row] = rows;
  if (!row) throw new Error("The demo made no narration with sound in audio_files.");
  return { ...row, bytes: Buffer.from(row.data, "base64") };
}

/** Plays the sound as our server does. */
export class Player {
  private readonly storage: BlobStorage;

  constructor(
    private readonly client: pg.Client,
    private readonly inner: BlobStorage,
    private readonly sound: OldSound,
  ) {
    this.storage = new ReadThroughStorage(inner, async (sql, values) => {
      const { rows } = await client.query<object>(sql, [...values]);
      return rows;
    });
  }

  /** Returns null if our schemas do not have the sound. */
  async play(): Promise<Buffer | null> {
    const key = await this.key();
    if (key === null || !(await this.storage.stat(key))) return null;
    const { stream } = await this.storage.open(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }

  /** Says what a listener hears, and where the bytes come from. */
  async describe(): Promise<string> {
    const key = await this.key();
    const isStored = key !== null && (await this.inner.stat(key)) !== null;
    const bytes = await this.play();
    if (!bytes) return "—";
    return `narration ${this.sound.narration}: ${describeSound(bytes)}, from ${isStored ? "the storage" : `audio_files ${this.sound.file}`}`;
  }

  private async key(): Promise<string | null> {
    const { rows: found } = await this.client.query<{ exists: boolean }>(
      "SELECT to_regclass('instances.user_legacy_sounds') IS NOT NULL AS exists",
    );
    if (!found[0]?.exists) return null;
    const { rows } = await this.client.query<{ key: string }>(
      `SELECT t.blob_key AS key FROM instances.user_story_narrations n
       JOIN instances.user_legacy_sounds t ON t.user_id = n.user_id AND t.id = $2 WHERE n.id = $1`,
      [this.sound.narration, this.sound.file],
    );
    return rows[0]?.key ?? null;
  }
}

export const describeSound = (bytes: Buffer): string =>
  `${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}…`;
