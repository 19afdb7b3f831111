import { In } from "typeorm";
import { queryAs, selectList } from "../../platform/database/columns.js";
import type { Tx } from "../../platform/database/database.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  pageOf,
} from "../../platform/database/keyset.js";
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

// The class of our advisory locks on a story's text; any constant of our own.
const TEXT_LOCK = 7_301_963;

const AUTHORED: ListOrder = { ...ORDERS.recent, sort: "s.created_at" };

/** What the public shelf can be narrowed by; an absent member narrows nothing. */
export interface StoryFilter {
  readonly categories?: readonly string[] | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly languages?: readonly string[] | undefined;
  readonly authorPublicId?: string | undefined;
  readonly search?: string | undefined;
}

/** An author's own shelf. */
export interface AuthoredFilter {
  readonly authorId: string;
  readonly visibilities: readonly StoryVisibility[];
}

export interface StoryQuery extends StoryFilter {
  readonly orderBy: StoryOrder;
  readonly page: PageRequest;
}

/** The columns an author may set. */
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
    tx.find(StoryEntity, { where: { id: In([...ids]) } }),

  bySlugs: (tx: Tx, slugs: readonly string[]): Promise<StoryEntity[]> =>
    tx.find(StoryEntity, { where: { slug: In([...slugs]) } }),

  /** An author's public story of a text, the oldest where there are several. */
  publicByText: (
    tx: Tx,
    { authorId, ...text }: { authorId: string; contentHash: string; language: string },
  ): Promise<StoryEntity | null> =>
    tx.findOne(StoryEntity, {
      where: { ...text, originalAuthorId: authorId, visibility: StoryVisibility.Public },
      order: { id: "ASC" },
    }),

  textsByHash: (tx: Tx, hashes: readonly string[]): Promise<StoryTextEntity[]> =>
    tx.find(StoryTextEntity, { where: { contentHash: In([...hashes]) } }),

  /** The chapters of a text, without the text. */
  chaptersOf: async (tx: Tx, contentHash: string): Promise<readonly ChapterHeading[]> => {
    const text = await tx.findOne(StoryTextEntity, {
      select: { contentHash: true, chapters: true },
      where: { contentHash },
    });
    return text?.chapters ?? [];
  },

  /** One page of the public shelf. */
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

  /** One page of an author's own stories, newest first, drafts included where row-level security lets them through. */
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

  /** Stores a text once. No conflict target: naming one would demand that the author may read the row already. */
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

  insert: async (tx: Tx, authorId: string, values: StoryValues): Promise<StoryEntity> => {
    const { generatedMaps } = await tx.insert(StoryEntity, {
      ...values,
      originalAuthorId: authorId,
    });
    return storyStore.reload(tx, Number(generatedMaps[0]?.["id"]));
  },

  /** Changes the story if it is the author's and still at `version`; null where it is not. */
  update: async (
    tx: Tx,
    at: { authorId: string; id: number; version: number },
    values: StoryValues,
  ): Promise<StoryEntity | null> => {
    const { affected } = await tx.update(
      StoryEntity,
      { id: at.id, originalAuthorId: at.authorId, version: at.version },
      { ...values, version: at.version + 1 },
    );
    return affected ? storyStore.reload(tx, at.id) : null;
  },

  /**
   * Keeps a public story's text what it is until the transaction ends. An advisory lock, because
   * row-level security lets only the author lock the row itself.
   */
  lockText: async (tx: Tx, id: number): Promise<void> => {
    await tx.query("SELECT pg_advisory_xact_lock_shared($1, $2)", [TEXT_LOCK, id]);
  },

  /** Waits for everyone who holds the text, and makes the next ones wait for this transaction. */
  claimText: async (tx: Tx, id: number): Promise<void> => {
    await tx.query("SELECT pg_advisory_xact_lock($1, $2)", [TEXT_LOCK, id]);
  },

  reload: (tx: Tx, id: number): Promise<StoryEntity> =>
    tx.findOneOrFail(StoryEntity, { where: { id } }),
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
