import type { LegacyTestDatabase } from "../legacy-database.js";

interface Column {
  readonly name: string;
  readonly type: string;
}

/** A table of ours whose rows a verification covers. */
export interface CoveredTable {
  /** `schema.table` */
  readonly table: string;
  /** The columns that the mapping does not fill. */
  readonly except: readonly string[];
  /** The place of the kept legacy values, such as `profile/legacy`. */
  readonly original?: readonly string[];
}

/** Another value of a column, by its type. */
const OTHER: Readonly<Record<string, (column: string) => string>> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  "text[]": (column) => `${column} || 'x'::text`,
  boolean: (column) => `NOT coalesce(${column}, false)`,
  integer: (column) => `coalesce(${column}, 0) + 1000`,
  bigint: (column) => `coalesce(${column}, 0) + 1000000`,
  real: (column) => `coalesce(${column}, 0) + 0.25`,
  "double precision": (column) => `coalesce(${column}, 0) + 0.25`,
  jsonb: () => `'{"other": 1}'::jsonb`,
  "timestamp with time zone": (column) => `coalesce(${column}, 'epoch') + interval '1 second'`,
};

/**
 * Gives each column of the table one wrong value, in all rows that `where` chooses, and returns the columns
 * whose wrong value `isNoticed` does not see. Every column is right again before the next one is wrong.
 */
export async function unnoticedColumns(
  { superuser }: LegacyTestDatabase,
  { table, except, original }: CoveredTable,
  isNoticed: () => Promise<boolean>,
): Promise<string[]> {
  const columns = await superuser<Column>(
    `SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type FROM pg_attribute a
     WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     ORDER BY a.attnum`,
    [table],
  );
  await dropChecks(superuser, table);
  const changes = columns
    .filter(({ name }) => !except.includes(name))
    .map(({ name, type }) => ({ name, sql: `${name} = ${OTHER[type]?.(name) ?? "NULL"}` }));
  if (original) {
    const [column = "", ...path] = original;
    const keys = await superuser<{ key: string }>(
      `SELECT DISTINCT k.key FROM ${table} t, jsonb_object_keys(t.${column} #> $1) k (key) ORDER BY 1`,
      [path],
    );
    for (const { key } of keys) {
      const place = `'{${[...path, key].join(",")}}'`;
      changes.push({
        name: `${column}.${key}`,
        sql: `${column} = jsonb_set(${column}, ${place}, '"2001-01-01T00:00:00Z"')`,
      });
    }
  }
  const unnoticed: string[] = [];
  await superuser(`CREATE TABLE public.right_rows AS SELECT * FROM ${table}`);
  for (const { name, sql } of changes) {
    await quietly(superuser, `UPDATE ${table} SET ${sql}`);
    if (!(await isNoticed())) unnoticed.push(name);
    await quietly(superuser, `DELETE FROM ${table}; ${restoring(table, columns)}`);
  }
  await superuser("DROP TABLE public.right_rows");
  return unnoticed;
}

function restoring(table: string, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => name).join(", ");
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM public.right_rows`;
}

type Superuser = LegacyTestDatabase["superuser"];

/** No trigger and no foreign key looks at the statements. */
const quietly = (superuser: Superuser, sql: string) =>
  superuser(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`);

async function dropChecks(superuser: Superuser, table: string): Promise<void> {
  const checks = await superuser<{ name: string }>(
    "SELECT conname AS name FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'",
    [table],
  );
  for (const { name } of checks) await superuser(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
}
