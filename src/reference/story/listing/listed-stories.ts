import {
  type Keyset,
  type ListOrder,
  type PageRequest,
  type SqlValues,
  keysetClauses,
} from "../../../platform/database/reading/keyset.js";
import { selectMatching } from "./matching-stories.js";
import { type ListedConditions, type StoryFilter, conditionsOf } from "./story-conditions.js";
import { ORDERS, RECENT, StoryOrder } from "./story-order.js";

export const TABLE = "reference.listed_stories s";

export interface StoryQuery extends StoryFilter {
  readonly orderBy: StoryOrder;
  readonly page: PageRequest;
}

/** Returns the SELECT of the ids and places of one page of the public stories. */
export function selectListed({ orderBy, page, ...filter }: StoryQuery, sql: SqlValues): string {
  const conditions = conditionsOf(filter, sql);
  if (orderBy === StoryOrder.Relevance) {
    return selectRanked(page, conditions, sql.bind(titleOf(filter)), sql);
  }
  const order = ORDERS[orderBy];
  // In the order of the length, the range is a part of the list, and not a condition to look for.
  const isByLength = order === ORDERS.longest || order === ORDERS.shortest;
  const listed = (isByLength ? conditions.length : null) ?? "true";
  if (conditions.all === null) return selectAll(order, page, sql);
  return selectMatching(order, page, { ...listing(conditions.all), listed }, sql);
}

function selectAll(order: ListOrder, page: PageRequest, sql: SqlValues): string {
  const { where, orderBy, limit, select } = keysetClauses(order, page, sql);
  return `SELECT s.id, ${select} FROM ${TABLE} WHERE true${where}${orderBy}${limit}`;
}

const listing = (condition: string) => ({
  table: TABLE,
  listed: "true",
  columns: "s.id",
  matches: `WHERE ${condition}`,
  // OFFSET 0 makes PostgreSQL look for the condition, and not for the place in the list: most stories can have one place.
  found: `(SELECT s.* FROM ${TABLE} WHERE ${condition} OFFSET 0) s`,
});

const titleOf = ({ search = [] }: StoryFilter): string =>
  search
    .flat()
    .map(({ text }) => text)
    .join(" ");

/**
 * Returns the page of a search, by rank: stories whose title is the search, then stories whose title has its words, then
 * stories whose author has them, then the others. Stories of one rank are in the order of their time. Each rank is a
 * SELECT of its own, and PostgreSQL runs it only if the ranks before it do not fill the page.
 */
function selectRanked(
  page: PageRequest,
  { all, words }: ListedConditions,
  title: string,
  sql: SqlValues,
): string {
  if (all === null || words === null) throw new Error("Only a search has ranks.");
  const isTitle = `s.title_key = (SELECT left(reference.plain_words(${title}), 200))`;
  const inTitle = `s.title_words @@ ${words.wanted}`;
  const byAuthor = `s.author_words @@ ${words.wanted}`;
  const ranks = [
    isTitle,
    `NOT ${isTitle} AND ${inTitle}`,
    `NOT ${isTitle} AND NOT ${inTitle} AND ${byAuthor}`,
    `NOT ${isTitle} AND NOT ${inTitle} AND NOT ${byAuthor} AND s.rest_words @@ ${words.any}`,
  ];
  const selects = ranks.flatMap((condition, rank) => {
    const own = pageOfRank(page, rank);
    return own ? [selectRank(own, rank, `${condition} AND ${all}`, sql)] : [];
  });
  if (page.fromEnd) selects.reverse();
  return `SELECT s.* FROM (${selects.join(" UNION ALL ")}) s LIMIT ${sql.bind(page.limit + 1)}`;
}

function selectRank(page: PageRequest, rank: number, condition: string, sql: SqlValues): string {
  const matching = selectMatching(
    RECENT,
    page,
    {
      ...listing(condition),
      isFrequent: (count) =>
        `EXISTS (SELECT FROM ${TABLE} WHERE ${condition} OFFSET ${count} LIMIT 1)`,
    },
    sql,
  );
  return `(SELECT s.id, '${rank} ' || s."sortKey" AS "sortKey", s."sortId" FROM (${matching}) s)`;
}

/** Returns the part of a page that can have stories of a rank. Returns null if the page has none. */
function pageOfRank({ after, before, ...page }: PageRequest, rank: number): PageRequest | null {
  if (after && rankOf(after) > rank) return null;
  if (before && rankOf(before) < rank) return null;
  return {
    ...page,
    ...(after && rankOf(after) === rank ? { after: timeOf(after) } : {}),
    ...(before && rankOf(before) === rank ? { before: timeOf(before) } : {}),
  };
}

const rankOf = ({ sort }: Keyset): number => Number(sort[0]);
const timeOf = ({ sort, id }: Keyset): Keyset => ({ sort: sort.slice(2), id });
