import type { Tx } from "../transactions/database.js";
import { asEntity, rowsWhere, selectList } from "./columns.js";
import type { Page } from "./keyset.js";
import type { RowCache, VersionedRow } from "./row-cache.js";

/**
 * How statements read the rows of an entity: with all columns, or with the id and version alone, if a
 * cache can have the rest.
 */
export interface SharedRows<T extends VersionedRow> {
  /** Returns the columns that a statement selects of the table with this alias. */
  columns(tx: Tx, alias: string): string;
  /**
   * Makes rows of the entity from the rows of the statement, by the row of the statement and in its order.
   * Keeps further columns. Leaves out a row that was deleted or hidden in the meantime.
   */
  complete<L extends VersionedRow>(tx: Tx, listed: readonly L[]): Promise<ReadonlyMap<L, T & L>>;
}

/** Reads all columns at once. */
export const wholeRows = <T extends VersionedRow>(entity: new () => T): SharedRows<T> => ({
  columns: (tx, alias) => selectList(tx, entity, alias),
  complete: async <L extends VersionedRow>(_tx: Tx, listed: readonly L[]) =>
    new Map(listed.map((row) => [row, asEntity<T & L>(entity as new () => T & L, row)])),
});

/**
 * Reads rows through the cache, or whole without a cache.
 * @param isKept returns true if the row may stay in the cache
 */
export const sharedRows = <T extends VersionedRow>(
  entity: new () => T,
  cache: RowCache | null,
  isKept: (row: T) => boolean,
): SharedRows<T> => (cache ? cachedRows(entity, cache, isKept) : wholeRows(entity));

/**
 * Reads the ids and versions of rows. Takes the rows from the cache, and reads the missing rows with a
 * second statement. The first statement runs with the rights of the viewer, so the cache gives only rows
 * that the viewer may read.
 */
function cachedRows<T extends VersionedRow>(
  entity: new () => T,
  cache: RowCache,
  isKept: (row: T) => boolean,
): SharedRows<T> {
  const readMissing = async (tx: Tx, missing: readonly VersionedRow[]): Promise<T[]> => {
    if (missing.length === 0) return [];
    const rows = await rowsWhere(tx, entity, "t.id = ANY($1)", [missing.map(({ id }) => id)]);
    for (const row of rows) if (isKept(row)) cache.keep(entity.name, row);
    return rows;
  };
  return {
    columns: (_tx, alias) => `${alias}.id, ${alias}.row_version AS "rowVersion"`,
    complete: async <L extends VersionedRow>(tx: Tx, listed: readonly L[]) => {
      const wholes = new Map<number, T>();
      const missing: VersionedRow[] = [];
      for (const row of listed) {
        const kept = cache.find(entity.name, row) as T | undefined;
        if (kept) wholes.set(row.id, kept);
        else missing.push(row);
      }
      for (const row of await readMissing(tx, missing)) wholes.set(row.id, row);
      const completed = new Map<L, T & L>();
      for (const row of listed) {
        const whole = wholes.get(row.id);
        if (whole) completed.set(row, asEntity<T & L>(entity as new () => T & L, row, whole));
      }
      return completed;
    },
  };
}

/** Reads the rows with these ids. */
export async function rowsByIds<T extends VersionedRow>(
  tx: Tx,
  ids: readonly number[],
  entity: new () => T,
  rows: SharedRows<T>,
): Promise<T[]> {
  const { tablePath } = tx.dataSource.getMetadata(entity);
  const sql = `SELECT ${rows.columns(tx, "t")} FROM ${tablePath} t WHERE t.id = ANY($1)`;
  const whole = await rows.complete(tx, await tx.query<VersionedRow[]>(sql, [ids]));
  return [...whole.values()];
}

/**
 * Replaces the listed rows of a page by the whole rows. Whether more rows follow was decided by the
 * listing, so a row that is gone in the meantime does not end the list.
 */
export function pageOfWhole<L, W>(page: Page<L>, whole: ReadonlyMap<L, W>): Page<W> {
  const items = page.items.flatMap(({ node, place }) => {
    const row = whole.get(node);
    return row === undefined ? [] : [{ node: row, place }];
  });
  return { ...page, items };
}
