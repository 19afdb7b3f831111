import type pg from "pg";
import { LEGACY_TABLES } from "../legacy-database.js";

/** Objects of extensions do not count. */
const BYSTANDERS = `
  SELECT 'table ' || c.oid::regclass AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f') AND c.relname <> ALL ($1)
    AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'function ' || p.oid::regprocedure FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  ORDER BY 1`;

/** Returns the other tables and the functions beside the legacy tables. The migration never touches them. */
export async function findBystanders(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(BYSTANDERS, [LEGACY_TABLES]);
  return rows.map(({ name }) => name);
}
