import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import { COPIED_AT_ONCE, copyInBatches } from "../script/script.store.js";

const MAX_POSITION = 2_147_483_647;
const TABLE = "instances.user_narration_segments";
const COLUMNS = `user_id, narration_id, position, story_position, kind, text, speaker_id, emotion, intensity,
  voice, prosody, pause_after_ms, is_edited`;
const COPIED = `$1, $2, g.position, g.story_position, g.kind, g.text, g.speaker_id, g.emotion, g.intensity,
  CASE WHEN g.voice = ANY($4::text[]) THEN g.voice END, g.prosody, g.pause_after_ms`;

interface ForkedScript {
  /** The narration that gets the script, and has none. */
  readonly narrationId: string;
  /** The voices that segments keep. */
  readonly keptVoices: readonly string[];
}

interface OwnScript extends ForkedScript {
  readonly parentId: string;
}

interface EditionScript extends ForkedScript {
  readonly parent: {
    readonly userId: string;
    readonly narrationId: string;
    readonly edition: number;
    readonly analysisId: number | null;
  };
}

/** Copies scripts into new narrations, without sound. */
export const forkScriptStore = {
  /** Copies the script of another narration of the owner. Returns the number of segments. */
  copyOwn: (
    tx: Tx,
    owner: Owner,
    { narrationId, parentId, keptVoices }: OwnScript,
  ): Promise<number> => {
    const key = [owner.userId, narrationId];
    return copyInBatches(tx, { table: TABLE, key }, (after) => [
      `INSERT INTO ${TABLE} (${COLUMNS})
       SELECT ${COPIED}, g.is_edited FROM ${TABLE} g
       WHERE g.user_id = $1 AND g.narration_id = $5 AND g.position > $3
       ORDER BY g.position LIMIT ${COPIED_AT_ONCE}`,
      [...key, after, keptVoices, parentId],
    ]);
  },

  /**
   * Copies the script of an edition that the owner may read. A segment that differs from its analysis counts
   * as edited. Returns the number of segments: fewer if this edition was removed or replaced meanwhile.
   */
  copyEdition: (
    tx: Tx,
    owner: Owner,
    { narrationId, parent, keptVoices }: EditionScript,
  ): Promise<number> => {
    const key = [owner.userId, narrationId];
    return copyInBatches(tx, { table: TABLE, key }, (after) => [
      `INSERT INTO ${TABLE} (${COLUMNS})
       SELECT ${COPIED}, s.analysis_id IS NULL OR g.prosody IS NOT NULL OR g.pause_after_ms IS NOT NULL
         OR coalesce(g.voice = ANY($4::text[]), false)
         OR ROW(g.kind, g.text, g.speaker_id, g.emotion, g.intensity)
           IS DISTINCT FROM ROW(s.kind, s.text, s.speaker_id, s.emotion, s.intensity)
       FROM reference.published_narrations e
       CROSS JOIN reference.find_edition_segments(ARRAY[$5::bigint], $3::int + 1, ${MAX_POSITION}, NULL, NULL, false,
         ${COPIED_AT_ONCE}) g
       LEFT JOIN reference.story_segments s ON s.analysis_id = $8 AND s.position = g.story_position
       WHERE e.narration_id = $5 AND e.user_id = $6 AND e.edition = $7 AND g.user_id = e.user_id`,
      [
        ...[...key, after, keptVoices],
        ...[parent.narrationId, parent.userId, parent.edition, parent.analysisId],
      ],
    ]);
  },
};
