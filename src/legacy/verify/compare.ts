import type pg from "pg";
import type { Pair } from "../pairs.js";
import { comparisonOf, ownRowsOf } from "./queries.js";

/** A legacy row that is not here as it should be, or a row of ours that has no legacy row. */
export interface Difference {
  /** The key of the legacy row. */
  readonly key: string;
  readonly kind: "different" | "missing" | "extra";
  /** The columns that differ, each with the beginning of its values as JSON. */
  readonly columns: Readonly<Record<string, { readonly expected: string; readonly found: string }>>;
}

/** What a comparison of some legacy rows found. */
export interface Compared {
  readonly rows: number;
  readonly same: number;
  readonly quarantined: number;
  readonly merged: number;
  /** Deleted here, and kept by the old application. */
  readonly kept: number;
  readonly differences: readonly Difference[];
}

export interface ComparedPage extends Compared {
  /** The key of the last row of the page. Null if no row was left. */
  readonly last: string | null;
}

const LONGEST_VALUE = 300;

// A quarantined row, and a row that only the old application keeps, have no row here. A merged row shares its row here
// with other legacy rows.
const accounting = (source: string): string => `
compared AS MATERIALIZED (
  SELECT c.key, c.part, c.is_there, c.expected IS DISTINCT FROM c.found AS is_different, c.expected, c.found FROM checked c
  UNION ALL
  SELECT u.key, '', false, true, NULL, NULL FROM (SELECT l.id::text FROM l EXCEPT SELECT c.key FROM checked c) u (key)),
sorted AS MATERIALIZED (
  SELECT c.key, bool_or(c.is_different OR NOT c.is_there) AS is_wrong, CASE
    WHEN EXISTS (SELECT FROM legacy_sync.quarantine q
      WHERE q.source_table = '${source}' AND q.source_id = c.key) THEN 'quarantined'
    WHEN bool_and(c.is_there AND NOT c.is_different) AND EXISTS (SELECT FROM legacy_sync.id_map i
      WHERE i.source_table = '${source}' AND i.source_id = c.key AND i.kind = 'merged') THEN 'merged'
    WHEN bool_and(NOT c.is_there) AND EXISTS (SELECT FROM legacy_sync.kept k
      WHERE k.source_table = '${source}' AND k.source_id = c.key) THEN 'kept' END AS place
  FROM compared c GROUP BY c.key),
wrong AS (
  SELECT c.key, CASE WHEN bool_and(c.is_there) THEN 'different' ELSE 'missing' END AS kind,
    coalesce(jsonb_object_agg(c.part || d.column, d.pair) FILTER (WHERE d.column IS NOT NULL), '{}') AS columns
  FROM compared c LEFT JOIN LATERAL (
    SELECT e.key AS column, jsonb_build_object('expected', left(e.value::text, ${LONGEST_VALUE}),
      'found', left(f.value::text, ${LONGEST_VALUE})) AS pair
    FROM jsonb_each(to_jsonb(c.expected)) e JOIN jsonb_each(to_jsonb(c.found)) f USING (key)
    WHERE e.value IS DISTINCT FROM f.value) d ON c.is_there
  WHERE (c.is_different OR NOT c.is_there)
    AND c.key IN (SELECT s.key FROM sorted s WHERE s.is_wrong AND s.place IS NULL)
  GROUP BY c.key)
SELECT (SELECT count(*)::int FROM l) AS rows,
  (SELECT l.id::text FROM l ORDER BY l.id DESC LIMIT 1) AS last,
  (SELECT count(*)::int FROM sorted s WHERE s.place = 'quarantined') AS quarantined,
  (SELECT count(*)::int FROM sorted s WHERE s.place = 'merged') AS merged,
  (SELECT count(*)::int FROM sorted s WHERE s.place = 'kept') AS kept,
  (SELECT count(*)::int FROM sorted s WHERE NOT s.is_wrong AND s.place IS NULL) AS same,
  (SELECT coalesce(jsonb_agg(w), '[]') FROM wrong w) AS differences`;

const statement = (pair: Pair, rows: string): string =>
  `WITH l AS MATERIALIZED (SELECT * FROM legacy_sync.${rows}), checked AS (${comparisonOf(pair)}),
   ${accounting(pair.table)}`;

export interface PageRange<Place> {
  /** Null for the first page. */
  readonly after: Place | null;
  readonly size: number;
}

/** Compares the legacy rows after a key, at one moment. */
export async function comparePage(
  client: pg.Client,
  pair: Pair,
  { after, size }: PageRange<string>,
): Promise<ComparedPage> {
  const sql = statement(pair, `page_of_${pair.table}($1, $2)`);
  const { rows } = await client.query<ComparedPage>(sql, [after, size]);
  return rows[0] ?? NOTHING;
}

/** Compares the legacy rows with these keys, at one moment. */
export async function compareRows(
  client: pg.Client,
  pair: Pair,
  keys: readonly string[],
): Promise<Compared> {
  const sql = statement(pair, `rows_of_${pair.table}($1)`);
  const { rows } = await client.query<ComparedPage>(sql, [keys]);
  return rows[0] ?? NOTHING;
}

const NOTHING: ComparedPage = {
  ...{ rows: 0, same: 0, quarantined: 0, merged: 0, kept: 0 },
  ...{ differences: [], last: null },
};

/** A page of ours: the place where the next page begins, and the rows that have no legacy row. */
export interface OwnPage {
  readonly place: unknown;
  readonly rows: number;
  readonly extra: readonly string[];
}

/** Finds rows of ours that should have a legacy row and have none, at one moment. */
export async function findExtra(
  client: pg.Client,
  pair: Pair,
  { after, size }: PageRange<unknown>,
): Promise<OwnPage> {
  const own = ownRowsOf(pair);
  if (own === null) return { place: null, rows: 0, extra: [] };
  const { rows } = await client.query<OwnPage>(
    `WITH own AS MATERIALIZED (${own})
     SELECT count(*)::int AS rows, (array_agg(o.place ORDER BY o.place DESC))[1] AS place,
       coalesce(array_agg(o.key) FILTER (WHERE o.is_extra), '{}') AS extra FROM own o`,
    [after === null ? null : JSON.stringify(after), size],
  );
  const [page] = rows;
  return page ?? { place: null, rows: 0, extra: [] };
}
