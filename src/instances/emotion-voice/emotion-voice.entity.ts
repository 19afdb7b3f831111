import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from "typeorm";
import type { MeasuredDelivery } from "../../providers/speech/cloning.port.js";
import { ConsentState } from "../consent/consent.entity.js";

export const TrainingStatus = {
  Collecting: "collecting",
  Training: "training",
  Ready: "ready",
  Failed: "failed",
} as const;
export type TrainingStatus = (typeof TrainingStatus)[keyof typeof TrainingStatus];

export const EmotionVoiceKind = { Adapted: "adapted", Cloned: "cloned" } as const;
export type EmotionVoiceKind = (typeof EmotionVoiceKind)[keyof typeof EmotionVoiceKind];

/** What a person reads who asks for an emotion voice that does not exist. */
export const NO_EMOTION_VOICE = "There is no such emotion voice.";

/**
 * How an adapted or cloned voice delivers emotions, in numbers. A provider that speaks with another voice
 * for each emotion measures nothing.
 */
export interface EmotionVoiceSettings {
  /** The delivery of this emotion against the neutral speech of its owner. */
  readonly deltas?: MeasuredDelivery | null;
  /** For the neutral voice: the delivery of emotions that have samples, but no emotion voice. By template key. */
  readonly otherDeltas?: Readonly<Record<string, MeasuredDelivery>>;
}

/**
 * The owner's voice for one template, trained from voice samples. Each training makes a row with the next
 * revision.
 */
@Entity("user_emotion_voices", { schema: "instances" })
export class EmotionVoiceEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { default: () => "nextval('instances.voice_ids')" })
  readonly id!: string;
  @Column("integer", { name: "template_id" }) readonly templateId!: number;
  /** The personal voice. */
  @Column("bigint", { name: "voice_id", nullable: true }) readonly voiceId!: string | null;
  /** The unique name of the training, which a vendor stores with the clone. */
  @Column("text", { nullable: true }) readonly label!: string | null;
  @Column("integer", { default: 1 }) readonly revision!: number;
  @Column("text") readonly kind!: EmotionVoiceKind;
  @Column("text") readonly provider!: string;
  @Column("text", { name: "provider_voice_id", nullable: true })
  readonly providerVoiceId!: string | null;
  @Column("text", { name: "training_status" }) readonly trainingStatus!: TrainingStatus;
  @Column("text") readonly state!: ConsentState;
  @Column("bigint", { name: "consent_id", nullable: true }) readonly consentId!: string | null;
  @Column("boolean", { name: "consent_live", nullable: true })
  readonly consentLive!: boolean | null;
  @Column("integer", { name: "sample_count", default: 0 }) readonly sampleCount!: number;
  @Column("double precision", { name: "quality_score", nullable: true })
  readonly qualityScore!: number | null;
  @Column("jsonb", { nullable: true }) readonly metrics!: object | null;
  @Column("text", { name: "model_blob_key", nullable: true }) readonly modelBlobKey!: string | null;
  @Column("jsonb", { name: "voice_settings", nullable: true })
  readonly voiceSettings!: EmotionVoiceSettings | null;
  @Column("boolean", { name: "never_delete", default: false }) readonly neverDelete!: boolean;
  @Column("jsonb", { nullable: true }) readonly failure!: { readonly message?: string } | null;
  @Column("jsonb", { name: "legacy_original", nullable: true, select: false })
  readonly legacyOriginal!: object | null;
  @Column("timestamptz", { name: "trained_at", nullable: true }) readonly trainedAt!: Date | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: "timestamptz", name: "updated_at" }) readonly updatedAt!: Date;
}

/** True if the voice is trained or in training. */
export const isLiving = ({ trainingStatus }: Pick<EmotionVoiceEntity, "trainingStatus">): boolean =>
  trainingStatus === TrainingStatus.Training || trainingStatus === TrainingStatus.Ready;

/** False for a voice of the earlier platform whose owner has not agreed. Such a voice takes no part in trainings. */
export const isUnderConsent = ({ state }: Pick<EmotionVoiceEntity, "state">): boolean =>
  state !== ConsentState.AwaitingConsent;
