import type { Tx } from "../../platform/database/transactions/database.js";
import type { MeasuredDelivery } from "../../providers/speech/cloning.port.js";
import type { EmotionVoiceSettings } from "../emotion-voice/emotion-voice.entity.js";
import type { Owner } from "../owner.js";
import type { PersonalVoice, TrainedEmotion, TrainedModel } from "./personal-voice.js";

/** A trained emotion voice: the latest ready revision for its template. */
interface TrainedRow {
  readonly template: string;
  readonly revision: number;
  readonly model: string | null;
  readonly settings: EmotionVoiceSettings | null;
}

interface VoiceRow extends Omit<
  PersonalVoice,
  "neutral" | "emotions" | "unavailable" | "consentExpiresAt"
> {
  readonly hasConsent: boolean;
  readonly consentExpiresAt: Date | null;
  readonly trained: readonly TrainedRow[];
}

export const personalVoiceStore = {
  /**
   * Reads all personal voices of the owner, oldest first, with the trained models of each voice. A
   * suspended emotion voice has no model here.
   */
  all: async (tx: Tx, owner: Owner, now: Date): Promise<PersonalVoice[]> => {
    const rows = await tx.query<VoiceRow[]>(
      `SELECT v.id AS "rowId", v.voice AS id, v.provider, v.kind, v.display_name AS "displayName", v.language,
         c.id IS NOT NULL AS "hasConsent", c.expires_at AS "consentExpiresAt",
         coalesce((SELECT jsonb_agg(jsonb_build_object('template', t.modulation_key, 'revision', e.revision,
             'model', coalesce(e.provider_voice_id, e.model_blob_key), 'settings', e.voice_settings))
           FROM (SELECT DISTINCT ON (l.template_id) l.*
             FROM instances.user_emotion_voices l
             WHERE l.user_id = $1 AND l.voice_id = v.id AND l.training_status = 'ready' AND l.state = 'usable'
             ORDER BY l.template_id, l.revision DESC) e
           JOIN reference.voice_modulation_templates t ON t.id = e.template_id), '[]'::jsonb) AS trained
       FROM instances.user_voices v
       LEFT JOIN instances.voice_consents c ON c.user_id = $1 AND c.is_live
       WHERE v.user_id = $1
       ORDER BY v.id`,
      [owner.userId],
    );
    return rows.map((row) => toPersonalVoice(row, now));
  },
};

const NEUTRAL = "neutral";

function toPersonalVoice(
  { trained, hasConsent, consentExpiresAt, ...about }: VoiceRow,
  now: Date,
): PersonalVoice {
  const main = trained.find(({ template }) => template === NEUTRAL);
  const isInForce = hasConsent && (consentExpiresAt === null || consentExpiresAt > now);
  const neutral = isInForce ? modelOf(main) : null;
  return {
    ...about,
    neutral,
    unavailable: !isInForce ? "no_consent" : neutral ? null : "untrained",
    emotions: neutral ? emotionsOf(trained, main?.settings?.otherDeltas ?? {}) : new Map(),
  };
}

const modelOf = (row: TrainedRow | undefined): TrainedModel | null =>
  typeof row?.model === "string" ? { revision: row.revision, model: row.model } : null;

function emotionsOf(
  trained: readonly TrainedRow[],
  otherDeltas: Readonly<Record<string, MeasuredDelivery>>,
): ReadonlyMap<string, TrainedEmotion> {
  const emotions = new Map<string, TrainedEmotion>(
    Object.entries(otherDeltas).map(([template, deltas]) => [
      template,
      { revision: null, model: null, deltas },
    ]),
  );
  for (const { template, revision, model, settings } of trained) {
    if (template === NEUTRAL) continue;
    emotions.set(template, { revision, model, deltas: settings?.deltas ?? null });
  }
  return emotions;
}
