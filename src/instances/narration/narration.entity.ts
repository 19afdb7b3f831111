import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from "typeorm";
import type { Degradation } from "../../providers/speech/speech.port.js";
import type { NarrationFiles, SpokenEdit } from "../../reference/index.js";
import type { ForkedFrom } from "./forking/lineage.js";
import type { UnplacedEdit } from "./rebasing/unplaced-edit.js";
import type { CastMember } from "./voices/cast.js";
import type { VoiceModifications } from "./voices/voice-modifications.js";

export const NarrationStatus = {
  Draft: "draft",
  Queued: "queued",
  Rendering: "rendering",
  Ready: "ready",
  Failed: "failed",
  Cancelled: "cancelled",
} as const;
export type NarrationStatus = (typeof NarrationStatus)[keyof typeof NarrationStatus];

/** Returns true while a render waits for a worker or runs. */
export const isUnderWay = (status: NarrationStatus): boolean =>
  status === NarrationStatus.Queued || status === NarrationStatus.Rendering;

/**
 * The message for a missing narration and for another user's narration. The two messages are equal, so
 * nobody learns which narrations exist.
 */
export const NO_NARRATION = "You have no such narration.";

/**
 * Returns the narration's name for an error message: the title in quotation marks, or `fallback` without
 * a title. Not the row's id, because clients never see this id.
 */
export const nameOf = (
  { title }: { readonly title: string | null },
  fallback = "This narration",
): string => (title === null ? fallback : `“${title}”`);

export const NarrationVisibility = {
  Private: "private",
  Unlisted: "unlisted",
  Public: "public",
} as const;
export type NarrationVisibility = (typeof NarrationVisibility)[keyof typeof NarrationVisibility];

/** One person's telling of a story. */
@Entity("user_story_narrations", { schema: "instances" })
export class NarrationEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { default: () => "nextval('instances.narration_ids')" })
  readonly id!: string;
  @Column("integer", { name: "reference_story_id" }) readonly referenceStoryId!: number;
  @Column("integer", { name: "analysis_id", nullable: true }) readonly analysisId!: number | null;
  @Column("text", { nullable: true }) readonly title!: string | null;
  @Column("text", { name: "narrator_voice" }) readonly narratorVoice!: string;
  @Column("text", { name: "narrator_voice_name" }) readonly narratorVoiceName!: string;
  @Column("text", { name: "narrator_voice_type" }) readonly narratorVoiceType!: "ai" | "user";
  @Column("jsonb", { name: "voice_cast", default: [] }) readonly voiceCast!: CastMember[];
  @Column("jsonb", { name: "voice_modifications", default: {} })
  readonly voiceModifications!: VoiceModifications;
  @Column("integer", { name: "segment_count", default: 0 }) readonly segmentCount!: number;
  @Column("text", { name: "script_hash", nullable: true }) readonly scriptHash!: string | null;
  @Column("text", { default: NarrationStatus.Draft }) readonly status!: NarrationStatus;
  @Column("text", { default: NarrationVisibility.Private })
  readonly visibility!: NarrationVisibility;
  /** The signed URLs of the narration's sound contain this number. So an unpublish ends earlier URLs. */
  @Column("integer", { name: "unpublished_count", default: 0 }) readonly unpublishedCount!: number;
  @Column("text", { name: "share_token", nullable: true }) readonly shareToken!: string | null;
  @Column("integer", { default: 0 }) readonly edition!: number;
  @Column("text", { name: "rendered_script_hash", nullable: true })
  readonly renderedScriptHash!: string | null;
  @Column("text", { name: "audio_blob_key", nullable: true }) readonly audioBlobKey!: string | null;
  @Column("jsonb", { nullable: true }) readonly audio!: NarrationFiles | null;
  @Column("integer", { name: "duration_ms", nullable: true }) readonly durationMs!: number | null;
  @Column("real", { name: "loudness_lufs", nullable: true }) readonly loudnessLufs!: number | null;
  @Column("bigint", { name: "size_bytes", nullable: true }) readonly sizeBytes!: string | null;
  @Column("jsonb", { nullable: true }) readonly failure!: object | null;
  @Column("jsonb", { name: "forked_from", nullable: true }) readonly forkedFrom!: ForkedFrom | null;
  /** What the script of the story's new text had no place for. null if there is nothing. */
  @Column("jsonb", { name: "unplaced_edits", nullable: true, select: false })
  readonly unplacedEdits!: readonly UnplacedEdit[] | null;
  @Column("jsonb", { name: "legacy_original", nullable: true, select: false })
  readonly legacyOriginal!: object | null;
  @Column("integer", { default: 1 }) readonly version!: number;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: "timestamptz", name: "updated_at" }) readonly updatedAt!: Date;
  @Column("timestamptz", { name: "published_at", nullable: true })
  readonly publishedAt!: Date | null;
}

/**
 * How a narration sounds. Lists do not read the cast, the modifications and the files. They are documents:
 * PostgreSQL needs more time for them than for all other columns.
 */
export interface NarrationDetails extends Pick<
  NarrationEntity,
  "narratorVoice" | "narratorVoiceName" | "voiceModifications" | "audio"
> {
  readonly voiceCast: readonly CastMember[];
}

/**
 * One segment of the owner's script. `storyPosition` is the position of the analysis' segment that was
 * copied into this segment.
 */
@Entity("user_narration_segments", { schema: "instances" })
export class NarrationSegmentEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { name: "narration_id" }) readonly narrationId!: string;
  @PrimaryColumn("integer") readonly position!: number;
  @Column("integer", { name: "story_position", nullable: true })
  readonly storyPosition!: number | null;
  @Column("text") readonly kind!: "narration" | "dialogue";
  @Column("text") readonly text!: string;
  @Column("text", { name: "speaker_id", nullable: true }) readonly speakerId!: string | null;
  @Column("text", { default: "neutral" }) readonly emotion!: string;
  @Column("real", { default: 0 }) readonly intensity!: number;
  @Column("text", { nullable: true }) readonly voice!: string | null;
  @Column("jsonb", { nullable: true }) readonly prosody!: object | null;
  @Column("integer", { name: "pause_after_ms", nullable: true })
  readonly pauseAfterMs!: number | null;
  @Column("boolean", { name: "is_edited", default: false }) readonly isEdited!: boolean;
  /**
   * The recipe key and the gain (dB) of the segment in the last render. An edit does not clear these
   * columns. Therefore the segment is up to date again when the edit is undone.
   */
  @Column("text", { name: "recipe_key", nullable: true }) readonly recipeKey!: string | null;
  @Column("double precision", { name: "rendered_gain", nullable: true })
  readonly renderedGain!: number | null;
  /** The start of the segment in the joined sound of the last render. */
  @Column("integer", { name: "start_ms", nullable: true }) readonly startMs!: number | null;
  /**
   * The requested effects that joining could not apply, such as a gain that was reduced because of the
   * limit for peaks.
   */
  @Column("jsonb", { name: "join_degraded", nullable: true })
  readonly joinDegraded!: readonly Degradation[] | null;
  /**
   * The parts of the text that the last render's voice said in another form, with this form. null if the voice
   * said the text as it is written.
   */
  @Column("jsonb", { name: "spoken_edits", nullable: true })
  readonly spokenEdits!: readonly SpokenEdit[] | null;
  @Column("jsonb", { nullable: true }) readonly extra!: object | null;
}
