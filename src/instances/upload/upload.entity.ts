import { Column, Entity, PrimaryColumn } from "typeorm";

/** What a file is for. */
export const UploadPurpose = { VoiceSample: "voice_sample", StoryFile: "story_file" } as const;
export type UploadPurpose = (typeof UploadPurpose)[keyof typeof UploadPurpose];

export const UploadStatus = {
  Awaiting: "awaiting",
  Received: "received",
  Used: "used",
  Expired: "expired",
} as const;
export type UploadStatus = (typeof UploadStatus)[keyof typeof UploadStatus];

/** One file that its owner sends to the server before a mutation uses the file. */
@Entity("user_uploads", { schema: "instances" })
export class UploadEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { default: () => "nextval('instances.upload_ids')" })
  readonly id!: string;
  @Column("text") readonly purpose!: UploadPurpose;
  @Column("text", { name: "content_type" }) readonly contentType!: string;
  /** The size that the owner declared. The file must have exactly this size. */
  @Column("integer", { name: "size_bytes" }) readonly sizeBytes!: number;
  /** Null before the file arrives, and after the use: then the row that uses the file has the key. */
  @Column("text", { name: "blob_key", nullable: true }) readonly blobKey!: string | null;
  @Column("timestamptz", { name: "created_at" }) readonly createdAt!: Date;
  @Column("timestamptz", { name: "expires_at" }) readonly expiresAt!: Date;
  @Column("timestamptz", { name: "received_at", nullable: true }) readonly receivedAt!: Date | null;
  @Column("timestamptz", { name: "used_at", nullable: true }) readonly usedAt!: Date | null;
}

/** A file that has arrived can be used for this time after the upload expired. Then the file is deleted. */
export const KEPT_AFTER_EXPIRY_MS = 3_600_000;

export function uploadStatus(
  { usedAt, receivedAt, expiresAt }: Pick<UploadEntity, "usedAt" | "receivedAt" | "expiresAt">,
  now: Date,
): UploadStatus {
  if (usedAt) return UploadStatus.Used;
  const endMs = expiresAt.getTime() + (receivedAt ? KEPT_AFTER_EXPIRY_MS : 0);
  if (now.getTime() >= endMs) return UploadStatus.Expired;
  return receivedAt ? UploadStatus.Received : UploadStatus.Awaiting;
}
