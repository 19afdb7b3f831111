import {
  Column,
  CreateDateColumn,
  Entity,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from "typeorm";

export const ModulationType = {
  Emotion: "emotion",
  Sound: "sound",
  Modulation: "modulation",
} as const;
export type ModulationType = (typeof ModulationType)[keyof typeof ModulationType];

/** A reusable emotion, sound or modulation, found in published stories. */
@Entity("voice_modulation_templates", { schema: "reference" })
export class TemplateEntity {
  @PrimaryGeneratedColumn("increment", { type: "integer" }) readonly id!: number;
  @Column("text", { name: "modulation_type" }) readonly modulationType!: ModulationType;
  @Column("text", { name: "modulation_key" }) readonly modulationKey!: string;
  @Column("text", { name: "display_name" }) readonly displayName!: string;
  @Column("text") readonly description!: string;
  @Column("text", { name: "sample_text" }) readonly sampleText!: string;
  @Column("integer", { name: "target_duration_seconds", default: 10 })
  readonly targetDurationSeconds!: number;
  @Column("text", { default: "basic" }) readonly category!: string;
  @Column("jsonb", { name: "voice_settings", nullable: true })
  readonly voiceSettings!: object | null;
  @Column("boolean", { name: "is_active", default: true }) readonly isActive!: boolean;
  @Column("integer", { name: "sort_order", default: 0 }) readonly sortOrder!: number;
  @Column("integer", { name: "source_analysis_id", nullable: true })
  readonly sourceAnalysisId!: number | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: "timestamptz", name: "updated_at" }) readonly updatedAt!: Date;
  /** The number of this state of the row. PostgreSQL gives a new number at every change. */
  @Column({ type: "bigint", name: "row_version", default: 0, insert: false, update: false })
  readonly rowVersion!: string;
}

/**
 * How often and how strongly a template occurs in one analysis, and the position of an example
 * segment.
 */
@Entity("story_modulation_occurrences", { schema: "reference" })
export class OccurrenceEntity {
  @PrimaryColumn("integer", { name: "analysis_id" }) readonly analysisId!: number;
  @PrimaryColumn("integer", { name: "template_id" }) readonly templateId!: number;
  @Column("integer") readonly occurrences!: number;
  @Column("real") readonly strength!: number;
  @Column("integer", { name: "example_position", nullable: true })
  readonly examplePosition!: number | null;
}
