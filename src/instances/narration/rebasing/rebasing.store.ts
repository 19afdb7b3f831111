import { readRows, selectList } from "../../../platform/database/reading/columns.js";
import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import { NarrationSegmentEntity } from "../narration.entity.js";
import type { RebasedRow } from "./rebase-row.js";
import type { UnplacedEdit } from "./unplaced-edit.js";

/** The most rows that one statement writes. A longer script is written with several statements. */
const WRITTEN_AT_ONCE = 50_000;

export interface StoredUnplaced {
  readonly id: string;
  readonly edits: readonly UnplacedEdit[];
}

/** Reads whole scripts and writes them anew. Every statement names the owner. */
export const rebasingStore = {
  script: (tx: Tx, owner: Owner, narrationId: string): Promise<NarrationSegmentEntity[]> =>
    readRows(
      tx,
      NarrationSegmentEntity,
      `SELECT ${selectList(tx, NarrationSegmentEntity, "g")} FROM instances.user_narration_segments g
       WHERE g.user_id = $1 AND g.narration_id = $2 ORDER BY g.position`,
      [owner.userId, narrationId],
    ),

  /** Replaces a script. The rows have no start in the joined sound, because that sound has another script. */
  write: async (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    rows: readonly RebasedRow[],
  ): Promise<void> => {
    await tx.query(
      "DELETE FROM instances.user_narration_segments g WHERE g.user_id = $1 AND g.narration_id = $2",
      [owner.userId, narrationId],
    );
    for (let from = 0; from < rows.length; from += WRITTEN_AT_ONCE) {
      const batch = rows.slice(from, from + WRITTEN_AT_ONCE);
      await tx.query(
        `INSERT INTO instances.user_narration_segments
           (user_id, narration_id, position, story_position, kind, text, speaker_id, emotion, intensity, voice,
             prosody, pause_after_ms, is_edited, recipe_key, rendered_gain, join_degraded, spoken_edits, extra)
         SELECT $1, $2, $4 + r.at - 1, (r.line ->> 'storyPosition')::int, r.line ->> 'kind',
           r.line ->> 'text', r.line ->> 'speakerId', r.line ->> 'emotion',
           (r.line ->> 'intensity')::real, r.line ->> 'voice', nullif(r.line -> 'prosody', 'null'),
           (r.line ->> 'pauseAfterMs')::int, (r.line ->> 'isEdited')::boolean, r.line ->> 'recipeKey',
           (r.line ->> 'renderedGain')::float8, nullif(r.line -> 'joinDegraded', 'null'),
           nullif(r.line -> 'spokenEdits', 'null'), nullif(r.line -> 'extra', 'null')
         FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS r (line, at)`,
        [owner.userId, narrationId, JSON.stringify(batch), from],
      );
    }
  },

  /** Returns the edits without a place, of the narrations that have some. */
  unplaced: (tx: Tx, owner: Owner, narrationIds: readonly string[]): Promise<StoredUnplaced[]> =>
    tx.query<StoredUnplaced[]>(
      `SELECT n.id, n.unplaced_edits AS edits FROM instances.user_story_narrations n
       WHERE n.user_id = $1 AND n.id = ANY($2::bigint[]) AND n.unplaced_edits IS NOT NULL`,
      [owner.userId, narrationIds],
    ),
};
