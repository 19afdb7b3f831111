import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import type { TrainingNeed } from "../../voice-sample/speech-for-training.js";

/** An accepted recording under a live consent that a voice can be trained from. */
export interface UsableRecording {
  readonly id: string;
  readonly templateId: number;
  /** The key of the normalised recording. */
  readonly blobKey: string;
  readonly transcript: string | null;
  readonly levelDb: number;
  readonly speechSeconds: number;
  /** True if a training was asked that uses the recording. */
  readonly isLocked: boolean;
}

export const trainingSamplesStore = {
  /** Reads the owner's usable recordings: of each template the preferred first, then the newest. */
  usable: (tx: Tx, owner: Owner): Promise<UsableRecording[]> =>
    tx.query<UsableRecording[]>(
      `SELECT v.id, v.template_id AS "templateId", v.blob_key AS "blobKey", v.transcript,
         v.is_locked AS "isLocked", (v.quality #>> '{measures,levelDb}')::float8 AS "levelDb",
         coalesce((v.quality #>> '{measures,speechSeconds}')::float8, 0) AS "speechSeconds"
       FROM instances.user_voice_samples v
       WHERE v.user_id = $1 AND v.state = 'usable' AND v.processing_status = 'accepted'
         AND v.blob_key IS NOT NULL AND v.quality #>> '{measures,levelDb}' IS NOT NULL
       ORDER BY v.template_id, v.is_preferred DESC, v.recorded_at DESC, v.id DESC`,
      [owner.userId],
    ),

  /** Protects recordings from deletion while a voice lives that is trained from them. */
  lock: async (tx: Tx, owner: Owner, ids: readonly string[]): Promise<void> => {
    await tx.query(
      `UPDATE instances.user_voice_samples SET is_locked = true
       WHERE user_id = $1 AND id = ANY($2::bigint[]) AND NOT is_locked`,
      [owner.userId, ids],
    );
  },

  /**
   * Ends the protection of those recordings for these templates that no living voice is trained from.
   * A ready voice is not trained from a recording that is newer than its training.
   */
  unlock: async (tx: Tx, owner: Owner, templateIds: readonly number[]): Promise<void> => {
    await tx.query(
      `UPDATE instances.user_voice_samples v SET is_locked = false
       WHERE v.user_id = $1 AND v.template_id = ANY($2::int[]) AND v.is_locked
         AND NOT EXISTS (SELECT FROM instances.user_emotion_voices e
           WHERE e.user_id = $1 AND e.template_id = v.template_id
             AND (e.training_status = 'training' OR (e.training_status = 'ready'
               AND coalesce(e.trained_at >= v.recorded_at, true))))`,
      [owner.userId, templateIds],
    );
  },
};

/** Returns the recordings that a voice can be trained from. */
export const trainableRecordings = (
  recordings: readonly UsableRecording[],
  { needsTranscripts }: Pick<TrainingNeed, "needsTranscripts">,
): UsableRecording[] =>
  recordings.filter(({ transcript }) => !needsTranscripts || /\S/.test(transcript ?? ""));

/**
 * The most speech that one voice is trained from. More speech makes the training longer, and the voice hardly
 * better.
 */
export const MOST_SPEECH_SECONDS = 180;

/** Returns the recordings that a training uses: the first ones, until there is enough speech. */
export function chooseRecordings(recordings: readonly UsableRecording[]): UsableRecording[] {
  let seconds = 0;
  return recordings.filter(({ speechSeconds }) => {
    const isNeeded = seconds < MOST_SPEECH_SECONDS;
    seconds += speechSeconds;
    return isNeeded;
  });
}
