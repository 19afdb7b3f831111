import type { Tx } from "../../platform/database/transactions/database.js";
import { selectAnalysisOf } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import type { Line, ToldSegment } from "./places.js";
import { type MovedPlace, SAVED_IN, placeColumns, segmentIn } from "./saved-place.js";

/** A narration as the listener may read it. */
export interface ReadNarration {
  readonly id: string;
  /** The narration's owner. */
  readonly userId: string;
  /** True if the listener is the owner. Others hear the edition. */
  readonly isOwn: boolean;
  readonly referenceStoryId: number;
  readonly analysisId: number | null;
  readonly segmentCount: number;
}

/** What decides where a narration goes on. */
export interface ResumeRow extends MovedPlace {
  readonly narrationId: string;
  readonly isFinished: boolean;
  readonly asideOffsetMs: number | null;
  /** The lines that tell the place, and what of the story they tell. null if the script does not tell the place. */
  readonly lines: readonly Line[] | null;
  readonly told: readonly ToldSegment[] | null;
  /** The line that was heard, if it is not in the story and still exists. */
  readonly aside: Line | null;
  /** The first line of the script. */
  readonly first: Line;
  /** The line before which as large a share of the script lies as of the story. */
  readonly middle: Line;
}

/** The segment that a person was listening to. */
export interface HeardSegment {
  readonly storyId: number;
  readonly narrationId: string | null;
  /** The hash of the link by which the narration is read. */
  readonly shareTokenHash: string | null;
  /** The segment of an analysis. null if a line of the narration was heard. */
  readonly story: { readonly analysisId: number; readonly position: number } | null;
  /** The position in the narration's script. null if a segment of the story was heard. */
  readonly line: number | null;
}

/** What is known about a heard segment. */
export interface HeardRow {
  /** null if the listener may not see the story. */
  readonly storyId: number | null;
  /** null without a narration that the listener may read. */
  readonly narrationId: string | null;
  readonly narrationStoryId: number | null;
  readonly narrationSegments: number | null;
  /** null if the narration does not have the line. */
  readonly line: Line | null;
  /** The position of the line's segment in the story. null if the line was not copied from the story. */
  readonly lineStory: number | null;
  /** The analysis and the segment of the story: of the line, or of the last line before that has one. */
  readonly analysisId: number | null;
  readonly analysisSegments: number | null;
  readonly position: number | null;
  readonly lines: readonly Line[] | null;
  readonly told: readonly ToldSegment[] | null;
  readonly currentAnalysisId: number | null;
  readonly currentSegments: number | null;
}

const LINE = `jsonb_build_object('position', l.line, 'startMs', l.start_ms, 'durationMs', l.duration_ms)`;

/** SQL: one line of the narration `n`, as JSON. */
const lineAt = (position: string, more = ""): string =>
  `(SELECT ${LINE} FROM instances.narration_lines(n.owner, n.id, n.is_own, ${position}, ${position}) l${more})`;

export const narrationPlaceStore = {
  /** Reads where narrations go on for the owner. Leaves out narrations of stories without a saved place. */
  resumed: (
    tx: Tx,
    owner: Owner,
    narrations: readonly ReadNarration[],
  ): Promise<readonly ResumeRow[]> =>
    tx.query<ResumeRow[]>(
      `SELECT n.id AS "narrationId", p.part, p.offset_ms AS "offsetMs", p.is_finished AS "isFinished",
         p.aside_offset_ms AS "asideOffsetMs", ${placeColumns("a")}, told.lines, told.told,
         CASE WHEN p.narration_id = n.id AND p.aside_position IS NOT NULL
           THEN ${lineAt("p.aside_position", " WHERE l.story_position IS NULL")} END AS aside,
         ${lineAt("0")} AS first,
         ${lineAt("least(p.position::bigint * n.segment_count / greatest(f.segment_count, 1), n.segment_count - 1)::int")} AS middle
       FROM unnest($2::bigint[], $3::text[], $4::boolean[], $5::int[], $6::int[], $7::int[])
         AS n (id, owner, is_own, story_id, analysis_id, segment_count)
       JOIN instances.listening_positions p ON p.user_id = $1 AND p.reference_story_id = n.story_id
       ${SAVED_IN}
       LEFT JOIN reference.story_analyses a ON a.id = n.analysis_id
       LEFT JOIN LATERAL (SELECT ${segmentIn("a")} AS position) m ON true
       LEFT JOIN reference.story_segments t ON t.analysis_id = a.id AND t.position = m.position
       LEFT JOIN LATERAL instances.lines_telling(n.owner, n.id, n.is_own, n.segment_count, a.id, m.position) told
         ON m.position IS NOT NULL
       WHERE n.segment_count > 0`,
      [
        owner.userId,
        narrations.map(({ id }) => id),
        narrations.map(({ userId }) => userId),
        narrations.map(({ isOwn }) => isOwn),
        narrations.map(({ referenceStoryId }) => referenceStoryId),
        narrations.map(({ analysisId }) => analysisId),
        narrations.map(({ segmentCount }) => segmentCount),
      ],
    ),

  /** Reads all facts about a heard segment: the story, the narration, the line, and where the story is told. */
  heard: async (tx: Tx, owner: Owner, segment: HeardSegment): Promise<HeardRow | null> => {
    const [row] = await tx.query<HeardRow[]>(HEARD, [
      owner.userId,
      segment.storyId,
      segment.narrationId,
      segment.shareTokenHash,
      segment.story?.analysisId ?? null,
      segment.story?.position ?? null,
      segment.line,
    ]);
    return row ?? null;
  },
};

/**
 * The line is an aside if it was not copied from the story. Then the place in the story is the end of the last
 * segment before that was. A segment of the story must be in its current text, or in that of the narration.
 */
const HEARD = `SELECT s.id AS "storyId", n.id AS "narrationId", n.story_id AS "narrationStoryId", n.segment_count AS "narrationSegments",
    ${lineAt("$7::int")} AS line, h.story_position AS "lineStory", a.id AS "analysisId",
    a.segment_count AS "analysisSegments", t.position, told.lines, told.told, c.id AS "currentAnalysisId",
    c.segment_count AS "currentSegments"
  FROM (SELECT 1) one
  LEFT JOIN reference.stories s ON s.id = $2::int
  LEFT JOIN LATERAL (${selectAnalysisOf("s", "a.id, a.segment_count")}) c ON true
  LEFT JOIN LATERAL (
    SELECT w.* FROM (
      SELECT 0 AS place, u.id, u.user_id AS owner, true AS is_own, u.reference_story_id AS story_id, u.analysis_id,
        u.segment_count
      FROM instances.user_story_narrations u WHERE u.user_id = $1 AND u.id = $3::bigint AND $4::text IS NULL
      UNION ALL
      SELECT 1, e.narration_id, e.user_id, false, e.reference_story_id, (e.header ->> 'analysisId')::int,
        e.segment_count
      FROM reference.published_narrations e
      WHERE e.narration_id = $3::bigint AND e.visibility = 'public' AND $4::text IS NULL
      UNION ALL
      SELECT 2, e.narration_id, e.user_id, false, e.reference_story_id, (e.header ->> 'analysisId')::int,
        e.segment_count
      FROM reference.published_narrations e
      WHERE e.share_token_hash = $4::text AND e.narration_id = coalesce($3::bigint, e.narration_id)) w
    ORDER BY w.place LIMIT 1) n ON true
  LEFT JOIN LATERAL instances.narration_lines(n.owner, n.id, n.is_own, $7::int, $7::int) h ON true
  LEFT JOIN LATERAL (SELECT CASE WHEN $7::int IS NULL THEN $6::int ELSE coalesce(h.story_position, (
    SELECT l.story_position FROM instances.narration_lines(n.owner, n.id, n.is_own, $7::int - 200, $7::int) l
    WHERE l.story_position IS NOT NULL ORDER BY l.line DESC LIMIT 1)) END AS position) wanted ON true
  LEFT JOIN reference.story_analyses a ON a.status = 'ready'
    AND a.id = CASE WHEN $7::int IS NULL THEN $5::int ELSE n.analysis_id END
    AND ($7::int IS NOT NULL OR a.content_hash = s.content_hash OR a.id = n.analysis_id)
  LEFT JOIN reference.story_segments t ON t.analysis_id = a.id AND t.position = wanted.position
  LEFT JOIN LATERAL instances.lines_telling(n.owner, n.id, n.is_own, n.segment_count, a.id, t.position) told
    ON n.analysis_id = a.id AND t.position IS NOT NULL`;
