import type { Tx } from "../transactions/database.js";
import { asEntity, rowsWhere, selectList } from "./columns.js";
import { type Page, pageWithNodes } from "./keyset.js";
import type { RowCache, VersionedRow } from "./row-cache.js";

/**
 * How statements read the rows of an entity: with all columns, or with the id and version alone, if a
 * cache can have the rest.
 */
export interface SharedRows<T extends VersionedRow> {
  /** Returns the columns that a statement selects of the table with this alias. */
  columns(tx: Tx, alias: string): string;
  /**
   * Finds the whole rows of the rows of the statement, in its order. Leaves out a row that was deleted or
   * hidden in the meantime. Nobody may change a whole row, because all requests share it.
   */
  complete<L extends VersionedRow>(tx: Tx, listed: readonly L[]): Promise<ReadonlyMap<L, T>>;
  /** Returns the whole row if it is in the cache. */
  find(listed: VersionedRow): T | undefined;
}

/** Facts that a statement reads together with the ids and versions of rows. */
export interface AlsoListed<T> {
  /** Returns the columns to select, for the table with this alias. */
  columns(alias: string): string;
  /** Takes the facts of a whole row from the row of the statement. */
  note(whole: T, listed: VersionedRow): void;
}

/** Reads all columns at once. */
export const wholeRows = <T extends VersionedRow>(entity: new () => T): SharedRows<T> => ({
  columns: (tx, alias) => selectList(tx, entity, alias),
  complete: async <L extends VersionedRow>(_tx: Tx, listed: readonly L[]) =>
    new Map(listed.map((row) => [row, asEntity(entity, row)])),
  find: () => undefined,
});

/**
 * Reads rows through the cache, or whole without a cache.
 * @param isKept returns true if the row may stay in the cache
 * @param also facts that statements read too, if they do not read whole rows
 */
export const sharedRows = <T extends VersionedRow>(
  entity: new () => T,
  cache: RowCache | null,
  isKept: (row: T) => boolean,
  also?: AlsoListed<T>,
): SharedRows<T> => (cache ? cachedRows({ entity, cache, isKept, also }) : wholeRows(entity));

interface Keeping<T> {
  readonly entity: new () => T;
  readonly cache: RowCache;
  readonly isKept: (row: T) => boolean;
  readonly also: AlsoListed<T> | undefined;
}

/**
 * Reads the ids and versions of rows. Takes the rows from the cache, and reads the missing rows with a
 * second statement. The first statement runs with the rights of the viewer, so the cache gives only rows
 * that the viewer may read.
 */
function cachedRows<T extends VersionedRow>({
  entity,
  cache,
  isKept,
  also,
}: Keeping<T>): SharedRows<T> {
  const find = (listed: VersionedRow): T | undefined =>
    cache.find(entity.name, listed) as T | undefined;
  const readMissing = async (tx: Tx, missing: readonly VersionedRow[]): Promise<T[]> => {
    if (missing.length === 0) return [];
    const rows = await rowsWhere(tx, entity, "t.id = ANY($1)", [missing.map(({ id }) => id)]);
    for (const row of rows) if (isKept(row)) cache.keep(entity.name, row);
    return rows;
  };
  return {
    find,
    columns: (_tx, alias) => {
      const listed = `${alias}.id, ${alias}.row_version AS "rowVersion"`;
      return also ? `${listed}, ${also.columns(alias)}` : listed;
    },
    complete: async <L extends VersionedRow>(tx: Tx, listed: readonly L[]) => {
      const wholes = new Map<number, T>();
      const missing: VersionedRow[] = [];
      for (const row of listed) {
        const kept = find(row);
        if (kept) wholes.set(row.id, kept);
        else missing.push(row);
      }
      for (const row of await readMissing(tx, missing)) wholes.set(row.id, row);
      const completed = new Map<L, T>();
      for (const row of listed) {
        const whole = wholes.get(row.id);
        if (!whole) continue;
        also?.note(whole, row);
        completed.set(row, whole);
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
export const pageOfWhole = <L, W extends object>(
  page: Page<L>,
  whole: ReadonlyMap<L, W>,
): Page<W> =>
  pageWithNodes(
    page,
    page.nodes.map((row) => whole.get(row)),
  );
