import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import { PERSONAL_VOICE_ID } from "../personal-voice/personal-voice.js";

export const personalNarrationStore = {
  /**
   * Locks the owner's narrations whose render is under way and speaks a segment in a personal voice.
   * Returns their ids. The voice of a segment is found as in `voiceOfLine`.
   */
  lockUnderWay: async (tx: Tx, owner: Owner): Promise<string[]> => {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT n.id FROM instances.user_story_narrations n
       WHERE n.user_id = $1 AND n.status IN ('queued', 'rendering')
         AND EXISTS (SELECT FROM instances.user_narration_segments g
           WHERE g.user_id = $1 AND g.narration_id = n.id
             AND coalesce(g.voice,
               (SELECT m.member ->> 'voice' FROM jsonb_array_elements(n.voice_cast) AS m (member)
                WHERE m.member ->> 'characterId' = g.speaker_id LIMIT 1),
               n.narrator_voice) ~ $2)
       ORDER BY n.id FOR UPDATE OF n`,
      [owner.userId, PERSONAL_VOICE_ID.source],
    );
    return rows.map(({ id }) => id);
  },
};
