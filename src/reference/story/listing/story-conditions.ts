import type { SqlValues } from "../../../platform/database/reading/keyset.js";
import type { Search } from "../../../platform/text/search.js";

/** A range of the reading time of a text, in seconds. Both ends belong to the range. */
export interface LengthRange {
  readonly min: number;
  readonly max: number;
}

/** The filters of the list of public stories. An absent member filters nothing. */
export interface StoryFilter {
  readonly categories?: readonly string[] | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Languages without script and region. */
  readonly languages?: readonly string[] | undefined;
  readonly authorPublicId?: string | undefined;
  readonly hasAudio?: boolean | undefined;
  readonly length?: LengthRange | undefined;
  readonly search?: Search | undefined;
}

export const isFiltering = (filter: StoryFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined);

/** The conditions of a filter on listed stories `s`, in SQL. */
export interface ListedConditions {
  /** All conditions, for a WHERE. Empty without filters. */
  readonly all: readonly string[];
  /** All conditions except the search. */
  readonly others: readonly string[];
  /** The range of the length alone. */
  readonly length: string | null;
  /** The parts of the search: `reference.search_query` describes them. Null without a search. */
  readonly words: Readonly<Record<"all" | "wanted" | "any", string>> | null;
}

// Each condition is a subquery, so that PostgreSQL computes it once and not for each row.
export function conditionsOf(filter: StoryFilter, sql: SqlValues): ListedConditions {
  const facets = facetsOf(filter, sql);
  const length = filter.length && lengthOf(filter.length, sql);
  if (length) facets.push(length.facet);
  const words = filter.search ? wordsOf(filter.search, sql) : null;
  const others = [
    ...(facets.length > 0 ? [`s.facets @@ (SELECT ${facets.join(" && ")})`] : []),
    ...(length ? [length.range] : []),
  ];
  return {
    all: words ? [...others, `s.words @@ ${words.all}`] : others,
    others,
    length: length?.range ?? null,
    words,
  };
}

function wordsOf(search: Search, sql: SqlValues): NonNullable<ListedConditions["words"]> {
  const bound = sql.bind(JSON.stringify(search));
  const part = (name: string): string =>
    `(SELECT reference.search_query(${bound}::jsonb, '${name}'))`;
  return { all: part("all"), wanted: part("wanted"), any: part("any") };
}

function facetsOf(filter: StoryFilter, sql: SqlValues): string[] {
  const anyOf = (kind: string, values: readonly string[]): string =>
    `reference.facet_query('${kind}', ${sql.bind(values)}::text[], ' | ')`;
  const { categories, genres, languages, tags, authorPublicId, hasAudio } = filter;
  return [
    ...(categories ? [anyOf("category", categories)] : []),
    ...(genres ? [anyOf("genre", genres)] : []),
    ...(languages ? [anyOf("language", languages)] : []),
    ...(tags ? [`reference.facet_query('tag', ${sql.bind(tags)}::text[], ' & ')`] : []),
    ...(hasAudio === undefined ? [] : [anyOf("audio", [hasAudio ? "yes" : "no"])]),
    ...(authorPublicId === undefined
      ? []
      : [
          `reference.facet_query('author', ARRAY(
             SELECT u.id FROM platform.users u WHERE u.public_id = ${sql.bind(authorPublicId)}), ' | ')`,
        ]),
  ];
}

/** The steps of `length_query` are for the index. The range leaves out what is only in the same step. */
function lengthOf({ min, max }: LengthRange, sql: SqlValues): { facet: string; range: string } {
  const [from, to] = [`${sql.bind(min)}::int`, `${sql.bind(max)}::int`];
  return {
    facet: `reference.length_query(${from}, ${to})`,
    range: `s.reading_seconds BETWEEN ${from} AND ${to}`,
  };
}
