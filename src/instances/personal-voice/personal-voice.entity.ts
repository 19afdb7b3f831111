import { Column, CreateDateColumn, Entity, PrimaryColumn } from "typeorm";
import type { EmotionVoiceKind } from "../emotion-voice/emotion-voice.entity.js";

/** Its owner's voice at one speech provider. Its emotion voices are trained one by one. */
@Entity("user_voices", { schema: "instances" })
export class PersonalVoiceEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { default: () => "nextval('instances.voice_ids')" })
  readonly id!: string;
  /** `provider:own-<random>`, the form in which narrations store the voice. */
  @Column("text") readonly voice!: string;
  @Column("text") readonly provider!: string;
  @Column("text") readonly kind!: EmotionVoiceKind;
  @Column("text", { name: "display_name" }) readonly displayName!: string;
  /** BCP 47 primary language tag. */
  @Column("text") readonly language!: string;
  @Column("jsonb", { name: "legacy_original", nullable: true, select: false })
  readonly legacyOriginal!: object | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
}
