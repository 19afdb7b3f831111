import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import type { NarrationSegmentEntity } from "../narration.entity.js";
import { segmentHash, sumOfHashes } from "./script-hash.js";

/** The columns of a segment that an owner may change. */
export type SegmentValues = Partial<
  Pick<
    NarrationSegmentEntity,
    "text" | "speakerId" | "emotion" | "intensity" | "voice" | "prosody" | "pauseAfterMs"
  >
>;

export interface SegmentChange {
  readonly position: number;
  /** An absent member keeps the column. */
  readonly values: SegmentValues;
}

/** What a change did to a script. */
export interface ScriptChange {
  /** The positions that could not be changed. */
  readonly missing: readonly number[];
  /** Combined with the script's hash, this is the hash of the changed script. */
  readonly hashChange: string;
}

/** Changes any number of segments with one statement. */
export const segmentEditStore = {
  /** Writes the given values. A position that the script does not have is missing. */
  write: (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    changes: readonly SegmentChange[],
  ): Promise<ScriptChange> =>
    changeSegments(
      tx,
      `SELECT (e.edit ->> 'position')::integer AS position, e.edit -> 'values' AS v
       FROM jsonb_array_elements($3::jsonb) AS e (edit)`,
      `UPDATE instances.user_narration_segments g
       SET text = coalesce(o.v ->> 'text', g.text), emotion = coalesce(o.v ->> 'emotion', g.emotion),
         intensity = coalesce((o.v ->> 'intensity')::real, g.intensity),
         speaker_id = CASE WHEN o.v ? 'speakerId' THEN o.v ->> 'speakerId' ELSE g.speaker_id END,
         voice = CASE WHEN o.v ? 'voice' THEN o.v ->> 'voice' ELSE g.voice END,
         prosody = CASE WHEN o.v ? 'prosody' THEN nullif(o.v -> 'prosody', 'null') ELSE g.prosody END,
         pause_after_ms = CASE WHEN o.v ? 'pauseAfterMs' THEN (o.v ->> 'pauseAfterMs')::integer
           ELSE g.pause_after_ms END,
         is_edited = true
       FROM old o
       WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = o.position`,
      [owner.userId, narrationId, JSON.stringify(changes)],
    ),

  /**
   * Restores segments from the analysis, and removes their own voices, prosody and pauses. A position is
   * missing if the script or the analysis does not have it.
   */
  reset: (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    {
      analysisId,
      positions,
    }: { readonly analysisId: number; readonly positions: readonly number[] },
  ): Promise<ScriptChange> =>
    changeSegments(
      tx,
      `SELECT p.position FROM unnest($3::integer[]) AS p (position)`,
      `UPDATE instances.user_narration_segments g
       SET kind = s.kind, text = s.text, speaker_id = s.speaker_id, emotion = s.emotion, intensity = s.intensity,
         voice = NULL, prosody = NULL, pause_after_ms = NULL, is_edited = false
       FROM old o JOIN reference.story_segments s ON s.analysis_id = $4 AND s.position = o.story_position
       WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = o.position`,
      [owner.userId, narrationId, positions, analysisId],
    ),
};

/**
 * @param wanted a SELECT with the column `position`
 * @param update an UPDATE of `g` from `old`: the columns of `wanted`, with the segments as they were
 */
async function changeSegments(
  tx: Tx,
  wanted: string,
  update: string,
  values: readonly unknown[],
): Promise<ScriptChange> {
  const [row] = await tx.query<{ missing: number[]; hashes: Uint8Array | null }[]>(
    `WITH wanted AS (${wanted}),
     old AS (SELECT w.*, g.story_position, ${segmentHash("g")} AS hash
       FROM wanted w JOIN instances.user_narration_segments g
         ON g.user_id = $1 AND g.narration_id = $2 AND g.position = w.position),
     changed AS (${update} RETURNING g.position, o.hash || ${segmentHash("g")} AS hashes)
     SELECT coalesce(jsonb_agg(w.position) FILTER (WHERE c.position IS NULL), '[]') AS missing,
       string_agg(c.hashes, '') AS hashes
     FROM wanted w LEFT JOIN changed c ON c.position = w.position`,
    [...values],
  );
  return { missing: row?.missing ?? [], hashChange: sumOfHashes(row?.hashes ?? new Uint8Array()) };
}
