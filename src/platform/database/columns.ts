import type { EntityTarget, ObjectLiteral } from "typeorm";
import type { Tx } from "./database.js";

/** `alias.column AS "property"` for every selected column of an entity, for named raw SQL. */
export function selectList(tx: Tx, entity: EntityTarget<ObjectLiteral>, alias: string): string {
  return tx.dataSource
    .getMetadata(entity)
    .columns.filter((column) => column.isSelect)
    .map((column) => `${alias}.${column.databaseName} AS "${column.propertyName}"`)
    .join(", ");
}

/** Runs raw SQL whose columns are an entity's properties and gives its rows the entity's class. */
export async function queryAs<T extends object>(
  tx: Tx,
  entity: new () => T,
  sql: string,
  values: readonly unknown[],
): Promise<T[]> {
  const rows = await tx.query<object[]>(sql, [...values]);
  return rows.map((row) => Object.assign(Object.create(entity.prototype as object) as T, row));
}
