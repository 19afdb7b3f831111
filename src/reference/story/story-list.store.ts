import { queryAs, selectList } from "../../platform/database/reading/columns.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  pageOf,
} from "../../platform/database/reading/keyset.js";
import type { VersionedRow } from "../../platform/database/reading/row-cache.js";
import {
  type SharedRows,
  pageOfWhole,
  wholeRows,
} from "../../platform/database/reading/shared-rows.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { type StoryCondition, selectMatching } from "./matching-stories.js";
import { StoryEntity, type StoryVisibility } from "./story.entity.js";

export const StoryOrder = { Recent: "recent", Oldest: "oldest", Title: "title" } as const;
export type StoryOrder = (typeof StoryOrder)[keyof typeof StoryOrder];

const RECENT: ListOrder = {
  sort: "s.published_at",
  type: "timestamptz",
  id: "s.id",
  idType: "integer",
  descending: true,
};

const ORDERS: Record<StoryOrder, ListOrder> = {
  recent: RECENT,
  oldest: { ...RECENT, descending: false },
  title: { sort: "s.title", type: "text", id: "s.id", idType: "integer", descending: false },
};

const AUTHORED: ListOrder = { ...RECENT, sort: "s.created_at" };

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

const wholeStories = wholeRows(StoryEntity);

export const storyListStore = {
  /** Returns one page of the list of public stories. */
  publicPage: async (
    tx: Tx,
    { orderBy, page, ...filter }: StoryQuery,
    stories: SharedRows<StoryEntity> = wholeStories,
  ): Promise<Page<StoryEntity>> => {
    const sql = new SqlValues();
    const columns = stories.columns(tx, "s");
    const conditions = conditionsOf(filter, sql);
    const rows = await tx.query<Keyed<VersionedRow>[]>(
      conditions
        ? selectMatching(ORDERS[orderBy], page, { ...conditions, columns }, sql)
        : selectAll(ORDERS[orderBy], page, columns, sql),
      sql.values,
    );
    return pageOfWhole(pageOf(rows, page), await stories.complete(tx, rows));
  },

  publicCount: async (tx: Tx, filter: StoryFilter): Promise<number> => {
    const sql = new SqlValues();
    const conditions = conditionsOf(filter, sql);
    const [row] = await tx.query<{ count: number }[]>(
      conditions
        ? `SELECT reference.count_public_stories(${conditions.wanted}) AS count`
        : `SELECT count(*)::int AS count FROM reference.stories s WHERE s.visibility = 'public'`,
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
    const allowed = sql.bind([...new Set(visibilities)]);
    const { where, orderBy, limit, select } = keysetClauses(AUTHORED, page, sql);
    const rows = await queryAs(
      tx,
      StoryEntity,
      `SELECT ${selectList(tx, StoryEntity, "s")}, ${select}
       FROM unnest(${allowed}::text[]) AS v (visibility) CROSS JOIN LATERAL (
         SELECT s.* FROM reference.stories s
         WHERE s.original_author_id = ${author} AND s.visibility = v.visibility${where}${orderBy}${limit}) s${orderBy}${limit}`,
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
};

function selectAll(order: ListOrder, page: PageRequest, columns: string, sql: SqlValues): string {
  const { where, orderBy, limit, select } = keysetClauses(order, page, sql);
  return `SELECT ${columns}, ${select} FROM reference.stories s
    WHERE s.visibility = 'public'${where}${orderBy}${limit}`;
}

interface Conditions extends Pick<StoryCondition, "matches" | "found"> {
  /** The arguments of the functions that find and count stories: a tsquery of words, and one of facets. */
  readonly wanted: string;
}

/** Returns the filters in two forms that mean the same. Returns null without filters. */
function conditionsOf(filter: StoryFilter, sql: SqlValues): Conditions | null {
  const matches: string[] = [];
  const facets: string[] = [];
  const add = (value: unknown, condition: (bound: string) => [match: string, facet: string]) => {
    if (value === undefined) return;
    const [match, facet] = condition(sql.bind(value));
    matches.push(match);
    facets.push(facet);
  };
  const anyOf =
    (column: string) =>
    (bound: string): [string, string] => [
      `s.${column} = ANY(${bound}::text[])`,
      `reference.any_facet('${column}', ${bound}::text[])`,
    ];
  add(filter.categories, anyOf("category"));
  add(filter.genres, anyOf("genre"));
  add(filter.languages, anyOf("language"));
  add(filter.tags, (tags) => [
    `s.tags @> ${tags}::text[]`,
    `reference.all_facets('tag', ${tags}::text[])`,
  ]);
  add(filter.authorPublicId, (author) => {
    const id = `(SELECT u.id FROM platform.users u WHERE u.public_id = ${author})`;
    return [`s.original_author_id = ${id}`, `reference.any_facet('author', ARRAY${id})`];
  });
  // A search without any word finds nothing.
  const search = filter.search && `websearch_to_tsquery('simple', ${sql.bind(filter.search)})`;
  if (search) matches.push(`s.search @@ (SELECT ${search})`);
  if (matches.length === 0) return null;
  const words = search ? `nullif(${search}, ''::tsquery)` : NO_CONDITION;
  const wanted = `${words}, ${facets.join(" && ") || NO_CONDITION}`;
  return {
    wanted,
    matches: `WHERE ${matches.join(" AND ")}`,
    found: `reference.find_public_stories(${wanted}) s`,
  };
}

const NO_CONDITION = "''::tsquery";
