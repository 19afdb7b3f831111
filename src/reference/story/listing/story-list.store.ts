import { queryAs, selectList } from "../../../platform/database/reading/columns.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  nodesOf,
  pageOf,
} from "../../../platform/database/reading/keyset.js";
import { countsByParent, pagesByParent } from "../../../platform/database/reading/parents.js";
import type { VersionedRow } from "../../../platform/database/reading/row-cache.js";
import {
  type SharedRows,
  pageOfWhole,
  wholeRows,
} from "../../../platform/database/reading/shared-rows.js";
import type { Tx } from "../../../platform/database/transactions/database.js";
import { type StoryQuery, TABLE, selectListed } from "./listed-stories.js";
import { type StoryFilter, conditionsOf, isFiltering } from "./story-conditions.js";
import { StoryEntity, type StoryVisibility } from "../story.entity.js";
import { ORDERS, RECENT, StoryOrder } from "./story-order.js";

const AUTHORED: ListOrder = { ...RECENT, sort: "s.created_at" };

/** The filters of the list of one author's stories. */
export interface AuthoredFilter {
  readonly authorId: string;
  readonly visibilities: readonly StoryVisibility[];
}

const wholeStories = wholeRows(StoryEntity);

/**
 * Returns the SELECT of the columns of the story `l.id`. Looks once more whether the story is public, because triggers
 * list stories, and a replica can apply changes without triggers. OFFSET 0 makes PostgreSQL look up each story, in the
 * order of the list. Otherwise it could read all stories, because it does not know how many a page has.
 */
const storyOfListed = (columns: string): string =>
  `(SELECT ${columns} FROM reference.stories s WHERE s.id = l.id AND s.visibility = 'public' OFFSET 0)`;

/** Returns the SELECT of the list of all stories by their time. The stories themselves have an index for it. */
function selectByTime(
  order: ListOrder,
  page: PageRequest,
  columns: string,
  sql: SqlValues,
): string {
  const { where, orderBy, limit, select } = keysetClauses(order, page, sql);
  return `SELECT ${columns}, ${select} FROM reference.stories s
    WHERE s.visibility = 'public'${where}${orderBy}${limit}`;
}

const isByTime = (order: StoryOrder): order is "recent" | "oldest" =>
  order === StoryOrder.Recent || order === StoryOrder.Oldest;

export const storyListStore = {
  /** Returns one page of the list of public stories. */
  publicPage: async (
    tx: Tx,
    query: StoryQuery,
    stories: SharedRows<StoryEntity> = wholeStories,
  ): Promise<Page<StoryEntity>> => {
    const { orderBy, page, ...filter } = query;
    const sql = new SqlValues();
    const columns = stories.columns(tx, "s");
    const rows = await tx.query<Keyed<VersionedRow>[]>(
      isByTime(orderBy) && !isFiltering(filter)
        ? selectByTime(ORDERS[orderBy], page, columns, sql)
        : `SELECT t.*, l."sortKey", l."sortId" FROM (${selectListed(query, sql)}) l
           CROSS JOIN LATERAL ${storyOfListed(columns)} t`,
      sql.values,
    );
    const listed = pageOf(rows, page);
    return pageOfWhole(listed, await stories.complete(tx, listed.nodes));
  },

  publicCount: async (tx: Tx, filter: StoryFilter): Promise<number> => {
    const sql = new SqlValues();
    const { all } = conditionsOf(filter, sql);
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM ${TABLE} WHERE ${all.join(" AND ") || "true"}`,
      sql.values,
    );
    return row?.count ?? 0;
  },

  /** Returns the public stories of each author, last published first. */
  publicPagesByAuthor: async (
    tx: Tx,
    authorIds: readonly string[],
    page: PageRequest,
    stories: SharedRows<StoryEntity> = wholeStories,
  ): Promise<Map<string, Page<StoryEntity>>> => {
    const sql = new SqlValues();
    const authors = sql.bind(authorIds);
    const { where, orderBy, limit, select } = keysetClauses(RECENT, page, sql);
    const rows = await tx.query<Keyed<VersionedRow & { readonly listedAuthor: string }>[]>(
      `SELECT t.*, l."listedAuthor", l."sortKey", l."sortId"
       FROM unnest(${authors}::text[]) AS p (id) CROSS JOIN LATERAL (
         SELECT s.id, s.author_id AS "listedAuthor", ${select} FROM ${TABLE}
         WHERE s.author_id = p.id${where}${orderBy}${limit}) l
       CROSS JOIN LATERAL ${storyOfListed(stories.columns(tx, "s"))} t`,
      sql.values,
    );
    const pages = pagesByParent(rows, page, ({ listedAuthor }) => listedAuthor);
    const whole = await stories.complete(tx, nodesOf(pages.values()));
    return new Map([...pages].map(([id, listed]) => [id, pageOfWhole(listed, whole)]));
  },

  publicCountsByAuthor: (tx: Tx, authorIds: readonly string[]): Promise<Map<string, number>> =>
    countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest($1::text[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM ${TABLE} WHERE s.author_id = p.id) c WHERE c.count > 0`,
      [authorIds],
    ),

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
