import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";

/** The owner's accepted recordings for one template, under a live consent. */
export interface RecordedSpeech {
  readonly templateId: number;
  readonly isNeutral: boolean;
  /** The sum over all recordings, in seconds. A recording without a measure counts 0. */
  readonly seconds: number;
  /** The part of `seconds` in recordings with a transcript. */
  readonly secondsWithTranscript: number;
  /** When the consent expires. null if the consent does not expire. */
  readonly expiresAt: Date | null;
}

export const recordedSpeechStore = {
  /**
   * Adds up the owner's speech for these templates and for the neutral template, or for all templates. The
   * sum is decimal, because a binary sum of hundredths can miss the need by a tiny fraction.
   */
  byTemplate: (
    tx: Tx,
    owner: Owner,
    templateIds: readonly number[] | null,
  ): Promise<RecordedSpeech[]> =>
    tx.query<RecordedSpeech[]>(
      `SELECT v.template_id AS "templateId", t.is_neutral AS "isNeutral", c.expires_at AS "expiresAt",
         coalesce(sum(m.seconds), 0)::float8 AS seconds,
         coalesce(sum(m.seconds) FILTER (WHERE v.transcript ~ '\\S'), 0)::float8
           AS "secondsWithTranscript"
       FROM instances.user_voice_samples v
       CROSS JOIN LATERAL (
         SELECT (v.quality #>> '{measures,speechSeconds}')::numeric AS seconds) m
       JOIN instances.voice_consents c ON c.user_id = $1 AND c.id = v.consent_id AND c.is_live
       JOIN (SELECT id, modulation_type = 'emotion' AND modulation_key = 'neutral' AS is_neutral
         FROM reference.voice_modulation_templates) t ON t.id = v.template_id
       WHERE v.user_id = $1 AND v.state = 'usable' AND v.processing_status = 'accepted'
         AND ($2::int[] IS NULL OR v.template_id = ANY($2) OR t.is_neutral)
       GROUP BY v.template_id, t.is_neutral, c.expires_at`,
      [owner.userId, templateIds],
    ),
};
