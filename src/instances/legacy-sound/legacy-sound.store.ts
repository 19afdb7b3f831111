import { rowsWhere } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import { leadsElsewhere, linkOfItem, soundIdIn } from "./legacy-link.js";
import { LegacySoundEntity } from "./legacy-sound.entity.js";

/** The link of a narration of the legacy platform, with the row that the link means. */
export interface LinkedNarration {
  readonly narrationId: string;
  readonly link: string;
  /** Null if the link means no row, or a row that is missing. */
  readonly row: LegacySoundFile | null;
}

/** The state of a script of the legacy platform. */
export interface LegacyScript {
  /** The number of segments that their owner changed here. */
  readonly edited: number;
  /** The number of segments with sound of the legacy platform. */
  readonly spoken: number;
}

/** What is known about a file of the legacy platform. */
export type LegacySoundFile = Pick<
  LegacySoundEntity,
  "blobKey" | "contentType" | "sizeBytes" | "durationMs"
>;

export const legacySoundStore = {
  byIds: (tx: Tx, owner: Owner, ids: readonly string[]): Promise<LegacySoundEntity[]> =>
    rowsWhere(tx, LegacySoundEntity, "t.user_id = $1 AND t.id = ANY($2)", [owner.userId, ids]),

  /**
   * Reads the links of narrations that the legacy platform made and that have no sound of ours.
   */
  ofNarrations: (
    tx: Tx,
    owner: Owner,
    narrationIds: readonly string[],
  ): Promise<LinkedNarration[]> =>
    tx.query<LinkedNarration[]>(
      `SELECT n.id AS "narrationId", n.link,
         CASE WHEN l.id IS NOT NULL THEN jsonb_build_object('blobKey', l.blob_key, 'contentType', l.content_type,
           'sizeBytes', l.size_bytes::text, 'durationMs', l.duration_ms) END AS row
       FROM (SELECT o.id, o.legacy_original ->> 'audioFileUrl' AS link,
           ${soundIdIn("(o.legacy_original ->> 'audioFileUrl')")} AS file_id
         FROM instances.user_story_narrations o
         WHERE o.user_id = $1 AND o.id = ANY($2::bigint[]) AND o.audio IS NULL
           AND o.legacy_original ->> 'audioFileUrl' IS NOT NULL OFFSET 0) n
       LEFT JOIN instances.user_legacy_sounds l ON l.user_id = $1 AND l.id = n.file_id`,
      [owner.userId, narrationIds],
    ),

  /** Counts the segments of a narration that has no sound of ours. */
  ofScript: async (tx: Tx, owner: Owner, narrationId: string): Promise<LegacyScript> => {
    const link = linkOfItem("g.extra");
    const [row] = await tx.query<LegacyScript[]>(
      `SELECT count(*) FILTER (WHERE s.is_edited)::int AS edited,
         count(*) FILTER (WHERE NOT s.is_edited AND (l.id IS NOT NULL OR s.leads_elsewhere))::int AS spoken
       FROM (SELECT g.is_edited, ${soundIdIn(link)} AS file_id, ${leadsElsewhere(link)} AS leads_elsewhere
         FROM instances.user_narration_segments g
         WHERE g.user_id = $1 AND g.narration_id = $2 AND (g.extra IS NOT NULL OR g.is_edited) OFFSET 0) s
       LEFT JOIN instances.user_legacy_sounds l ON l.user_id = $1 AND l.id = s.file_id`,
      [owner.userId, narrationId],
    );
    return row ?? { edited: 0, spoken: 0 };
  },

  /**
   * Deletes the files that no row of the owner refers to: no narration, no segment, no story, and no
   * voice sample whose recording is still needed. Returns the keys of their blobs.
   */
  removeUnused: async (tx: Tx, owner: Owner): Promise<readonly string[]> => {
    // Most owners have no such files, and need no search in their scripts.
    const owned = await tx.query<object[]>(
      "SELECT FROM instances.user_legacy_sounds l WHERE l.user_id = $1 LIMIT 1",
      [owner.userId],
    );
    if (owned.length === 0) return [];
    const [rows] = await tx.query<[{ key: string }[], number]>(
      `WITH links AS (
         SELECT n.legacy_original ->> 'audioFileUrl' AS link FROM instances.user_story_narrations n WHERE n.user_id = $1
         UNION ALL SELECT ${linkOfItem("g.extra")} FROM instances.user_narration_segments g WHERE g.user_id = $1
         UNION ALL SELECT v.legacy_audio FROM instances.user_voice_samples v
         WHERE v.user_id = $1 AND (v.state = 'awaiting_consent' OR v.original_blob_key IS NOT NULL)
         UNION ALL SELECT u.link FROM reference.stories s,
           LATERAL (VALUES (s.source #>> '{legacy,originalAudioUrl}'), (s.source #>> '{legacy,voiceSampleUrl}')) u (link)
         WHERE s.original_author_id = $1),
       unused AS (
         SELECT f.id FROM instances.user_legacy_sounds f WHERE f.user_id = $1
         EXCEPT SELECT ${soundIdIn("k.link")} FROM links k)
       DELETE FROM instances.user_legacy_sounds l USING unused WHERE l.user_id = $1 AND l.id = unused.id
       RETURNING l.blob_key AS key`,
      [owner.userId],
    );
    return rows.map(({ key }) => key);
  },
};
