import { Column, Entity, PrimaryColumn } from "typeorm";

/** Sound of the legacy platform that a row of the owner names by the link `audio://<id>`. */
@Entity("user_legacy_sounds", { schema: "instances" })
export class LegacySoundEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint") readonly id!: string;
  /** Final from the beginning, also while the blob storage does not have the bytes yet. */
  @Column("text", { name: "blob_key" }) readonly blobKey!: string;
  @Column("text", { name: "content_type" }) readonly contentType!: string;
  @Column("bigint", { name: "size_bytes" }) readonly sizeBytes!: string;
  /** Null if the legacy platform did not know the length. */
  @Column("integer", { name: "duration_ms", nullable: true }) readonly durationMs!: number | null;
  /** Null until the blob storage has the bytes. */
  @Column("timestamptz", { name: "stored_at", nullable: true }) readonly storedAt!: Date | null;
  /** What no other column holds of the legacy file, such as its name. */
  @Column("jsonb", { name: "legacy_original", nullable: true, select: false })
  readonly legacyOriginal!: object | null;
}
