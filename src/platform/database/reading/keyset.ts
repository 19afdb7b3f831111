/**
 * A place in an ordered list: the sort value, then the id. The sort value is text as PostgreSQL
 * prints it, because a JavaScript Date has no microseconds.
 */
export interface Keyset {
  readonly sort: string;
  readonly id: string;
}

export interface PageRequest {
  /** Number of rows wanted. Stores read one row more, to know whether more rows follow. */
  readonly limit: number;
  /** Returns only rows after this place, in list order. */
  readonly after?: Keyset | undefined;
  /** Returns only rows before this place, in list order. */
  readonly before?: Keyset | undefined;
  /** True if `limit` counts from the end of the list. */
  readonly fromEnd?: boolean;
}

/** A row with its place. Raw SQL selects the place as "sortKey" and "sortId". */
export type Keyed<T> = T & { readonly sortKey: string; readonly sortId: string };

export interface Page<T> {
  /** In list order. */
  readonly nodes: readonly T[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Returns the place of a node. A page can have thousands of nodes, and few places are read. */
  readonly placeAt: (index: number) => Keyset;
}

type PlaceOf<T> = (row: T) => Keyset;

/** Removes the extra row. If the list was read from its end, puts the rows back in list order. */
export const pageOf = <T extends object>(
  rows: readonly Keyed<T>[],
  request: PageRequest,
): Page<T> =>
  pageWithPlaces(rows, request, ({ sortKey, sortId }) => ({ sort: sortKey, id: sortId }));

/** Does the same as `pageOf` for rows that do not contain their place. */
export function pageWithPlaces<T>(
  rows: readonly T[],
  request: PageRequest,
  placeOf: PlaceOf<T>,
): Page<T> {
  const hasMore = rows.length > request.limit;
  const nodes = rows.slice(0, request.limit);
  const placeAt = (index: number): Keyset => placeOf(entryAt(nodes, index));
  return request.fromEnd
    ? {
        nodes: nodes.reverse(),
        hasNextPage: request.before !== undefined,
        hasPreviousPage: hasMore,
        placeAt,
      }
    : { nodes, hasNextPage: hasMore, hasPreviousPage: request.after !== undefined, placeAt };
}

/**
 * Returns a page of a list that is in memory and that is ordered by its numbers alone.
 * @param numbers ascending
 */
export function pageOfNumbers(numbers: readonly number[], request: PageRequest): Page<number> {
  const { limit, after, before, fromEnd } = request;
  const start = after ? Number(after.sort) : -Infinity;
  const end = before ? Number(before.sort) : Infinity;
  const between = numbers.filter((number) => number > start && number < end);
  const rows = (fromEnd ? between.reverse() : between).slice(0, limit + 1);
  return pageWithPlaces(rows, request, (number) => ({ sort: String(number), id: String(number) }));
}

/**
 * Replaces the nodes of a page. Each new node keeps the place of the old node in the list. Leaves out
 * entries without a new node.
 */
export function pageWithNodes<B extends object>(
  page: Page<unknown>,
  nodes: readonly (B | undefined)[],
): Page<B> {
  const kept = nodes.filter((node) => node !== undefined);
  if (kept.length === nodes.length) return { ...page, nodes: kept };
  const indexes = [...nodes.keys()].filter((index) => nodes[index] !== undefined);
  return { ...page, nodes: kept, placeAt: (index) => page.placeAt(entryAt(indexes, index)) };
}

/** Returns the nodes of several pages, without the rows behind their ends. */
export const nodesOf = <T>(pages: Iterable<Page<T>>): T[] =>
  [...pages].flatMap(({ nodes }) => nodes);

function entryAt<T>(list: readonly T[], index: number): T {
  const entry = list[index];
  if (entry === undefined) throw new RangeError(`The page has no entry ${index}.`);
  return entry;
}

/**
 * The order of a list. `sort` and `id` are SQL expressions. `type` and `idType` are the types to
 * which a cursor's values are cast.
 */
export interface ListOrder {
  readonly sort: string;
  readonly type: "timestamptz" | "text" | "integer";
  readonly id: string;
  readonly idType: "integer" | "bigint" | "text";
  readonly descending: boolean;
}

/**
 * Collects the values of a statement while code builds the statement. `bind` adds a value and
 * returns its placeholder.
 */
export class SqlValues {
  readonly values: unknown[] = [];

  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** Returns the keyset condition, ORDER BY and LIMIT of one page. A page never uses OFFSET. */
export function keysetClauses(
  order: ListOrder,
  request: PageRequest,
  sql: SqlValues,
): { where: string; orderBy: string; limit: string; select: string } {
  const beyond = (place: Keyset, operator: string): string =>
    ` AND (${order.sort}, ${order.id}) ${operator} (${sql.bind(place.sort)}::${order.type}, ${sql.bind(place.id)}::${order.idType})`;
  const forward = order.descending ? "<" : ">";
  const backward = order.descending ? ">" : "<";
  const direction = order.descending === (request.fromEnd ?? false) ? "ASC" : "DESC";
  return {
    where:
      (request.after ? beyond(request.after, forward) : "") +
      (request.before ? beyond(request.before, backward) : ""),
    orderBy: ` ORDER BY ${order.sort} ${direction}, ${order.id} ${direction}`,
    limit: ` LIMIT ${sql.bind(request.limit + 1)}`,
    select: `${order.sort}::text AS "sortKey", ${order.id}::text AS "sortId"`,
  };
}
