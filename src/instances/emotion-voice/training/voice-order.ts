import type { Tx } from "../../../platform/database/transactions/database.js";

/** A personal voice to train. This is the payload of the job. */
export interface VoiceOrder {
  readonly userId: string;
  /** The id of the personal voice's row. */
  readonly voiceId: string;
}

/** Queues the job of a personal voice. */
export type EnqueueTraining = (tx: Tx, order: VoiceOrder) => Promise<void>;

/** The NOTIFY channel of emotion voices. The payload is the id of the emotion voice. */
export const EMOTION_VOICE_CHANNEL = "emotion_voice";
