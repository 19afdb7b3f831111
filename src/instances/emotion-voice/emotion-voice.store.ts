import { In } from "typeorm";
import { queryAs, rowsWhere, selectList } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { insertReturning } from "../../platform/database/writing/returning.js";
import { ConsentState } from "../consent/consent.entity.js";
import type { Owner } from "../owner.js";
import {
  EmotionVoiceEntity,
  type EmotionVoiceKind,
  TrainingStatus,
} from "./emotion-voice.entity.js";

export type EmotionVoiceValues = Partial<Omit<EmotionVoiceEntity, "userId" | "id">>;
type NewEmotionVoice = Pick<
  EmotionVoiceEntity,
  | "templateId"
  | "voiceId"
  | "label"
  | "revision"
  | "kind"
  | "provider"
  | "trainingStatus"
  | "consentId"
>;

/** An emotion voice that is being trained, or waits for its turn. */
export interface Awaited {
  readonly id: string;
  readonly voiceId: string;
  readonly kind: EmotionVoiceKind;
  readonly isNeutral: boolean;
  /** The speech that the voice is trained from. */
  readonly speechSeconds: number;
  /** When the training began. Before the training: when the training was asked. */
  readonly since: Date;
}

/** The latest emotion voice of a personal voice for one template. */
export interface LatestEmotionVoice extends EmotionVoiceEntity {
  /** The id of the personal voice: `provider:own-<random>`. */
  readonly voice: string;
}

export const emotionVoiceStore = {
  byIds: (tx: Tx, owner: Owner, ids: readonly string[]): Promise<EmotionVoiceEntity[]> =>
    rowsWhere(tx, EmotionVoiceEntity, "t.user_id = $1 AND t.id = ANY($2)", [owner.userId, ids]),

  /**
   * Returns the owner's best voice for each template: the latest ready voice. If no voice is ready,
   * returns the latest voice.
   */
  bestByTemplate: (
    tx: Tx,
    owner: Owner,
    templateIds: readonly number[],
  ): Promise<EmotionVoiceEntity[]> =>
    queryAs(
      tx,
      EmotionVoiceEntity,
      `SELECT DISTINCT ON (v.template_id) ${selectList(tx, EmotionVoiceEntity, "v")}
       FROM instances.user_emotion_voices v
       WHERE v.user_id = $1 AND v.template_id = ANY($2)
       ORDER BY v.template_id, v.training_status = 'ready' DESC, v.revision DESC, v.id DESC`,
      [owner.userId, templateIds],
    ),

  /** Locks an emotion voice until the transaction ends. */
  lock: (tx: Tx, owner: Owner, id: string): Promise<EmotionVoiceEntity | null> =>
    tx.findOne(EmotionVoiceEntity, {
      where: { userId: owner.userId, id },
      lock: { mode: "for_no_key_update" },
    }),

  /** Reads all emotion voices of a personal voice, oldest first. */
  ofVoice: (tx: Tx, owner: Owner, voiceId: string): Promise<EmotionVoiceEntity[]> =>
    tx.find(EmotionVoiceEntity, {
      where: { userId: owner.userId, voiceId },
      order: { revision: "ASC", id: "ASC" },
    }),

  /** Reads the emotion voices of the earlier platform that their owner has not adopted. */
  ofEarlierPlatform: (tx: Tx, owner: Owner): Promise<EmotionVoiceEntity[]> =>
    tx.find(EmotionVoiceEntity, {
      where: { userId: owner.userId, state: ConsentState.AwaitingConsent },
      order: { id: "ASC" },
    }),

  /** Reads the latest emotion voice for each template of these personal voices, neutral first. */
  latestOfVoices: (
    tx: Tx,
    owner: Owner,
    voices: readonly string[],
  ): Promise<LatestEmotionVoice[]> =>
    queryAs<LatestEmotionVoice>(
      tx,
      EmotionVoiceEntity as new () => LatestEmotionVoice,
      `SELECT e.*, p.voice FROM instances.user_voices p
       CROSS JOIN LATERAL (
         SELECT DISTINCT ON (v.template_id) ${selectList(tx, EmotionVoiceEntity, "v")}
         FROM instances.user_emotion_voices v
         WHERE v.user_id = $1 AND v.voice_id = p.id
         ORDER BY v.template_id, v.revision DESC, v.id DESC) e
       JOIN reference.voice_modulation_templates t ON t.id = e."templateId"
       WHERE p.user_id = $1 AND p.voice = ANY($2::text[])
       ORDER BY p.id, t.modulation_key <> 'neutral', t.modulation_type, t.modulation_key`,
      [owner.userId, voices],
    ),

  /** Reads what is in training, in the order of the trainings of each personal voice. */
  awaited: (tx: Tx, owner: Owner): Promise<Awaited[]> =>
    tx.query<Awaited[]>(
      `SELECT v.id, v.voice_id AS "voiceId", v.kind, v.updated_at AS since,
         t.modulation_type = 'emotion' AND t.modulation_key = 'neutral' AS "isNeutral",
         (SELECT coalesce(sum((s.quality #>> '{measures,speechSeconds}')::float8), 0)
          FROM instances.user_voice_samples s
          WHERE s.user_id = $1 AND s.template_id = v.template_id AND s.is_locked) AS "speechSeconds"
       FROM instances.user_emotion_voices v
       JOIN reference.voice_modulation_templates t ON t.id = v.template_id
       WHERE v.user_id = $1 AND v.training_status = 'training' AND v.state = 'usable'
         AND v.voice_id IS NOT NULL
       ORDER BY v.voice_id, "isNeutral" DESC, v.id`,
      [owner.userId],
    ),

  /** Inserts an emotion voice under a live consent. */
  insert: (tx: Tx, owner: Owner, values: NewEmotionVoice): Promise<EmotionVoiceEntity> =>
    insertReturning(tx, EmotionVoiceEntity, {
      ...values,
      userId: owner.userId,
      state: ConsentState.Usable,
      consentLive: true,
    }),

  update: async (tx: Tx, owner: Owner, id: string, values: EmotionVoiceValues): Promise<void> => {
    // The driver's type of a jsonb column admits no plain object.
    await tx.update(EmotionVoiceEntity, { userId: owner.userId, id }, values);
  },

  remove: async (tx: Tx, owner: Owner, ids: readonly string[]): Promise<void> => {
    await tx.delete(EmotionVoiceEntity, { userId: owner.userId, id: In([...ids]) });
  },

  /**
   * Deletes the ready emotion voices that a later ready one has replaced. Returns the labels of the deleted
   * ones. Those that wait for a consent stay.
   */
  forgetSuperseded: async (tx: Tx, owner: Owner): Promise<string[]> => {
    const [rows] = await tx.query<[{ label: string | null }[], number]>(
      `DELETE FROM instances.user_emotion_voices v
       WHERE v.user_id = $1 AND v.training_status = 'ready' AND v.state <> 'awaiting_consent' AND EXISTS (
         SELECT FROM instances.user_emotion_voices n
         WHERE n.user_id = $1 AND n.voice_id = v.voice_id AND n.template_id = v.template_id
           AND n.training_status = 'ready' AND n.state <> 'awaiting_consent' AND n.revision > v.revision)
       RETURNING v.label`,
      [owner.userId],
    );
    return rows.flatMap(({ label }) => label ?? []);
  },

  /** Reads the emotion voices that are in training, also the suspended ones. */
  allInTraining: (tx: Tx, owner: Owner): Promise<EmotionVoiceEntity[]> =>
    tx.find(EmotionVoiceEntity, {
      where: { userId: owner.userId, trainingStatus: TrainingStatus.Training },
      order: { id: "ASC" },
    }),

  /** Returns true if the owner has a voice for the template that is trained or being trained. */
  isTrained: (tx: Tx, owner: Owner, templateId: number): Promise<boolean> =>
    tx.exists(EmotionVoiceEntity, {
      where: {
        userId: owner.userId,
        templateId,
        trainingStatus: In([TrainingStatus.Training, TrainingStatus.Ready]),
      },
    }),

  /** Suspends all usable emotion voices of the owner. Suspended emotion voices need no live consent. */
  suspend: async (tx: Tx, owner: Owner): Promise<void> => {
    await tx.update(
      EmotionVoiceEntity,
      { userId: owner.userId, state: ConsentState.Usable },
      { state: ConsentState.Suspended, consentLive: null },
    );
  },

  /** Makes the suspended emotion voices of the owner usable under a live consent. */
  resume: async (tx: Tx, owner: Owner, consentId: string): Promise<void> => {
    await tx.update(
      EmotionVoiceEntity,
      { userId: owner.userId, state: ConsentState.Suspended },
      { state: ConsentState.Usable, consentId, consentLive: true },
    );
  },

  /** Counts the emotion voices. All revisions of one emotion voice count as one. */
  count: async (tx: Tx, owner: Owner): Promise<number> => {
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(DISTINCT (coalesce(v.voice_id, -v.id), v.template_id))::int AS count
       FROM instances.user_emotion_voices v WHERE v.user_id = $1`,
      [owner.userId],
    );
    return row?.count ?? 0;
  },

  /**
   * Deletes all emotion voices of the owner. Returns the id of the template of each. All revisions of one
   * emotion voice count as one.
   */
  removeAll: async (tx: Tx, owner: Owner): Promise<number[]> => {
    const rows = await tx.query<{ id: number }[]>(
      `WITH gone AS (DELETE FROM instances.user_emotion_voices v WHERE v.user_id = $1
         RETURNING coalesce(v.voice_id, -v.id) AS voice, v.template_id)
       SELECT DISTINCT voice, template_id AS id FROM gone`,
      [owner.userId],
    );
    return rows.map(({ id }) => id);
  },

  /** Reads the ids of the templates that the owner has voice samples or emotion voices for, in order. */
  recordedTemplateIds: async (tx: Tx, owner: Owner): Promise<number[]> => {
    const rows = await tx.query<{ id: number }[]>(
      `SELECT template_id AS id FROM instances.user_voice_samples WHERE user_id = $1
       UNION SELECT template_id FROM instances.user_emotion_voices WHERE user_id = $1 ORDER BY id`,
      [owner.userId],
    );
    return rows.map(({ id }) => id);
  },
};
