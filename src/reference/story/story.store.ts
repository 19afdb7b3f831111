import { queryAs, rowsWhere, selectList } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  pageOf,
} from "../../platform/database/reading/keyset.js";
import { insertReturning, updateReturning } from "../../platform/database/writing/returning.js";
import type { ChapterHeading } from "./chapters.js";
import { StoryEntity, StoryTextEntity, StoryVisibility } from "./story.entity.js";

export const StoryOrder = { Recent: "recent", Oldest: "oldest", Title: "title" } as const;
export type StoryOrder = (typeof StoryOrder)[keyof typeof StoryOrder];

const ORDERS: Record<StoryOrder, ListOrder> = {
  recent: {
    sort: "s.published_at",
    type: "timestamptz",
    id: "s.id",
    idType: "integer",
    descending: true,
  },
  oldest: {
    sort: "s.published_at",
    type: "timestamptz",
    id: "s.id",
    idType: "integer",
    descending: false,
  },
  title: { sort: "s.title", type: "text", id: "s.id", idType: "integer", descending: false },
};

// The first number of the advisory locks on stories' texts. The number is arbitrary, but must not
// be the first number of other locks.
const TEXT_LOCK = 7_301_963;

const AUTHORED: ListOrder = { ...ORDERS.recent, sort: "s.created_at" };

/** The filters of the list of public stories. An absent member filters nothing. */
export interface StoryFilter {
  readonly categories?: readonly string[] | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly languages?: readonly string[] | undefined;
  readonly authorPublicId?: string | undefined;
  readonly search?: string | undefined;
}

/** The filters of the list of one author's stories. */
export interface AuthoredFilter {
  readonly authorId: string;
  readonly visibilities: readonly StoryVisibility[];
}

export interface StoryQuery extends StoryFilter {
  readonly orderBy: StoryOrder;
  readonly page: PageRequest;
}

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
    | "coverImageUrl"
    | "license"
    | "source"
    | "publishedAt"
  >
>;

export const storyStore = {
  byIds: (tx: Tx, ids: readonly number[]): Promise<StoryEntity[]> =>
    rowsWhere(tx, StoryEntity, "t.id = ANY($1)", [ids]),

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

  /** Returns the chapters of a text. Does not load the text. */
  chaptersOf: async (tx: Tx, contentHash: string): Promise<readonly ChapterHeading[]> => {
    const text = await tx.findOne(StoryTextEntity, {
      select: { contentHash: true, chapters: true },
      where: { contentHash },
    });
    return text?.chapters ?? [];
  },

  /** Returns one page of the list of public stories. */
  publicPage: async (
    tx: Tx,
    { orderBy, page, ...filter }: StoryQuery,
  ): Promise<Page<StoryEntity>> => {
    const sql = new SqlValues();
    const keyset = keysetClauses(ORDERS[orderBy], page, sql);
    const rows = await queryAs(
      tx,
      StoryEntity,
      `SELECT ${selectList(tx, StoryEntity, "s")}, ${keyset.select} FROM reference.stories s
       WHERE s.visibility = 'public'${keyset.where}${filterClauses(filter, sql)}${keyset.orderBy}${keyset.limit}`,
      sql.values,
    );
    return pageOf(rows as Keyed<StoryEntity>[], page);
  },

  publicCount: async (tx: Tx, filter: StoryFilter): Promise<number> => {
    const sql = new SqlValues();
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM reference.stories s
       WHERE s.visibility = 'public'${filterClauses(filter, sql)}`,
      sql.values,
    );
    return row?.count ?? 0;
  },

  /**
   * Returns one page of an author's stories, newest first. Row-level security hides drafts from
   * other viewers.
   */
  authoredPage: async (
    tx: Tx,
    { authorId, visibilities, page }: AuthoredFilter & { readonly page: PageRequest },
  ): Promise<Page<StoryEntity>> => {
    const sql = new SqlValues();
    const author = sql.bind(authorId);
    const allowed = sql.bind(visibilities);
    const keyset = keysetClauses(AUTHORED, page, sql);
    const rows = await queryAs(
      tx,
      StoryEntity,
      `SELECT ${selectList(tx, StoryEntity, "s")}, ${keyset.select} FROM reference.stories s
       WHERE s.original_author_id = ${author} AND s.visibility = ANY(${allowed})${keyset.where}${keyset.orderBy}${keyset.limit}`,
      sql.values,
    );
    return pageOf(rows as Keyed<StoryEntity>[], page);
  },

  authoredCount: async (tx: Tx, { authorId, visibilities }: AuthoredFilter): Promise<number> => {
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM reference.stories s
       WHERE s.original_author_id = $1 AND s.visibility = ANY($2)`,
      [authorId, visibilities],
    );
    return row?.count ?? 0;
  },

  /**
   * Stores a text if the text is not stored yet. ON CONFLICT has no target, because with a target
   * PostgreSQL requires that the author can already read the row.
   */
  putText: async (tx: Tx, text: Omit<StoryTextEntity, "createdAt">): Promise<void> => {
    await tx.query(
      `INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds, chapters)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [
        ...[text.contentHash, text.content, text.wordCount, text.readingTimeSeconds],
        JSON.stringify(text.chapters),
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

function filterClauses(filter: StoryFilter, sql: SqlValues): string {
  let clauses = "";
  if (filter.categories) clauses += ` AND s.category = ANY(${sql.bind(filter.categories)})`;
  if (filter.genres) clauses += ` AND s.genre = ANY(${sql.bind(filter.genres)})`;
  if (filter.languages) clauses += ` AND s.language = ANY(${sql.bind(filter.languages)})`;
  if (filter.tags) clauses += ` AND s.tags @> ${sql.bind(filter.tags)}::text[]`;
  if (filter.authorPublicId) {
    clauses += ` AND s.original_author_id = (SELECT u.id FROM platform.users u WHERE u.public_id = ${sql.bind(filter.authorPublicId)})`;
  }
  if (filter.search) {
    clauses += ` AND s.search @@ websearch_to_tsquery('simple', ${sql.bind(filter.search)})`;
  }
  return clauses;
}
