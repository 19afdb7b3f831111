import {
  Column,
  CreateDateColumn,
  Entity,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from "typeorm";
import type { ChapterHeading } from "../reading/chapters/chapters.js";

export const StoryVisibility = { Draft: "draft", Public: "public", Archived: "archived" } as const;
export type StoryVisibility = (typeof StoryVisibility)[keyof typeof StoryVisibility];

/**
 * A story. Everyone can read a public story. Only the author can read a draft. An archived story is
 * in no public list.
 */
@Entity("stories", { schema: "reference" })
export class StoryEntity {
  @PrimaryGeneratedColumn("increment", { type: "integer" }) readonly id!: number;
  @Column("text") readonly slug!: string;
  @Column("text") readonly title!: string;
  /** Who wrote the story: a credit. `originalAuthorId` is the account that brought the story. */
  @Column("text", { name: "author_name", nullable: true }) readonly authorName!: string | null;
  @Column("text", { nullable: true }) readonly summary!: string | null;
  @Column("text", { name: "content_hash", nullable: true }) readonly contentHash!: string | null;
  @Column("text", { name: "original_author_id", nullable: true })
  readonly originalAuthorId!: string | null;
  @Column("text", { default: StoryVisibility.Draft }) readonly visibility!: StoryVisibility;
  @Column("text") readonly category!: string;
  @Column("text", { nullable: true }) readonly genre!: string | null;
  @Column("text", { name: "sub_genre", nullable: true }) readonly subGenre!: string | null;
  @Column("text", { array: true, default: [] }) readonly tags!: string[];
  @Column("text", { name: "emotional_tags", array: true, default: [] })
  readonly emotionalTags!: string[];
  @Column("text", { nullable: true }) readonly mood!: string | null;
  @Column("text", { name: "age_rating", default: "general" }) readonly ageRating!: string;
  @Column("boolean", { name: "is_adult", default: false }) readonly isAdult!: boolean;
  @Column("text", { default: "en" }) readonly language!: string;
  @Column("text", { name: "cover_image_url", nullable: true })
  readonly coverImageUrl!: string | null;
  /** The key of the picture of an imported book. The blob belongs to the account that imported the book. */
  @Column("text", { name: "cover_blob_key", nullable: true })
  readonly coverBlobKey!: string | null;
  @Column("text", { name: "cover_content_type", nullable: true })
  readonly coverContentType!: string | null;
  @Column("text", { default: "all_rights_reserved" }) readonly license!: string;
  @Column("text", { name: "copyright_notice", nullable: true })
  readonly copyrightNotice!: string | null;
  @Column("jsonb", { default: {} }) readonly source!: object;
  @Column("integer", { default: 1 }) readonly version!: number;
  @Column({ type: "tsvector", select: false, insert: false, update: false, nullable: true })
  readonly search!: string | null;
  @Column("timestamptz", { name: "published_at", nullable: true })
  readonly publishedAt!: Date | null;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
  @UpdateDateColumn({ type: "timestamptz", name: "updated_at" }) readonly updatedAt!: Date;
  /** The number of this state of the row. PostgreSQL gives a new number at every change. */
  @Column({ type: "bigint", name: "row_version", default: 0, insert: false, update: false })
  readonly rowVersion!: string;
}

/** A text, stored once under the sha256 of its UTF-8, even if many stories have the text. */
@Entity("story_texts", { schema: "reference" })
export class StoryTextEntity {
  @PrimaryColumn("text", { name: "content_hash" }) readonly contentHash!: string;
  @Column("text") readonly content!: string;
  @Column("jsonb", { default: [] }) readonly chapters!: readonly ChapterHeading[];
  @Column("integer", { name: "word_count" }) readonly wordCount!: number;
  @Column("integer", { name: "reading_time_seconds" }) readonly readingTimeSeconds!: number;
  @CreateDateColumn({ type: "timestamptz", name: "created_at" }) readonly createdAt!: Date;
}
