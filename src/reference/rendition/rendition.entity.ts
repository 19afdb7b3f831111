import { Column, CreateDateColumn, Entity, PrimaryColumn } from "typeorm";

/**
 * A spoken word. `start` and `end` are UTF-16 offsets in the segment's text. `startMs` and `endMs`
 * count from the start of the segment's sound.
 */
export interface SpokenWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** A requested feature that the voice could not provide. */
export interface Degradation {
  readonly feature: string;
  readonly reason: string;
}

/** The stored sound of one segment. A rendition is shared or has an owner. */
export type Rendition = Omit<RenditionEntity, "createdAt">;

/**
 * A shared rendition, stored under the hash of its recipe. Its text is public and unedited, and its
 * voice is from the catalogue. A shared rendition has no owner.
 */
@Entity("renditions", { schema: "reference" })
export class RenditionEntity {
  @PrimaryColumn("text", { name: "recipe_key" }) readonly recipeKey!: string;
  @Column("text", { name: "blob_key" }) readonly blobKey!: string;
  @Column("integer", { name: "duration_ms" }) readonly durationMs!: number;
  @Column("jsonb") readonly words!: readonly SpokenWord[];
  @Column("jsonb", { default: [] }) readonly degraded!: Degradation[];
  @Column("bigint", { name: "size_bytes" }) readonly sizeBytes!: string;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
}
