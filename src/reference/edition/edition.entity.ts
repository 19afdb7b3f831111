import { Column, Entity, PrimaryColumn } from "typeorm";
import type { Rendition } from "../rendition/rendition.entity.js";

export const EditionVisibility = { Unlisted: "unlisted", Public: "public" } as const;
export type EditionVisibility = (typeof EditionVisibility)[keyof typeof EditionVisibility];

/** The members of NarrationFiles that are keys in the storage. */
export const NARRATION_FILES = ["mp3", "opus", "wav", "captions", "timings"] as const;

/**
 * The files of a rendered narration, by their keys in the storage, with the loudness, the size and
 * the chapters.
 */
export interface NarrationFiles extends Readonly<Record<(typeof NARRATION_FILES)[number], string>> {
  readonly loudnessLufs: number;
  readonly sizeBytes: number;
  /** In order. Each chapter ends where the next chapter begins. */
  readonly chapters: readonly { readonly title: string; readonly startMs: number }[];
}

/** The sound of one segment of an edition. */
export interface SegmentSound extends Pick<
  Rendition,
  "blobKey" | "durationMs" | "words" | "degraded"
> {
  /**
   * The segment's start in the edition's files. Null if a version of Fabula joined the files that
   * did not store this start yet.
   */
  readonly startMs: number | null;
  /**
   * The parts of the segment's text that the voice said in another form. The offsets of `words` are offsets in
   * the text after these edits. Absent if the voice said the text as it is written.
   */
  readonly spokenEdits?: readonly SpokenEdit[];
}

/** A part of a segment's text that the voice says in another form. Offsets are UTF-16 offsets in the text. */
export interface SpokenEdit {
  readonly start: number;
  readonly end: number;
  /** What the voice says instead. */
  readonly spoken: string;
  /** What a reader sees instead: the part as it is written, without apparatus. */
  readonly shown: string;
}

/**
 * Sound of the legacy platform in an edition, in the format that it has there. The sound is a blob of the
 * owner, or a link as the legacy platform wrote it.
 */
export interface PublishedLegacySound {
  readonly isLegacy: true;
  readonly blobKey: string | null;
  /** Null if there is a blob. */
  readonly link: string | null;
  readonly contentType: string | null;
  readonly sizeBytes: number | null;
  readonly durationMs: number | null;
}

export const isLegacySound = (
  sound: NarrationFiles | SegmentSound | PublishedLegacySound | null,
): sound is PublishedLegacySound => sound !== null && "isLegacy" in sound;

/** A character's voice in an edition's cast. */
export interface EditionCastMember {
  readonly characterId: string;
  readonly characterName: string;
  readonly voice: string;
  readonly voiceName: string;
  readonly isAutomatic: boolean;
}

/**
 * A personal voice of the owner, as others may know it. `voice` stands for the voice in the edition only:
 * nobody can choose it.
 */
export interface PublishedVoice {
  readonly voice: string;
  readonly displayName: string;
  readonly kind: "adapted" | "cloned";
}

/** The narration that another narration was copied from, as it was then. It may be gone since. */
export interface NarrationCredit {
  readonly narrationId: string;
  /** The public id of the narrator. */
  readonly narratorId: string;
  readonly narratorName: string | null;
  readonly title: string;
  /** When the copy was made, in ISO 8601. */
  readonly forkedAt: string;
}

/** Where a narration comes from. */
export interface NarrationLineage extends NarrationCredit {
  /** The first narration of a chain of copies. Absent if the narration was copied from the first one. */
  readonly original?: NarrationCredit;
}

/** The details of an edition, fixed when the edition is published. */
export interface EditionHeader {
  readonly title: string | null;
  readonly analysisId: number | null;
  readonly narratorVoice: string;
  readonly narratorVoiceName: string;
  readonly narratorVoiceType: "ai" | "user";
  readonly voiceCast: readonly EditionCastMember[];
  /** Absent in editions of an earlier version, which have no personal voices. */
  readonly personalVoices?: readonly PublishedVoice[];
  readonly voiceModifications: object;
  readonly contentHash: string | null;
  /**
   * True if the whole edition has sound: sound of ours, or of the legacy platform. Absent in editions of
   * an earlier version, which have no sound of the legacy platform.
   */
  readonly hasSound?: boolean;
  /** Absent if the narration is no copy of another one. */
  readonly forkedFrom?: NarrationLineage;
  /** When the owner created the narration, in ISO 8601. */
  readonly createdAt: string;
}

/**
 * The published copy of a narration, with everything that other people can read. An edition never
 * changes: publishing the narration again replaces the whole edition.
 */
@Entity("published_narrations", { schema: "reference" })
export class EditionEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { name: "narration_id" }) readonly narrationId!: string;
  @Column("integer") readonly edition!: number;
  @Column("integer", { name: "reference_story_id" }) readonly referenceStoryId!: number;
  @Column("text") readonly visibility!: EditionVisibility;
  /** How often the narration was unpublished before this edition. */
  @Column("integer", { name: "unpublished_count", default: 0 }) readonly unpublishedCount!: number;
  @Column("text", { name: "share_token_hash", nullable: true })
  readonly shareTokenHash!: string | null;
  @Column("jsonb") readonly header!: EditionHeader;
  @Column("integer", { name: "segment_count" }) readonly segmentCount!: number;
  @Column("text", { name: "audio_blob_key", nullable: true }) readonly audioBlobKey!: string | null;
  @Column("jsonb", { nullable: true })
  readonly audio!: NarrationFiles | PublishedLegacySound | null;
  @Column("integer", { name: "duration_ms", nullable: true }) readonly durationMs!: number | null;
  @Column("timestamptz", { name: "published_at" }) readonly publishedAt!: Date;
}

/** One segment of an edition's script. */
@Entity("published_narration_segments", { schema: "reference" })
export class EditionSegmentEntity {
  @PrimaryColumn("text", { name: "user_id" }) readonly userId!: string;
  @PrimaryColumn("bigint", { name: "narration_id" }) readonly narrationId!: string;
  @PrimaryColumn("integer") readonly position!: number;
  @Column("integer", { name: "story_position", nullable: true })
  readonly storyPosition!: number | null;
  @Column("text") readonly kind!: "narration" | "dialogue";
  @Column("text") readonly text!: string;
  @Column("text", { name: "speaker_id", nullable: true }) readonly speakerId!: string | null;
  @Column("text") readonly emotion!: string;
  @Column("real") readonly intensity!: number;
  @Column("text", { nullable: true }) readonly voice!: string | null;
  @Column("jsonb", { nullable: true }) readonly prosody!: object | null;
  @Column("integer", { name: "pause_after_ms", nullable: true })
  readonly pauseAfterMs!: number | null;
  @Column("jsonb", { nullable: true })
  readonly audio!: SegmentSound | PublishedLegacySound | null;
}
