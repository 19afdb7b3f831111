import { type EntityMetadata, EntityNotFoundError } from "typeorm";
import { queryAs, selectList } from "../reading/columns.js";
import { SqlValues } from "../reading/keyset.js";
import type { Tx } from "../transactions/database.js";

/** Values of columns, by the names of the entity's properties. undefined leaves a column alone. */
type Values<T> = { readonly [P in keyof T]?: T[P] | undefined };

interface Assignment {
  readonly column: string;
  /** The parameter, such as `$1`. */
  readonly value: string;
}

/** Inserts a row. Returns the row as the database stored it. */
export async function insertReturning<T extends object>(
  tx: Tx,
  entity: new () => T,
  values: Values<T>,
): Promise<T> {
  const metadata = tx.dataSource.getMetadata(entity);
  const sql = new SqlValues();
  const bound = bind(metadata, values, sql);
  const [row] = await queryAs(
    tx,
    entity,
    `INSERT INTO ${metadata.tablePath} AS t (${bound.map(({ column }) => column).join(", ")})
     VALUES (${bound.map(({ value }) => value).join(", ")}) RETURNING ${selectList(tx, entity, "t")}`,
    sql.values,
  );
  if (!row) throw new EntityNotFoundError(entity, values);
  return row;
}

/**
 * Changes the row with this key, and the date of its last change. Returns the row as the database stored
 * it, or null if there is no such row.
 */
export async function updateReturning<T extends object>(
  tx: Tx,
  entity: new () => T,
  key: Values<T>,
  values: Values<T>,
): Promise<T | null> {
  const metadata = tx.dataSource.getMetadata(entity);
  const sql = new SqlValues();
  const where = bind(metadata, key, sql).map(({ column, value }) => `t.${column} = ${value}`);
  const set = bind(metadata, values, sql).map(({ column, value }) => `${column} = ${value}`);
  const { updateDateColumn } = metadata;
  if (updateDateColumn) set.push(`${updateDateColumn.databaseName} = now()`);
  const [rows] = await tx.query<[T[], number]>(
    `UPDATE ${metadata.tablePath} AS t SET ${set.join(", ")} WHERE ${where.join(" AND ")}
     RETURNING ${selectList(tx, entity, "t")}`,
    sql.values,
  );
  const [row] = rows;
  return row ? Object.assign(Object.create(entity.prototype as object) as T, row) : null;
}

/** Like updateReturning, for a row that must exist, because the transaction has locked it. */
export async function updateLocked<T extends object>(
  tx: Tx,
  entity: new () => T,
  key: Values<T>,
  values: Values<T>,
): Promise<T> {
  const row = await updateReturning(tx, entity, key, values);
  if (!row) throw new EntityNotFoundError(entity, key);
  return row;
}

const bind = (metadata: EntityMetadata, values: object, sql: SqlValues): Assignment[] =>
  Object.entries(values).flatMap(([property, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw new Error(`${metadata.name} has no column for ${property}.`);
    // The driver would write an array as an array of PostgreSQL.
    const isJson = column.type === "jsonb" && value !== null;
    return [
      { column: column.databaseName, value: sql.bind(isJson ? JSON.stringify(value) : value) },
    ];
  });
