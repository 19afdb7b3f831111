import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import type { AnalysisDocument } from "./analyser/index.js";
import type { ApparatusKind } from "../reading/span.js";

export const AnalysisStatus = {
  Pending: "pending",
  Running: "running",
  Ready: "ready",
  Failed: "failed",
} as const;
export type AnalysisStatus = (typeof AnalysisStatus)[keyof typeof AnalysisStatus];

type Segment = AnalysisDocument["segments"][number];

/** Something that an analysis lacks. */
export interface AnalysisDegradation {
  /** `model`: a language model did not read the text, or not all of it. */
  readonly feature: "model";
  readonly reason: string;
}

export interface AnalysisFailure {
  readonly message: string;
  /** The time of the failure, in ISO 8601. Older failures have none. */
  readonly at?: string;
}

/**
 * The result of one analyser for one text. The row is inserted before the analysis runs, so that
 * workers and requests can lock the row.
 */
@Entity("story_analyses", { schema: "reference" })
export class AnalysisEntity {
  @PrimaryGeneratedColumn("increment", { type: "integer" }) readonly id!: number;
  @Column("text", { name: "content_hash" }) readonly contentHash!: string;
  @Column("text", { name: "analysis_type", default: "narrative" }) readonly analysisType!: string;
  @Column("text") readonly language!: string;
  @Column("text", { name: "analyzer_id" }) readonly analyzerId!: string;
  @Column("text", { name: "analyzer_version" }) readonly analyzerVersion!: string;
  @Column("text", { default: "" }) readonly model!: string;
  @Column("text", { name: "prompt_version", default: "" }) readonly promptVersion!: string;
  @Column("integer", { name: "schema_version" }) readonly schemaVersion!: number;
  @Column("text", { default: AnalysisStatus.Pending }) readonly status!: AnalysisStatus;
  @Column("integer", { default: 0 }) readonly rank!: number;
  @Column("text", { nullable: true }) readonly summary!: string | null;
  @Column("jsonb", { nullable: true }) readonly mood!: AnalysisDocument["mood"] | null;
  @Column("jsonb", { default: [] }) readonly characters!: AnalysisDocument["characters"];
  @Column("jsonb", { nullable: true }) readonly usage!: AnalysisDocument["usage"] | null;
  @Column("jsonb", { default: [] }) readonly degraded!: AnalysisDegradation[];
  @Column("jsonb", { nullable: true }) readonly failure!: AnalysisFailure | null;
  @Column("integer", { name: "segment_count", default: 0 }) readonly segmentCount!: number;
  /** The share of the text that a language model has read, 0-1. */
  @Column("real", { default: 0 }) readonly progress!: number;
  @Column("jsonb", { name: "legacy_data", nullable: true, select: false })
  readonly legacyData!: object | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
  @Column("timestamptz", { name: "completed_at", nullable: true })
  readonly completedAt!: Date | null;
  /** The number of this state of the row. PostgreSQL gives a new number at every change. */
  @Column({ type: "bigint", name: "row_version", default: 0, insert: false, update: false })
  readonly rowVersion!: string;
}

/**
 * A piece of the text with one voice and one emotion. The segments of a paragraph cover the whole
 * paragraph without overlap.
 */
@Entity("story_segments", { schema: "reference" })
export class StorySegmentEntity {
  @PrimaryColumn("integer", { name: "analysis_id" }) readonly analysisId!: number;
  @PrimaryColumn("integer") readonly position!: number;
  @Column("integer") readonly paragraph!: number;
  @Column("text") readonly kind!: Segment["kind"];
  @Column("integer", { name: "utf16_start" }) readonly utf16Start!: number;
  @Column("integer", { name: "utf16_end" }) readonly utf16End!: number;
  @Column("text") readonly text!: string;
  @Column("text", { name: "speaker_id", nullable: true }) readonly speakerId!: string | null;
  @Column("jsonb", { nullable: true }) readonly attribution!: Segment["attribution"] | null;
  @Column("text", { default: "neutral" }) readonly emotion!: string;
  @Column("real", { default: 0 }) readonly intensity!: number;
  @Column("real", { nullable: true }) readonly valence!: number | null;
  @Column("jsonb", { default: [] }) readonly modulations!: Segment["modulations"];
  @Column("jsonb", { default: [] }) readonly sounds!: Segment["sounds"];
  /** Null inside a paragraph, and for all segments of an analyser that did not know how segments end. */
  @Column("text", { name: "break_after", nullable: true })
  readonly breakAfter!: Segment["breakAfter"];
}

/**
 * A part of the text that is not the story: apparatus. A reader leaves the part out or reads `said` instead.
 * Apparatus can be inside a segment.
 */
@Entity("story_apparatus", { schema: "reference" })
export class StoryApparatusEntity {
  @PrimaryColumn("integer", { name: "analysis_id" }) readonly analysisId!: number;
  @PrimaryColumn("integer", { name: "utf16_start" }) readonly utf16Start!: number;
  @Column("integer", { name: "utf16_end" }) readonly utf16End!: number;
  @Column("text") readonly kind!: ApparatusKind;
  @Column("text") readonly said!: string;
}
