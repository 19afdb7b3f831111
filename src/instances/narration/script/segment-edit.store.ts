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
  /** True if a segment is different now. */
  readonly isChanged: boolean;
  /** Combined with the script's hash, this is the hash of the changed script. */
  readonly hashChange: string;
}

/** Every character that String.trim removes. */
const SPACES =
  "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

/** Changes any number of segments with one statement. */
export const segmentEditStore = {
  /**
   * Writes the given values. A segment that has these values stays as it is. A position that the script
   * does not have is missing. Spaces around a text make no difference.
   */
  write: (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    changes: readonly SegmentChange[],
  ): Promise<ScriptChange> =>
    changeSegments(
      tx,
      {
        wanted: `SELECT (e.edit ->> 'position')::integer AS position, e.edit -> 'values' AS v
          FROM jsonb_array_elements($3::jsonb) AS e (edit)`,
        next: `SELECT g.position, g.kind, coalesce(nullif(w.v ->> 'text', btrim(g.text, $4)), g.text) AS text,
            coalesce(w.v ->> 'emotion', g.emotion) AS emotion,
            coalesce((w.v ->> 'intensity')::real, g.intensity) AS intensity,
            CASE WHEN w.v ? 'speakerId' THEN w.v ->> 'speakerId' ELSE g.speaker_id END AS speaker_id,
            CASE WHEN w.v ? 'voice' THEN w.v ->> 'voice' ELSE g.voice END AS voice,
            CASE WHEN w.v ? 'prosody' THEN nullif(w.v -> 'prosody', 'null') ELSE g.prosody END AS prosody,
            CASE WHEN w.v ? 'pauseAfterMs' THEN (w.v ->> 'pauseAfterMs')::integer
              ELSE g.pause_after_ms END AS pause_after_ms,
            true AS is_edited
          FROM wanted w JOIN old g ON g.position = w.position`,
        compared: CONTENT,
      },
      [owner.userId, narrationId, JSON.stringify(changes), SPACES],
    ),

  /**
   * Restores segments from the analysis, and removes their own voices, prosody and pauses. A position is
   * missing if the script or the analysis does not have it, and if the segment is a part of a split segment.
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
      {
        wanted: "SELECT p.position FROM unnest($3::integer[]) AS p (position)",
        next: `SELECT g.position, s.kind, s.text, s.speaker_id, s.emotion, s.intensity, NULL::text AS voice,
            NULL::jsonb AS prosody, NULL::integer AS pause_after_ms, false AS is_edited
          FROM old g JOIN reference.story_segments s ON s.analysis_id = $4 AND s.position = g.story_position
          WHERE g.story_position IN (SELECT t.story_position FROM instances.user_narration_segments t
            WHERE t.user_id = $1 AND t.narration_id = $2 GROUP BY t.story_position HAVING count(*) = 1)`,
        compared: [...CONTENT, "is_edited"],
      },
      [owner.userId, narrationId, positions, analysisId],
    ),
};

const CONTENT = [
  "kind",
  "text",
  "speaker_id",
  "emotion",
  "intensity",
  "voice",
  "prosody",
  "pause_after_ms",
];

interface SegmentsChange {
  /** A SELECT with the column `position`. */
  readonly wanted: string;
  /** A SELECT of the segments as they must become, from `wanted` and `old`. */
  readonly next: string;
  /** A segment whose columns in this list stay the same is not written. */
  readonly compared: readonly string[];
}

async function changeSegments(
  tx: Tx,
  { wanted, next, compared }: SegmentsChange,
  values: readonly unknown[],
): Promise<ScriptChange> {
  const columns = (alias: string) => compared.map((column) => `${alias}.${column}`).join(", ");
  const [row] = await tx.query<
    { missing: number[]; isChanged: boolean; hashes: Uint8Array | null }[]
  >(
    `WITH wanted AS (${wanted}),
     old AS (SELECT g.* FROM instances.user_narration_segments g JOIN wanted w ON w.position = g.position
       WHERE g.user_id = $1 AND g.narration_id = $2),
     next AS (${next}),
     changed AS (UPDATE instances.user_narration_segments g
       SET ${[...CONTENT, "is_edited"].map((column) => `${column} = n.${column}`).join(", ")}
       FROM next n JOIN old o ON o.position = n.position
       WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = n.position
         AND (${columns("n")}) IS DISTINCT FROM (${columns("o")})
       RETURNING ${segmentHash("o")} || ${segmentHash("g")} AS hashes)
     SELECT (SELECT coalesce(jsonb_agg(w.position), '[]') FROM wanted w
         WHERE NOT EXISTS (SELECT FROM next n WHERE n.position = w.position)) AS missing,
       count(*) > 0 AS "isChanged", string_agg(c.hashes, '') AS hashes
     FROM changed c`,
    [...values],
  );
  return {
    missing: row?.missing ?? [],
    isChanged: row?.isChanged ?? false,
    hashChange: sumOfHashes(row?.hashes ?? new Uint8Array()),
  };
}
