import { rowsWhere } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { insertReturning, updateReturning } from "../../platform/database/writing/returning.js";
import type { ChapterHeading } from "../reading/chapters/chapters.js";
import { StoryEntity, StoryTextEntity, StoryVisibility } from "./story.entity.js";

// The first number of the advisory locks on stories' texts. The number is arbitrary, but must not
// be the first number of other locks.
const TEXT_LOCK = 7_301_963;

/**
 * The first number of the advisory locks on stored texts. `reference.delete_story` and `reference.forget_text` have
 * the same number.
 */
const STORED_TEXT_LOCK = 7_301_971;

/** The columns that an author can set, by input or by an action such as publishing. */
export type StoryValues = Partial<
  Pick<
    StoryEntity,
    | "slug"
    | "title"
    | "summary"
    | "contentHash"
    | "visibility"
    | "category"
    | "genre"
    | "tags"
    | "mood"
    | "ageRating"
    | "isAdult"
    | "language"
    | "authorName"
    | "copyrightNotice"
    | "coverImageUrl"
    | "coverBlobKey"
    | "coverContentType"
    | "license"
    | "source"
    | "publishedAt"
  >
>;

export const storyStore = {
  byIds: (tx: Tx, ids: readonly number[]): Promise<StoryEntity[]> =>
    rowsWhere(tx, StoryEntity, "t.id = ANY($1)", [ids]),

  /** Locks the author's story until the transaction ends. Locks nothing if the story has another author. */
  lock: async (tx: Tx, authorId: string, id: number): Promise<void> => {
    await tx.query(
      "SELECT FROM reference.stories WHERE id = $1 AND original_author_id = $2 FOR UPDATE",
      [id, authorId],
    );
  },

  bySlugs: (tx: Tx, slugs: readonly string[]): Promise<StoryEntity[]> =>
    rowsWhere(tx, StoryEntity, "t.slug = ANY($1)", [slugs]),

  /**
   * Returns an author's public story with this text and language. If there are several such
   * stories, returns the oldest.
   */
  publicByText: (
    tx: Tx,
    { authorId, ...text }: { authorId: string; contentHash: string; language: string },
  ): Promise<StoryEntity | null> =>
    tx.findOne(StoryEntity, {
      where: { ...text, originalAuthorId: authorId, visibility: StoryVisibility.Public },
      order: { id: "ASC" },
    }),

  textsByHash: (tx: Tx, hashes: readonly string[]): Promise<StoryTextEntity[]> =>
    rowsWhere(tx, StoryTextEntity, "t.content_hash = ANY($1)", [hashes]),

  /**
   * Returns the number of words of a text, and the author of the oldest published story with the
   * text. Returns undefined if no published story has the text.
   */
  factsOfText: async (
    tx: Tx,
    { contentHash, language }: { readonly contentHash: string; readonly language: string },
  ): Promise<{ readonly authorId: string | null; readonly wordCount: number } | undefined> => {
    const [facts] = await tx.query<{ authorId: string | null; wordCount: number }[]>(
      `SELECT s.original_author_id AS "authorId", t.word_count AS "wordCount"
       FROM reference.stories s JOIN reference.story_texts t ON t.content_hash = s.content_hash
       WHERE s.content_hash = $1 AND s.language = $2 AND s.visibility <> 'draft'
       ORDER BY s.id LIMIT 1`,
      [contentHash, language],
    );
    return facts;
  },

  /** Returns true if a public story has the text and is in the language. */
  isPublicText: async (
    tx: Tx,
    { contentHash, language }: { readonly contentHash: string; readonly language: string },
  ): Promise<boolean> => {
    const rows = await tx.query<object[]>(
      `SELECT FROM reference.stories s
       WHERE s.content_hash = $1 AND s.language = $2 AND s.visibility = 'public' LIMIT 1`,
      [contentHash, language],
    );
    return rows.length > 0;
  },

  /** Returns the keys of the covers of an author's stories. */
  coverKeys: async (tx: Tx, authorId: string): Promise<readonly string[]> => {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT DISTINCT cover_blob_key AS key FROM reference.stories
       WHERE original_author_id = $1 AND cover_blob_key IS NOT NULL`,
      [authorId],
    );
    return rows.map(({ key }) => key);
  },

  /** Returns the chapters of a text. Does not load the text. */
  chaptersOf: async (tx: Tx, contentHash: string): Promise<readonly ChapterHeading[]> => {
    const text = await tx.findOne(StoryTextEntity, {
      select: { contentHash: true, chapters: true },
      where: { contentHash },
    });
    return text?.chapters ?? [];
  },

  /**
   * Stores a text if the text is not stored yet. ON CONFLICT has no target, because with a target
   * PostgreSQL requires that the author can already read the row. The text stays until the transaction ends: a
   * deletion of the last story with the text waits (`reference.delete_story`).
   */
  putText: async (tx: Tx, text: Omit<StoryTextEntity, "createdAt">): Promise<void> => {
    await tx.query(
      `INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds, chapters)
       SELECT $1, $2, $3, $4, $5 FROM (SELECT pg_advisory_xact_lock_shared($6, hashtext($1))) l
       ON CONFLICT DO NOTHING`,
      [
        ...[text.contentHash, text.content, text.wordCount, text.readingTimeSeconds],
        ...[JSON.stringify(text.chapters), STORED_TEXT_LOCK],
      ],
    );
  },

  insert: (tx: Tx, authorId: string, values: StoryValues): Promise<StoryEntity> =>
    insertReturning(tx, StoryEntity, { ...values, originalAuthorId: authorId }),

  /**
   * Changes the author's story if its version is still `version`. Returns null if the story has
   * another author or another version.
   */
  update: (
    tx: Tx,
    at: { authorId: string; id: number; version: number },
    values: StoryValues,
  ): Promise<StoryEntity | null> =>
    updateReturning(
      tx,
      StoryEntity,
      { id: at.id, originalAuthorId: at.authorId, version: at.version },
      { ...values, version: at.version + 1 },
    ),

  /** Tells the story's author whether others narrate the story. Returns null to everybody else. */
  isNarratedByOthers: async (tx: Tx, id: number): Promise<boolean | null> => {
    const [row] = await tx.query<{ isNarrated: boolean | null }[]>(
      `SELECT reference.is_narrated_by_others($1) AS "isNarrated"`,
      [id],
    );
    return row?.isNarrated ?? null;
  },

  /** Archives the viewer's story, without its author's name, account and cover. */
  leave: async (tx: Tx, id: number): Promise<void> => {
    await tx.query("SELECT reference.leave_story($1)", [id]);
  },

  /** Deletes the viewer's story, and what only this story needs. Nobody may have a narration of the story. */
  remove: async (tx: Tx, id: number): Promise<void> => {
    await tx.query("SELECT reference.delete_story($1)", [id]);
  },

  /**
   * Ends what a text was for the viewer's story, which has another text now. Deletes the text if no story has it and
   * nobody analysed it. An analysed text stays at least until the story is deleted.
   */
  leaveText: async (tx: Tx, id: number, contentHash: string): Promise<void> => {
    await tx.query("SELECT reference.leave_text($1, $2)", [id, contentHash]);
  },

  /**
   * Prevents changes of a public story's text until this transaction ends. Several transactions can
   * hold the lock at the same time. The lock is advisory, because row-level security lets only the
   * author lock the row itself.
   */
  lockText: async (tx: Tx, id: number): Promise<void> => {
    await tx.query("SELECT pg_advisory_xact_lock_shared($1, $2)", [TEXT_LOCK, id]);
  },

  /**
   * Waits until every transaction that called `lockText` for this story ends. Later calls of
   * `lockText` wait for this transaction.
   */
  claimText: async (tx: Tx, id: number): Promise<void> => {
    await tx.query("SELECT pg_advisory_xact_lock($1, $2)", [TEXT_LOCK, id]);
  },
};
