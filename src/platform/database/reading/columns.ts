import type { EntityMetadata, EntityTarget, ObjectLiteral } from "typeorm";
import type { RowReader } from "../rows/row-query.js";
import type { Tx } from "../transactions/database.js";

export { plainRow } from "../rows/row-class.js";

const selectLists = new WeakMap<EntityMetadata, Map<string, string>>();

/**
 * Returns `alias.column AS "property"` for every selected column of an entity. Stores put the text
 * into raw SELECT statements.
 */
export function selectList(tx: Tx, entity: EntityTarget<ObjectLiteral>, alias: string): string {
  const metadata = tx.dataSource.getMetadata(entity);
  const known = selectLists.get(metadata) ?? new Map<string, string>();
  selectLists.set(metadata, known);
  const list = known.get(alias) ?? columnsOf(metadata, alias);
  known.set(alias, list);
  return list;
}

const columnsOf = ({ columns }: EntityMetadata, alias: string): string =>
  columns
    .filter((column) => column.isSelect)
    .map((column) => `${alias}.${column.databaseName} AS "${column.propertyName}"`)
    .join(", ");

/**
 * Reads the rows of an entity for which `condition` holds. In the condition, the table has the alias t.
 * The loaders of a request use this function, because TypeORM's `find` builds a statement at each call.
 */
export const rowsWhere = <T extends object>(
  tx: Tx,
  entity: new () => T,
  condition: string,
  values: readonly unknown[],
): Promise<T[]> => {
  const { tablePath } = tx.dataSource.getMetadata(entity);
  const sql = `SELECT ${selectList(tx, entity, "t")} FROM ${tablePath} t WHERE ${condition}`;
  return queryAs(tx, entity, sql, values);
};

/**
 * Runs raw SQL whose columns are named like an entity's properties. Returns the rows as objects of
 * the entity's class. Stores call `readRows` instead for lists of which a request reads few columns.
 */
export async function queryAs<T extends object>(
  tx: Tx,
  entity: new () => T,
  sql: string,
  values: readonly unknown[],
): Promise<T[]> {
  return asEntities(entity, await tx.query<object[]>(sql, [...values]));
}

/**
 * Runs a SELECT like `queryAs`. In a transaction that reads, a row decodes a column when the column is read.
 * So columns that nobody reads cost little. Such a row has getters and no properties of its own: give it to
 * `plainRow` before you spread, compare or keep it.
 */
export async function readRows<T extends object>(
  tx: Tx,
  entity: new () => T,
  sql: string,
  values: readonly unknown[],
): Promise<T[]> {
  const { readRows: read } = tx as Tx & Partial<RowReader>;
  if (!read) return queryAs(tx, entity, sql, values);
  return (await read({ text: sql, values, base: entity })) as T[];
}

/** Makes objects of the entity's class from rows whose columns are named like its properties. */
const asEntities = <T extends object>(entity: new () => T, rows: readonly object[]): T[] =>
  rows.map((row) => asEntity(entity, row));

/** Makes an object of the entity's class. A later part wins over an earlier part. */
export const asEntity = <T extends object>(entity: new () => T, ...parts: readonly object[]): T =>
  Object.assign(Object.create(entity.prototype as object) as T, ...parts) as T;
