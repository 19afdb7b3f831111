import type { EntityTarget, ObjectLiteral } from "typeorm";
import type { Tx } from "../transactions/database.js";

/**
 * Returns `alias.column AS "property"` for every selected column of an entity. Stores put the text
 * into raw SELECT statements.
 */
export function selectList(tx: Tx, entity: EntityTarget<ObjectLiteral>, alias: string): string {
  return tx.dataSource
    .getMetadata(entity)
    .columns.filter((column) => column.isSelect)
    .map((column) => `${alias}.${column.databaseName} AS "${column.propertyName}"`)
    .join(", ");
}

/**
 * Runs raw SQL whose columns are named like an entity's properties. Returns the rows as objects of
 * the entity's class.
 */
export async function queryAs<T extends object>(
  tx: Tx,
  entity: new () => T,
  sql: string,
  values: readonly unknown[],
): Promise<T[]> {
  const rows = await tx.query<object[]>(sql, [...values]);
  return rows.map((row) => Object.assign(Object.create(entity.prototype as object) as T, row));
}
