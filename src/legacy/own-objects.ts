import type pg from "pg";
import { LEGACY_COLUMNS } from "./legacy-columns.js";

/** Something that a legacy database has besides the tables and columns that the migration knows. */
export interface OwnObject {
  readonly kind: string;
  /** In words, with the legacy table. */
  readonly name: string;
}

const OBJECTS = `
WITH legacy AS (
  SELECT c.oid, c.relname, c.reltype FROM pg_class c JOIN jsonb_each_text($1) k ON k.key = c.relname
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'),
sequences AS (
  SELECT d.objid AS oid, l.relname FROM legacy l JOIN pg_depend d ON d.refobjid = l.oid AND d.deptype = 'a'
    AND d.classid = 'pg_class'::regclass JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'),
found (kind, name) AS (
  SELECT 'column', l.relname || '.' || a.attname
  FROM legacy l JOIN pg_attribute a ON a.attrelid = l.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE a.attname <> ALL (string_to_array($1 ->> l.relname, ' '))
  UNION ALL
  SELECT 'trigger', g.tgname || ' on ' || l.relname
  FROM legacy l JOIN pg_trigger g ON g.tgrelid = l.oid AND NOT g.tgisinternal
    JOIN pg_proc f ON f.oid = g.tgfoid
  WHERE f.pronamespace IS DISTINCT FROM to_regnamespace('legacy_sync')
  UNION ALL
  SELECT 'foreign key', k.conname || ' of ' || k.conrelid::regclass || ' to ' || l.relname
  FROM legacy l JOIN pg_constraint k ON k.confrelid = l.oid AND k.contype = 'f' AND k.conparentid = 0
  WHERE k.conrelid NOT IN (SELECT oid FROM legacy)
  UNION ALL
  SELECT CASE v.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'rule' END,
    CASE WHEN v.relkind IN ('v', 'm') THEN v.oid::regclass || ' on ' || l.relname
      ELSE r.rulename || ' on ' || v.oid::regclass END
  FROM legacy l JOIN pg_depend d ON d.refobjid = l.oid AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
  UNION ALL
  SELECT 'policy', p.polname || ' on ' || l.relname FROM legacy l JOIN pg_policy p ON p.polrelid = l.oid
  UNION ALL
  SELECT 'table that inherits', i.inhrelid::regclass || ' from ' || l.relname
  FROM legacy l JOIN pg_inherits i ON i.inhparent = l.oid
  UNION ALL
  SELECT 'function', f.oid::regprocedure || ' with a row of ' || l.relname
  FROM legacy l JOIN pg_type t ON t.oid = l.reltype
    JOIN pg_depend d ON d.refobjid IN (t.oid, t.typarray, l.oid) AND d.classid = 'pg_proc'::regclass
    JOIN pg_proc f ON f.oid = d.objid
  WHERE f.pronamespace IS DISTINCT FROM to_regnamespace('legacy_sync')
  UNION ALL
  SELECT 'column', a.attrelid::regclass || '.' || a.attname || ' with rows of ' || l.relname
  FROM legacy l JOIN pg_type t ON t.oid = l.reltype JOIN pg_attribute a ON a.atttypid IN (t.oid, t.typarray)
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'default', e.adrelid::regclass || ' counts with the sequence of ' || s.relname
  FROM sequences s JOIN pg_depend d ON d.refobjid = s.oid AND d.classid = 'pg_attrdef'::regclass
    JOIN pg_attrdef e ON e.oid = d.objid
  WHERE e.adrelid NOT IN (SELECT oid FROM legacy)
  UNION ALL
  SELECT 'publication', p.pubname || ' with ' || l.relname
  FROM legacy l JOIN pg_publication_rel r ON r.prrelid = l.oid JOIN pg_publication p ON p.oid = r.prpubid)
SELECT DISTINCT f.kind, f.name FROM found f ORDER BY f.kind, f.name`;

/**
 * Lists what depends on the legacy tables, or is part of them, and that the migration does not know. Contract would
 * lose these objects.
 */
export async function findOwnObjects(client: pg.Client): Promise<OwnObject[]> {
  const { rows } = await client.query<OwnObject>(OBJECTS, [JSON.stringify(LEGACY_COLUMNS)]);
  return rows;
}
