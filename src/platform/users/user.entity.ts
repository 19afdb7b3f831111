import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from "typeorm";

/**
 * A person. `id` is the identity provider's subject and never leaves the server. Others see only
 * `publicId`. The columns with `select: false` are readable by the person alone: `platform.own_user()`.
 */
@Entity("users", { schema: "platform" })
export class UserEntity {
  @PrimaryColumn("text") readonly id!: string;
  @Column("uuid", { name: "public_id", default: () => "gen_random_uuid()" })
  readonly publicId!: string;
  @Column("text", { nullable: true, select: false }) readonly email!: string | null;
  @Column("text", { name: "display_name", nullable: true }) readonly displayName!: string | null;
  @Column("text", { name: "avatar_url", nullable: true }) readonly avatarUrl!: string | null;
  @Column("jsonb", { default: {}, select: false }) readonly profile!: object;
  @Column("text", { default: "en", select: false }) readonly language!: string;
  @Column("boolean", { name: "is_admin", default: false, select: false })
  readonly isAdmin!: boolean;
  @Column("boolean", { name: "is_active", default: true }) readonly isActive!: boolean;
  @Column("timestamptz", { name: "erased_at", nullable: true }) readonly erasedAt!: Date | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at", select: false })
  readonly createdAt!: Date;
  @UpdateDateColumn({ type: "timestamptz", name: "updated_at", select: false })
  readonly updatedAt!: Date;
}

/** The part of a user that every viewer may see. */
export type PublicUser = Pick<
  UserEntity,
  "id" | "publicId" | "displayName" | "avatarUrl" | "isActive" | "erasedAt"
>;
