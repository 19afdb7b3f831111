import type { Tx } from "../../platform/database/transactions/database.js";
import type { Degradation } from "../../providers/speech/speech.port.js";
import { type SpokenEdit, segmentApparatus } from "../../reference/index.js";
import type { NarrationEntity } from "../narration/narration.entity.js";
import type { Owner } from "../owner.js";
import type { LegacySegment } from "../legacy-sound/legacy-sounds.js";
import type { LastRenderedSound, SpokenLine } from "./plan/line-recipe.js";
import type { ScriptLine } from "./plan/plan.js";

/** What a render stores for one line. */
export interface LineSound {
  readonly position: number;
  readonly recipeKey: string;
  readonly spokenEdits: readonly SpokenEdit[] | null;
  readonly gain: number;
  readonly startMs: number | null;
  /** The requested effects that joining could not apply. null if joining applied all effects. */
  readonly joinDegraded: readonly Degradation[] | null;
}

/** A line of a script, and what the last render stored for it. */
export interface RenderedLine
  extends Omit<SpokenLine, "apparatus">, LastRenderedSound, LegacySegment {
  readonly position: number;
  readonly kind: string;
}

export interface RenderedScript {
  readonly narrationId: string;
  readonly lines: readonly RenderedLine[];
}

/**
 * SQL: how line `g` ends. Of the parts of a split segment, only the last one ends as the segment `s` does. If the
 * story's next segments were deleted, or joined with this one, the line ends as the strongest of their ends.
 */
const BREAK_AFTER = `CASE
  WHEN g.next_story IS NOT DISTINCT FROM g.story_position THEN NULL
  WHEN g.next_story > g.story_position + 1 THEN (SELECT b.break_after FROM reference.story_segments b
    WHERE b.analysis_id = g.analysis_id AND b.position >= g.story_position AND b.position < g.next_story
    ORDER BY array_position(ARRAY['scene', 'paragraph', 'line'], b.break_after) LIMIT 1)
  ELSE s.break_after END`;

export const lineStore = {
  /**
   * Reads the scripts of narrations. The keys of the result are narration ids. Each line includes data
   * of the analysis' segment that the line was copied from.
   */
  scripts: async (
    tx: Tx,
    owner: Owner,
    narrations: readonly Pick<NarrationEntity, "id" | "analysisId">[],
  ): Promise<ReadonlyMap<string, readonly ScriptLine[]>> => {
    const lines = await tx.query<(ScriptLine & { readonly narrationId: string })[]>(
      `SELECT g.narration_id AS "narrationId", g.position, g.kind, g.text, g.speaker_id AS "speakerId",
         g.emotion, g.intensity, g.voice, g.prosody, g.pause_after_ms AS "pauseAfterMs", s.paragraph,
         ${BREAK_AFTER} AS "breakAfter",
         coalesce(s.modulations, '[]'::jsonb) AS modulations, s.utf16_start AS "storyStart",
         s.utf16_end AS "storyEnd", coalesce(s.text = g.text, false) AS "isReferenceText",
         CASE WHEN s.text = g.text THEN coalesce(${segmentApparatus("s")}, '[]') END AS apparatus,
         g.recipe_key AS "recipeKey", g.spoken_edits AS "spokenEdits"
       FROM (SELECT g.*, n.analysis_id,
           lead(g.story_position) OVER (PARTITION BY g.narration_id ORDER BY g.position) AS next_story
         FROM unnest($2::bigint[], $3::int[]) AS n (id, analysis_id)
         JOIN instances.user_narration_segments g ON g.narration_id = n.id
         WHERE g.user_id = $1) g
       LEFT JOIN reference.story_segments s ON s.analysis_id = g.analysis_id AND s.position = g.story_position
       ORDER BY g.narration_id, g.position`,
      [
        owner.userId,
        narrations.map(({ id }) => id),
        narrations.map(({ analysisId }) => analysisId ?? 0),
      ],
    );
    return Map.groupBy(lines, ({ narrationId }) => narrationId);
  },

  /**
   * Reads what decides whether the lines of narrations are stale. A narration without a script has no entry.
   */
  rendered: async (
    tx: Tx,
    owner: Owner,
    narrationIds: readonly string[],
  ): Promise<RenderedScript[]> => {
    const lines = await tx.query<(RenderedLine & { readonly narrationId: string })[]>(
      `SELECT g.narration_id AS "narrationId", g.position, g.kind, g.text, g.speaker_id AS "speakerId",
         g.emotion, g.intensity, g.voice, g.prosody, coalesce(s.modulations, '[]'::jsonb) AS modulations,
         g.is_edited AS "isEdited", g.recipe_key AS "recipeKey", g.rendered_gain AS "renderedGain",
         g.spoken_edits AS "spokenEdits", g.extra
       FROM instances.user_story_narrations n
       JOIN instances.user_narration_segments g ON g.user_id = n.user_id AND g.narration_id = n.id
       LEFT JOIN reference.story_segments s ON s.analysis_id = n.analysis_id AND s.position = g.story_position
       WHERE n.user_id = $1 AND n.id = ANY($2::bigint[])
       ORDER BY g.narration_id, g.position`,
      [owner.userId, narrationIds],
    );
    const scripts = Map.groupBy(lines, ({ narrationId }) => narrationId);
    return [...scripts].map(([narrationId, found]) => ({ narrationId, lines: found }));
  },

  /**
   * Stores the recipe key, gain and start of each line's last rendered sound, the form in which the voice said
   * the line, and the effects that joining could not apply.
   */
  setSounds: async (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    sounds: readonly LineSound[],
  ): Promise<void> => {
    await tx.query(
      `UPDATE instances.user_narration_segments g
       SET recipe_key = r."recipeKey", rendered_gain = r.gain, start_ms = r."startMs",
         join_degraded = r."joinDegraded", spoken_edits = r."spokenEdits"
       FROM jsonb_to_recordset($3::jsonb)
         AS r (position int, "recipeKey" text, gain double precision, "startMs" int, "joinDegraded" jsonb,
           "spokenEdits" jsonb)
       WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = r.position`,
      [owner.userId, narrationId, JSON.stringify(sounds)],
    );
  },
};
