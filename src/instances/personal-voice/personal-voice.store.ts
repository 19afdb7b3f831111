import type { Tx } from "../../platform/database/transactions/database.js";
import { insertReturning } from "../../platform/database/writing/returning.js";
import type { MeasuredDelivery } from "../../providers/speech/cloning.port.js";
import type { EmotionVoiceSettings } from "../emotion-voice/emotion-voice.entity.js";
import type { Owner } from "../owner.js";
import { PersonalVoiceEntity } from "./personal-voice.entity.js";
import type { PersonalVoice, TrainedEmotion, TrainedModel } from "./personal-voice.js";

/** A trained emotion voice: the latest ready revision for its template. */
interface TrainedRow {
  readonly template: string;
  readonly revision: number;
  readonly model: string | null;
  readonly settings: EmotionVoiceSettings | null;
}

/** A personal voice with one of its trained emotion voices, or with nulls if it has none. */
type VoiceRow = Omit<PersonalVoice, "neutral" | "emotions" | "unavailable"> &
  (TrainedRow | Readonly<Record<keyof TrainedRow, null>>) & {
    readonly hasConsent: boolean;
    readonly consentExpiresAt: Date | null;
  };

type NewVoice = Pick<
  PersonalVoiceEntity,
  "voice" | "provider" | "kind" | "displayName" | "language"
>;

export const personalVoiceStore = {
  /**
   * Reads all personal voices of the owner, oldest first, with the trained models of each voice. A
   * suspended emotion voice has no model here.
   */
  all: async (tx: Tx, owner: Owner, now: Date): Promise<PersonalVoice[]> => {
    const rows = await tx.query<VoiceRow[]>(
      `SELECT v.id AS "rowId", v.voice AS id, v.provider, v.kind, v.display_name AS "displayName", v.language,
         c.id IS NOT NULL AS "hasConsent", c.expires_at AS "consentExpiresAt", t.modulation_key AS template,
         e.revision, coalesce(e.provider_voice_id, e.model_blob_key) AS model, e.voice_settings AS settings
       FROM instances.user_voices v
       LEFT JOIN instances.voice_consents c ON c.user_id = $1 AND c.is_live
       LEFT JOIN LATERAL (
         SELECT DISTINCT ON (l.template_id) l.*
         FROM instances.user_emotion_voices l
         WHERE l.user_id = $1 AND l.voice_id = v.id AND l.training_status = 'ready' AND l.state = 'usable'
         ORDER BY l.template_id, l.revision DESC) e ON true
       LEFT JOIN reference.voice_modulation_templates t ON t.id = e.template_id
       WHERE v.user_id = $1
       ORDER BY v.id, e.template_id`,
      [owner.userId],
    );
    const trained = Map.groupBy(rows.filter(isTrained), ({ rowId }) => rowId);
    const voices = new Map(rows.map((row) => [row.rowId, row])).values();
    return [...voices].map((voice) => toPersonalVoice(voice, trained.get(voice.rowId) ?? [], now));
  },

  byId: (tx: Tx, owner: Owner, id: string): Promise<PersonalVoiceEntity | null> =>
    tx.findOne(PersonalVoiceEntity, { where: { userId: owner.userId, id } }),

  /** @param voice `provider:own-<random>` */
  byVoice: (tx: Tx, owner: Owner, voice: string): Promise<PersonalVoiceEntity | null> =>
    tx.findOne(PersonalVoiceEntity, { where: { userId: owner.userId, voice } }),

  /** Returns the owner's oldest personal voice of a provider. */
  oldestOf: (tx: Tx, owner: Owner, provider: string): Promise<PersonalVoiceEntity | null> =>
    tx.findOne(PersonalVoiceEntity, {
      where: { userId: owner.userId, provider },
      order: { id: "ASC" },
    }),

  insert: (tx: Tx, owner: Owner, values: NewVoice): Promise<PersonalVoiceEntity> =>
    insertReturning(tx, PersonalVoiceEntity, { ...values, userId: owner.userId }),

  rename: async (tx: Tx, owner: Owner, id: string, displayName: string): Promise<void> => {
    await tx.update(PersonalVoiceEntity, { userId: owner.userId, id }, { displayName });
  },

  /** Returns true if a render under way speaks with the voice, or may speak with the voice. */
  isBeingRendered: async (tx: Tx, owner: Owner, voice: string): Promise<boolean> => {
    const rows = await tx.query<object[]>(
      `SELECT FROM instances.user_narration_renders r
       JOIN instances.user_story_narrations n ON n.user_id = $1 AND n.id = r.narration_id
       WHERE r.user_id = $1 AND r.finished_at IS NULL AND (n.narrator_voice = $2
         OR n.voice_cast @> jsonb_build_array(jsonb_build_object('voice', $2::text))
         OR EXISTS (SELECT FROM instances.user_narration_segments g
           WHERE g.user_id = $1 AND g.narration_id = n.id AND g.voice = $2))
       LIMIT 1`,
      [owner.userId, voice],
    );
    return rows.length > 0;
  },

  /** Deletes a personal voice that has no emotion voices. */
  remove: async (tx: Tx, owner: Owner, id: string): Promise<void> => {
    await tx.delete(PersonalVoiceEntity, { userId: owner.userId, id });
  },

  /** Deletes all personal voices of the owner, which have no emotion voices any more. */
  removeAll: async (tx: Tx, owner: Owner): Promise<void> => {
    await tx.delete(PersonalVoiceEntity, { userId: owner.userId });
  },
};

const NEUTRAL = "neutral";

const isTrained = (row: VoiceRow): row is VoiceRow & TrainedRow => row.template !== null;

function toPersonalVoice(
  { rowId, id, provider, kind, displayName, language, hasConsent, consentExpiresAt }: VoiceRow,
  trained: readonly TrainedRow[],
  now: Date,
): PersonalVoice {
  const main = trained.find(({ template }) => template === NEUTRAL);
  const isInForce = hasConsent && (consentExpiresAt === null || consentExpiresAt > now);
  const neutral = isInForce ? modelOf(main) : null;
  return {
    ...{ rowId, id, provider, kind, displayName, language },
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
