import { Column, Entity, PrimaryColumn } from "typeorm";
import type { ConsentState } from "../consent/consent.entity.js";

/** Whether a recording is good enough to train a voice from. */
export const SampleStatus = {
  /** A job decodes and measures the recording. */
  Processing: "processing",
  Accepted: "accepted",
  /** The recording is not kept. `quality` contains the reasons. */
  Rejected: "rejected",
} as const;
export type SampleStatus = (typeof SampleStatus)[keyof typeof SampleStatus];

/** What a person reads who asks for a voice sample that does not exist. */
export const NO_SAMPLE = "There is no such voice sample.";

/** A recording of its owner's voice, made for one template. */
@Entity("user_voice_samples", { schema: "instances" })
export class VoiceSampleEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { default: () => "nextval('instances.sample_ids')" })
  readonly id!: string;
  @Column("integer", { name: "template_id" }) readonly templateId!: number;
  @Column("text") readonly state!: ConsentState;
  @Column("bigint", { name: "consent_id", nullable: true }) readonly consentId!: string | null;
  @Column("boolean", { name: "consent_live", nullable: true })
  readonly consentLive!: boolean | null;
  @Column("text", { nullable: true }) readonly transcript!: string | null;
  /** The normalised recording: a WAV file. */
  @Column("text", { name: "blob_key", nullable: true }) readonly blobKey!: string | null;
  @Column("text", { name: "legacy_audio", nullable: true }) readonly legacyAudio!: string | null;
  @Column("jsonb", { name: "legacy_original", nullable: true, select: false })
  readonly legacyOriginal!: object | null;
  @Column("integer", { name: "duration_ms", nullable: true }) readonly durationMs!: number | null;
  @Column("jsonb", { nullable: true }) readonly quality!: object | null;
  @Column("boolean", { name: "is_preferred", default: false }) readonly isPreferred!: boolean;
  @Column("boolean", { name: "is_locked", default: false }) readonly isLocked!: boolean;
  @Column("timestamptz", { name: "recorded_at", default: () => "now()" })
  readonly recordedAt!: Date;
  @Column("text", { name: "processing_status", default: "accepted" })
  readonly processingStatus!: SampleStatus;
  @Column("bigint", { name: "upload_id", nullable: true }) readonly uploadId!: string | null;
  /** The file as its owner uploaded it. The file is deleted after the processing. */
  @Column("text", { name: "original_blob_key", nullable: true })
  readonly originalBlobKey!: string | null;
}
