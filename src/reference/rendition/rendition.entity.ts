import { Column, CreateDateColumn, Entity, PrimaryColumn } from "typeorm";

/** A word as it is spoken: UTF-16 offsets into the segment's text, milliseconds into its sound. */
export interface SpokenWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Something asked for that the voice could not do. */
export interface Degradation {
  readonly feature: string;
  readonly reason: string;
}

/** A segment's sound, whoever's it is. */
export type Rendition = Omit<RenditionEntity, "createdAt">;

/** A segment's sound, by the recipe it was made from. Unedited public text in a catalogue voice: nobody's. */
@Entity("renditions", { schema: "reference" })
export class RenditionEntity {
  @PrimaryColumn("text", { name: "recipe_key" }) readonly recipeKey!: string;
  @Column("text", { name: "blob_key" }) readonly blobKey!: string;
  @Column("integer", { name: "duration_ms" }) readonly durationMs!: number;
  @Column("jsonb") readonly words!: SpokenWord[];
  @Column("jsonb", { default: [] }) readonly degraded!: Degradation[];
  @Column("bigint", { name: "size_bytes" }) readonly sizeBytes!: string;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
}
