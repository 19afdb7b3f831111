import {
  type Keyset,
  type ListOrder,
  type PageRequest,
  type SqlValues,
  keysetClauses,
} from "../../../platform/database/reading/keyset.js";
import type { Search } from "../../../platform/text/search.js";
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
  if (orderBy === StoryOrder.Relevance)
    return selectRanked(page, conditions, filter.search ?? [], sql);
  const order = ORDERS[orderBy];
  // In the order of the length, the range is a part of the list, and not a condition to look for.
  const isByLength = order === ORDERS.longest || order === ORDERS.shortest;
  const listed = (isByLength ? conditions.length : null) ?? "true";
  if (conditions.all.length === 0) return selectAll(order, page, sql);
  return selectMatching(order, page, { ...listing(conditions.all), listed }, sql);
}

function selectAll(order: ListOrder, page: PageRequest, sql: SqlValues): string {
  const { where, orderBy, limit, select } = keysetClauses(order, page, sql);
  return `SELECT s.id, ${select} FROM ${TABLE} WHERE true${where}${orderBy}${limit}`;
}

const allOf = (conditions: readonly string[]): string => conditions.join(" AND ");

const listing = (conditions: readonly string[]) => ({
  table: TABLE,
  listed: "true",
  columns: "s.id",
  matches: `WHERE ${allOf(conditions)}`,
  // OFFSET 0 makes PostgreSQL look for the condition, and not for the place in the list: most stories can have one place.
  found: `(SELECT s.* FROM ${TABLE} WHERE ${allOf(conditions)} OFFSET 0) s`,
});

const titleOf = (search: Search): string =>
  search
    .flat()
    .map(({ text }) => text)
    .join(" ");

/**
 * Returns the page of a search, by rank: stories whose title is the search, then stories whose title has its words, then
 * stories whose author has them, then the others. Stories of one rank are in the order of their time. Few matches are
 * found and sorted at once. Of many matches, each rank is a SELECT of its own, and PostgreSQL runs it only if the ranks
 * before it do not fill the page.
 */
function selectRanked(
  page: PageRequest,
  { all, others, words }: ListedConditions,
  search: Search,
  sql: SqlValues,
): string {
  if (words === null) throw new Error("Only a search has ranks.");
  const title = sql.bind(titleOf(search));
  const isTitle = `s.title_key = (SELECT left(reference.plain_words(${title}), 200))`;
  const inTitle = `s.title_words @@ ${words.wanted}`;
  const byAuthor = `s.author_words @@ ${words.wanted}`;
  // One part of a story that has all words matches the whole search, unless the search also excludes words.
  const ofPart = search.flat().some(({ excluded }) => excluded) ? all : others;
  const ranks = [
    [isTitle, ...ofPart],
    [inTitle, `NOT ${isTitle}`, ...ofPart],
    [byAuthor, `NOT ${isTitle} AND NOT ${inTitle}`, ...ofPart],
    [
      `s.rest_words @@ ${words.any}`,
      `NOT ${isTitle} AND NOT ${inTitle} AND NOT ${byAuthor}`,
      ...(search.flat().length === 1 ? ofPart : all),
    ],
  ];
  const many = ranks.flatMap((conditions, rank) => {
    const own = pageOfRank(page, rank);
    return own ? [selectRank(own, rank, conditions, sql)] : [];
  });
  if (page.fromEnd) many.reverse();
  const rankOfFew = `CASE WHEN ${isTitle} THEN 0 WHEN ${inTitle} THEN 1 WHEN ${byAuthor} THEN 2 ELSE 3 END`;
  const most = sql.bind(FEW);
  const wanted = sql.bind(page.limit + 1);
  return `WITH few AS MATERIALIZED (
      SELECT s.id, s.published_at, ${rankOfFew} AS rank FROM ${TABLE} WHERE ${allOf(all)} LIMIT ${most} + 1),
    are_few AS MATERIALIZED (SELECT (SELECT count(*) FROM few) <= ${most} AS yes)
    (${selectFew(page, sql)} LIMIT ${wanted})
    UNION ALL (
      SELECT s.* FROM (${many.join(" UNION ALL ")}) s WHERE NOT (SELECT yes FROM are_few) LIMIT ${wanted})`;
}

/** The most matches that are sorted at once. */
const FEW = 300;

function selectFew({ after, before, fromEnd = false }: PageRequest, sql: SqlValues): string {
  const beyond = ({ sort, id }: Keyset, isAfter: boolean): string => {
    const rank = sql.bind(Number(sort[0]));
    const place = `(${sql.bind(sort.slice(2))}::timestamptz, ${sql.bind(id)}::int)`;
    const [later, older] = isAfter ? [">", "<"] : ["<", ">"];
    return ` AND (s.rank ${later} ${rank}::int OR (s.rank = ${rank}::int AND (s.published_at, s.id) ${older} ${place}))`;
  };
  const [up, down] = fromEnd ? ["DESC", "ASC"] : ["ASC", "DESC"];
  return `SELECT s.id, s.rank || ' ' || s.published_at::text AS "sortKey", s.id::text AS "sortId" FROM few s
    WHERE (SELECT yes FROM are_few)${after ? beyond(after, true) : ""}${before ? beyond(before, false) : ""}
    ORDER BY s.rank ${up}, s.published_at ${down}, s.id ${down}`;
}

function selectRank(
  page: PageRequest,
  rank: number,
  conditions: readonly string[],
  sql: SqlValues,
): string {
  const matching = selectMatching(
    RECENT,
    page,
    {
      ...listing(conditions),
      isFrequent: (count) =>
        `EXISTS (SELECT FROM ${TABLE} WHERE ${allOf(conditions)} OFFSET ${count} LIMIT 1)`,
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
