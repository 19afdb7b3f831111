import { Column, Entity, PrimaryColumn } from "typeorm";

/** The place up to which a person has listened to a story, whoever narrates the story. */
@Entity("listening_positions", { schema: "instances" })
export class ListeningPositionEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("integer", { name: "reference_story_id" }) readonly referenceStoryId!: number;
  /** null if the story had no analysis, or if the analysis was deleted. */
  @Column("integer", { name: "analysis_id", nullable: true }) readonly analysisId!: number | null;
  /** The segment of the analysis. */
  @Column("integer") readonly position!: number;
  /** How much of the segment was heard, from 0 to 1. null if the length of its sound is not known. */
  @Column("double precision", { nullable: true }) readonly part!: number | null;
  /** The time since the segment began in the narration that was heard. */
  @Column("integer", { name: "offset_ms", default: 0 }) readonly offsetMs!: number;
  /** The narration that was heard. Perhaps the narration no longer exists, or may no longer be read. */
  @Column("bigint", { name: "narration_id", nullable: true }) readonly narrationId!: string | null;
  /** The hash of the link by which the narration was read. */
  @Column("text", { name: "share_token_hash", nullable: true })
  readonly shareTokenHash!: string | null;
  /** The segment of the narration that was heard, if it was not copied from the story. */
  @Column("integer", { name: "aside_position", nullable: true })
  readonly asidePosition!: number | null;
  @Column("integer", { name: "aside_offset_ms", nullable: true })
  readonly asideOffsetMs!: number | null;
  @Column("boolean", { name: "is_finished", default: false }) readonly isFinished!: boolean;
  /** When the person was at this place. */
  @Column("timestamptz", { name: "updated_at" }) readonly updatedAt!: Date;
}
