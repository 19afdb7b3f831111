import type { Tx } from "../../platform/database/database.js";
import type { Owner } from "../owner.js";
import type { ScriptLine } from "./plan.js";

export const lineStore = {
  /** A narration's script with what the story's own segments say of it, in order. */
  all: (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    analysisId: number | null,
  ): Promise<ScriptLine[]> =>
    tx.query<ScriptLine[]>(
      `SELECT g.position, g.kind, g.text, g.speaker_id AS "speakerId", g.emotion, g.intensity, g.voice,
         g.prosody, g.pause_after_ms AS "pauseAfterMs", s.paragraph,
         coalesce(s.modulations, '[]'::jsonb) AS modulations, s.utf16_start AS "storyStart",
         s.utf16_end AS "storyEnd", coalesce(s.text = g.text, false) AS "isReferenceText"
       FROM instances.user_narration_segments g
       LEFT JOIN reference.story_segments s ON s.analysis_id = $3 AND s.position = g.story_position
       WHERE g.user_id = $1 AND g.narration_id = $2
       ORDER BY g.position`,
      [owner.userId, narrationId, analysisId ?? 0],
    ),

  /** Keeps which sound each line was rendered to; an edit of the line forgets it. */
  setRecipes: async (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    recipes: readonly { readonly position: number; readonly recipeKey: string }[],
  ): Promise<void> => {
    await tx.query(
      `UPDATE instances.user_narration_segments g SET recipe_key = r."recipeKey"
       FROM jsonb_to_recordset($3::jsonb) AS r (position int, "recipeKey" text)
       WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = r.position`,
      [owner.userId, narrationId, JSON.stringify(recipes)],
    );
  },
};
