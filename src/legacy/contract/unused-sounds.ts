import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { StartupError } from "../../platform/errors.js";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import { soundParts } from "../sound/sound-parts.js";

/** A file of audio_files that no row of ours names. */
interface UnusedSound {
  readonly id: string;
  readonly sha256: string;
  readonly contentType: string;
  /** The facts of the legacy row. */
  readonly legacy: object;
}

const PAGE_SIZE = 100;

export const countUnusedSounds = (client: pg.Client): Promise<number> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM legacy_sync.unused_sounds(-9223372036854775808, NULL)",
    );
    return rows[0]?.count ?? 0;
  });

/**
 * Saves the files that nothing refers to: their bytes in the folder `sounds`, and a JSON line each in `sounds.jsonl`.
 * Returns how many.
 */
export async function saveUnusedSounds(client: pg.Client, folder: string): Promise<number> {
  let saved = 0;
  for (let after = "-9223372036854775808"; ;) {
    const sounds = await nextUnused(client, after);
    for (const sound of sounds) {
      await save(client, folder, sound);
      after = sound.id;
    }
    if (sounds.length === 0) return saved;
    saved += sounds.length;
  }
}

const nextUnused = (client: pg.Client, after: string): Promise<UnusedSound[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<UnusedSound>(
      `SELECT s.id, s.sha256, s.content_type AS "contentType", s.legacy_original AS legacy
       FROM legacy_sync.unused_sounds($1, $2) s`,
      [after, PAGE_SIZE],
    );
    return rows;
  });

async function save(client: pg.Client, folder: string, sound: UnusedSound): Promise<void> {
  const { id, sha256 } = sound;
  mkdirSync(join(folder, "sounds"), { recursive: true });
  const file = join("sounds", `${id}.${endingOf(sound)}`);
  const hash = createHash("sha256");
  const hashing = new PassThrough().on("data", (part: Buffer) => hash.update(part));
  const parts = soundParts(({ skip, size }) => readPart(client, { id, skip, size }));
  await pipeline(parts, hashing, createWriteStream(join(folder, file), { flags: "wx" }));
  if (hash.digest("hex") !== sha256) {
    throw new StartupError(
      `The file ${id} of audio_files changed while it was saved. Stop the old application, run \`npm run migrate -- verify\`, then contract again with a new folder.`,
    );
  }
  await appendFile(join(folder, "sounds.jsonl"), `${JSON.stringify({ ...sound, file })}\n`);
}

interface Range {
  readonly id: string;
  readonly skip: number;
  readonly size: number;
}

const readPart = (client: pg.Client, { id, skip, size }: Range): Promise<Buffer | null> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<{ part: Buffer | null }>(
      "SELECT legacy_sync.read_unused_sound($1, $2, $3) AS part",
      [id, skip, size],
    );
    return rows[0]?.part ?? null;
  });

const ENDINGS: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "audio/flac": "flac",
  "audio/ogg": "ogg",
  "audio/webm": "webm",
  "audio/mp4": "m4a",
};

const endingOf = ({ contentType }: UnusedSound): string => ENDINGS[contentType] ?? "bin";
