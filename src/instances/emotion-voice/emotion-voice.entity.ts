import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from "typeorm";
import type { ConsentState } from "../consent/consent.entity.js";

export const TrainingStatus = {
  Collecting: "collecting",
  Training: "training",
  Ready: "ready",
  Failed: "failed",
} as const;
export type TrainingStatus = (typeof TrainingStatus)[keyof typeof TrainingStatus];

export const EmotionVoiceKind = { Adapted: "adapted", Cloned: "cloned" } as const;
export type EmotionVoiceKind = (typeof EmotionVoiceKind)[keyof typeof EmotionVoiceKind];

/** The owner's voice for one template, trained from voice samples. */
@Entity("user_emotion_voices", { schema: "instances" })
export class EmotionVoiceEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { default: () => "nextval('instances.voice_ids')" })
  readonly id!: string;
  @Column("integer", { name: "template_id" }) readonly templateId!: number;
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
  readonly voiceSettings!: object | null;
  @Column("boolean", { name: "never_delete", default: false }) readonly neverDelete!: boolean;
  @Column("jsonb", { nullable: true }) readonly failure!: { readonly message?: string } | null;
  @Column("timestamptz", { name: "trained_at", nullable: true }) readonly trainedAt!: Date | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: "timestamptz", name: "updated_at" }) readonly updatedAt!: Date;
}
