import {
  type ListOrder,
  type PageRequest,
  type SqlValues,
  keysetClauses,
} from "../../../platform/database/reading/keyset.js";

/** How many stories a page looks through for each wanted row. */
const NEARBY = 15;

/** A condition on the stories `s` of a list. All members are SQL. */
export interface StoryCondition {
  /** The table of the stories, with the alias s. */
  readonly table: string;
  /** The rows of the table that are in the list at all. */
  readonly listed: string;
  /** The columns to select. */
  readonly columns: string;
  /** Follows FROM and a list of stories `s`: a WHERE or a join that keeps the stories that match. */
  readonly matches: string;
  /** Follows FROM: all stories `s` that match, with their id and the sort column. In no order. */
  readonly found: string;
  /**
   * Returns a condition that is false if fewer than `count` stories match. May be true for fewer. Default: true.
   */
  readonly isFrequent?: (count: string) => string;
}

/**
 * Returns the SELECT of one page of the listed stories that match. PostgreSQL cannot know whether a value that
 * comes with the statement is frequent. So the statement first looks through the next stories of the list, which
 * is enough for frequent values. Otherwise, it finds all stories that match, which are few, and sorts them.
 */
export function selectMatching(
  order: ListOrder,
  page: PageRequest,
  { table, listed, columns, matches, found, isFrequent = () => "true" }: StoryCondition,
  sql: SqlValues,
): string {
  const { where, orderBy, limit, select } = keysetClauses(order, page, sql);
  const nearby = sql.bind(NEARBY * (page.limit + 1));
  const wanted = sql.bind(page.limit + 1);
  const all = `${columns}, ${select}`;
  const next = `FROM ${table} WHERE ${listed}${where}`;
  return `WITH frequent AS MATERIALIZED (SELECT ${isFrequent(`${nearby}::int`)} AS yes),
    near AS MATERIALIZED (
      SELECT ${all} FROM (
        SELECT s.* ${next} AND (SELECT yes FROM frequent)${orderBy} LIMIT ${nearby}) s
      ${matches}${orderBy}${limit}),
    enough AS MATERIALIZED (
      SELECT (SELECT count(*) FROM near) = ${wanted} OR ((SELECT yes FROM frequent)
        AND NOT EXISTS (SELECT ${next}${orderBy} OFFSET ${nearby} LIMIT 1)) AS yes)
    SELECT * FROM near WHERE (SELECT yes FROM enough)
    UNION ALL (
      SELECT ${all} FROM (
        SELECT s.id FROM ${found} WHERE NOT (SELECT yes FROM enough)${where}${orderBy}${limit}) f
      JOIN ${table} ON s.id = f.id${orderBy})`;
}
