import { Column, Entity, PrimaryColumn } from "typeorm";
import type { ConsentState } from "../consent/consent.entity.js";

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
  @Column("text", { name: "blob_key", nullable: true }) readonly blobKey!: string | null;
  @Column("text", { name: "legacy_audio", nullable: true }) readonly legacyAudio!: string | null;
  @Column("integer", { name: "duration_ms", nullable: true }) readonly durationMs!: number | null;
  @Column("jsonb", { nullable: true }) readonly quality!: object | null;
  @Column("boolean", { name: "is_preferred", default: false }) readonly isPreferred!: boolean;
  @Column("boolean", { name: "is_locked", default: false }) readonly isLocked!: boolean;
  @Column("timestamptz", { name: "recorded_at", default: () => "now()" })
  readonly recordedAt!: Date;
}
