import type { StoryEntity } from "../../src/reference/index.js";
import type { TestApp } from "./app.js";

/** The links and the texts of a narration of the legacy platform. */
export interface Migrated {
  /** A users.id. */
  readonly userId: string;
  readonly story: Pick<StoryEntity, "id">;
  /** The link of the whole narration. */
  readonly link?: string | null;
  /** One text for each segment. Default: two texts. */
  readonly texts?: readonly string[];
  /** The links of the segments, in order. */
  readonly links?: readonly (string | null)[];
  readonly narratorVoice?: string;
}

/** Inserts a narration as the migration makes one. Returns its raw id. */
export async function givenMigrated(
  { superuser }: Pick<TestApp, "superuser">,
  { userId, story, link = null, links = [], ...about }: Migrated,
): Promise<string> {
  const texts = about.texts ?? ["The bell rang.", "Nobody answered."];
  const items = texts.map((text, index) => ({ text, audioUrl: links[index] ?? null }));
  const isReady = link !== null || items.every(({ audioUrl }) => audioUrl !== null);
  const [row] = await superuser<{ id: string }>(
    `INSERT INTO instances.user_story_narrations (user_id, reference_story_id, narrator_voice, narrator_voice_name,
       narrator_voice_type, segment_count, status, duration_ms, legacy_original)
     VALUES ($1, $2, $3, 'Sally', 'ai', $4, $5, 4000, jsonb_strip_nulls(jsonb_build_object('audioFileUrl', $6::text)))
     RETURNING id`,
    [
      ...[userId, story.id, about.narratorVoice ?? "flite:slt", items.length],
      ...[isReady ? "ready" : "draft", link],
    ],
  );
  await superuser(
    `INSERT INTO instances.user_narration_segments (user_id, narration_id, position, kind, text, extra)
     SELECT $1, $2, (i.nr - 1)::int, 'narration', i.item ->> 'text', jsonb_strip_nulls(i.item - 'text')
     FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY i (item, nr)`,
    [userId, row?.id, JSON.stringify(items)],
  );
  return row?.id ?? "";
}

/** Stores bytes as a file `audio://<id>` of a user. Returns the key of the blob. */
export async function givenLegacyFile(
  { superuser, storage }: Pick<TestApp, "superuser" | "storage">,
  { userId, id = 1, contentType = "audio/mpeg", bytes = OLD_SOUND }: LegacyFile,
): Promise<string> {
  const [user] = await superuser<{ name: string }>(
    "SELECT public_id AS name FROM platform.users WHERE id = $1",
    [userId],
  );
  const { key } = await storage.put(bytes, { contentType, owner: user?.name });
  await superuser(
    `INSERT INTO instances.user_legacy_sounds (user_id, id, blob_key, content_type, size_bytes, duration_ms, stored_at)
     VALUES ($1, $2, $3, $4, $5, 3900, now())`,
    [userId, id, key, contentType, bytes.length],
  );
  return key;
}

export interface LegacyFile {
  readonly userId: string;
  /** Default 1. */
  readonly id?: number;
  readonly contentType?: string;
  readonly bytes?: Uint8Array;
}

export const OLD_SOUND = new TextEncoder().encode("The sound of the legacy platform.");
