import { Column, CreateDateColumn, Entity, PrimaryColumn } from "typeorm";
import type { Degradation, SpokenWord } from "../../reference/index.js";

/**
 * A rendition of the owner's own words or voice. The owner is part of the key, and the rendition is
 * deleted with the owner.
 */
@Entity("user_renditions", { schema: "instances" })
export class UserRenditionEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("text", { name: "recipe_key" }) readonly recipeKey!: string;
  @Column("text", { name: "blob_key" }) readonly blobKey!: string;
  @Column("integer", { name: "duration_ms" }) readonly durationMs!: number;
  @Column("jsonb") readonly words!: readonly SpokenWord[];
  @Column("jsonb", { default: [] }) readonly degraded!: Degradation[];
  @Column("bigint", { name: "size_bytes" }) readonly sizeBytes!: string;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
}

/**
 * One attempt to render a narration. The progress is written to this small row, so that PostgreSQL does
 * not rewrite the larger row of the narration each time.
 */
@Entity("user_narration_renders", { schema: "instances" })
export class RenderEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { name: "narration_id" }) readonly narrationId!: string;
  @PrimaryColumn("integer") readonly attempt!: number;
  @Column("integer") readonly total!: number;
  @Column("integer", { default: 0 }) readonly rendered!: number;
  @Column("integer", { default: 0 }) readonly reused!: number;
  /** Characters of paid speech that are counted and not spoken yet. */
  @Column("integer", { name: "reserved_characters", default: 0 })
  readonly reservedCharacters!: number;
  @Column("timestamptz", { name: "started_at" }) readonly startedAt!: Date;
  /** null while no worker runs the attempt. */
  @Column("timestamptz", { name: "working_since", nullable: true })
  readonly workingSince!: Date | null;
  @Column("timestamptz", { name: "finished_at", nullable: true }) readonly finishedAt!: Date | null;
  @Column("boolean", { name: "cancel_requested", default: false })
  readonly cancelRequested!: boolean;
  @Column("jsonb", { nullable: true }) readonly failure!: RenderFailure | null;
  @Column("text", { name: "script_hash", nullable: true }) readonly scriptHash!: string | null;
}

/**
 * Why a render stopped. `position` is the position of the failed segment. null if no single segment
 * failed.
 */
export interface RenderFailure {
  readonly code: string;
  readonly message: string;
  readonly position: number | null;
}
