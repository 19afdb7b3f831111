import { readFileSync } from "node:fs";
import type pg from "pg";
import { LEGACY_TABLES } from "../legacy-database.js";

/** An object of the database that belongs neither to the known legacy schema nor to us. */
export interface OwnObject {
  readonly kind:
    "table" | "view" | "column" | "trigger" | "foreign key" | "rule" | "policy" | "function";
  readonly name: string;
}

/** A line of baseline.sql that begins a table or names a column. */
const TABLE = /^CREATE TABLE (\w+)/;
const COLUMN = /^ {4}(\w+) /;

/** Returns `table.column` of every known column. */
function knownColumns(): string[] {
  const lines = readFileSync(new URL("../demo/baseline.sql", import.meta.url), "utf8").split("\n");
  let table = "";
  return lines.flatMap((line) => {
    table = TABLE.exec(line)?.[1] ?? table;
    const column = COLUMN.exec(line)?.[1];
    return column === undefined ? [] : [`${table}.${column}`];
  });
}

/** Objects of extensions are no objects of the database's own. */
const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const IN_PUBLIC = `c.relnamespace = 'public'::regnamespace`;
const IS_LEGACY = `${IN_PUBLIC} AND c.relkind = 'r' AND c.relname = ANY ($1)`;

/** Each statement may use $1, the names of the legacy tables, and $2, the known columns. */
const STATEMENTS: Readonly<Record<OwnObject["kind"], string>> = {
  table: `SELECT c.oid::regclass::text AS name FROM pg_class c
    WHERE ${IN_PUBLIC} AND c.relkind IN ('r', 'p', 'f') AND c.relname <> ALL ($1) AND $2::text[] IS NOT NULL
      AND ${notOfExtension("pg_class", "c.oid")}`,
  view: `SELECT DISTINCT v.oid::regclass::text AS name FROM pg_class c
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite w ON w.oid = d.objid JOIN pg_class v ON v.oid = w.ev_class
    WHERE ${IS_LEGACY} AND v.relkind IN ('v', 'm') AND $2::text[] IS NOT NULL`,
  column: `SELECT c.relname || '.' || a.attname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE ${IS_LEGACY} AND a.attnum > 0 AND NOT a.attisdropped AND c.relname || '.' || a.attname <> ALL ($2)`,
  trigger: `SELECT c.relname || '.' || g.tgname AS name FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid
    JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${IS_LEGACY} AND NOT g.tgisinternal AND n.nspname <> 'legacy_sync' AND $2::text[] IS NOT NULL`,
  "foreign key": `SELECT k.conrelid::regclass::text || '.' || k.conname AS name FROM pg_class c
    JOIN pg_constraint k ON k.confrelid = c.oid AND k.contype = 'f' JOIN pg_class s ON s.oid = k.conrelid
    WHERE ${IS_LEGACY} AND NOT (s.relnamespace = c.relnamespace AND s.relname = ANY ($1)) AND $2::text[] IS NOT NULL`,
  rule: `SELECT c.relname || '.' || w.rulename AS name FROM pg_class c JOIN pg_rewrite w ON w.ev_class = c.oid
    WHERE ${IS_LEGACY} AND $2::text[] IS NOT NULL`,
  policy: `SELECT c.relname || '.' || p.polname AS name FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
    WHERE ${IS_LEGACY} AND $2::text[] IS NOT NULL`,
  function: `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND $1::text[] IS NOT NULL AND $2::text[] IS NOT NULL
      AND ${notOfExtension("pg_proc", "p.oid")}`,
};

/** Returns the objects that contract would break or drop. Needs no right on the tables. */
export async function findOwnObjects(client: pg.ClientBase): Promise<OwnObject[]> {
  const columns = knownColumns();
  const found: OwnObject[] = [];
  for (const kind of Object.keys(STATEMENTS) as OwnObject["kind"][]) {
    const { rows } = await client.query<{ name: string }>(`${STATEMENTS[kind]} ORDER BY 1`, [
      LEGACY_TABLES,
      columns,
    ]);
    found.push(...rows.map(({ name }) => ({ kind, name })));
  }
  return found;
}
