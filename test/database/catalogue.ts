import type { TestDatabase } from "../support/test-database.js";

const LINES = `
WITH areas AS (
  SELECT oid, nspname AS schema FROM pg_namespace WHERE nspname IN ('access', 'platform', 'reference', 'instances')),
tables AS (
  SELECT c.oid, a.schema || '.' || c.relname AS name, c.relrowsecurity, c.relforcerowsecurity,
    c.relowner::regrole::text AS owner, c.relacl
  FROM pg_class c JOIN areas a ON a.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')),
sequences AS (
  SELECT c.oid, a.schema || '.' || c.relname AS name, c.relacl, s.seqtypid::regtype AS type
  FROM pg_class c JOIN areas a ON a.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid),
lines (object, part, place, line) AS (
  SELECT 'schema ' || a.schema, 0, '', 'owner ' || n.nspowner::regrole FROM areas a JOIN pg_namespace n USING (oid)
  UNION ALL
  SELECT 'schema ' || a.schema, 1, g.grantee::regrole::text, g.grantee::regrole || ' '
    || string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type)
  FROM areas a JOIN pg_namespace n USING (oid), aclexplode(n.nspacl) g
  WHERE g.grantee <> n.nspowner GROUP BY a.schema, g.grantee
  UNION ALL
  SELECT 'table ' || name, 0, '', 'owner ' || owner FROM tables
  UNION ALL
  SELECT 'table ' || name, 1, '', 'row level security' || CASE WHEN relforcerowsecurity THEN ', forced' ELSE '' END
  FROM tables WHERE relrowsecurity
  UNION ALL
  SELECT 'table ' || t.name, 2, g.grantee::regrole::text, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END
    || ' ' || string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type)
  FROM tables t, aclexplode(t.relacl) g WHERE g.grantee::regrole::text <> t.owner GROUP BY t.name, g.grantee
  UNION ALL
  SELECT 'table ' || t.name, 2, g.grantee::regrole || ' ' || g.privilege_type, g.grantee::regrole || ' ' || g.privilege_type
    || ' (' || string_agg(a.attname, ', ' ORDER BY a.attnum) || ')'
  FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid, aclexplode(a.attacl) g
  GROUP BY t.name, g.grantee, g.privilege_type
  UNION ALL
  SELECT 'table ' || t.name, 3, to_char(a.attnum, '000'), 'column ' || a.attname || ' '
    || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END
    || CASE WHEN d.oid IS NULL THEN '' WHEN a.attgenerated <> '' THEN ' generated ' || pg_get_expr(d.adbin, d.adrelid)
       ELSE ' default ' || pg_get_expr(d.adbin, d.adrelid) END
  FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL
  SELECT 'table ' || t.name, 4, c.conname, 'constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
  FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype <> 'n'
  UNION ALL
  SELECT 'table ' || t.name, 5, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
  FROM tables t JOIN pg_index i ON i.indrelid = t.oid
  WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
  UNION ALL
  SELECT 'table ' || t.name, 6, p.polname, 'policy ' || p.polname || ' for '
    || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
    || CASE WHEN 0 = ANY (p.polroles) THEN '' ELSE ' to ' || p.polroles::regrole[]::text END
    || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
    || coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
  FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
  UNION ALL
  SELECT 'table ' || t.name, 7, g.tgname, pg_get_triggerdef(g.oid)
  FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
  UNION ALL
  SELECT 'sequence ' || name, 0, '', 'type ' || type FROM sequences
  UNION ALL
  SELECT 'sequence ' || s.name, 1, g.grantee::regrole::text, g.grantee::regrole || ' '
    || string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type)
  FROM sequences s, aclexplode(s.relacl) g WHERE g.grantee <> g.grantor GROUP BY s.name, g.grantee
  UNION ALL
  SELECT 'function ' || f.oid::regprocedure, 0, '', CASE WHEN f.prosecdef THEN 'security definer, owner ' ELSE 'owner ' END
    || f.proowner::regrole || coalesce(' with ' || array_to_string(f.proconfig, ', '), '')
  FROM pg_proc f JOIN areas a ON a.oid = f.pronamespace
  UNION ALL
  SELECT 'function ' || f.oid::regprocedure, 1, g.grantee::regrole::text, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END
    || ' ' || g.privilege_type
  FROM pg_proc f JOIN areas a ON a.oid = f.pronamespace, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g
  WHERE g.grantee <> f.proowner
  UNION ALL
  SELECT 'queue ' || name, 0, '', 'retries ' || retry_limit FROM jobs.queue)
SELECT object, regexp_replace(line, '\\s+', ' ', 'g') AS line FROM lines
ORDER BY object COLLATE "C", part, place COLLATE "C"`;

/** Returns the migrated catalogue as text in a fixed order, so that a diff shows a reviewer every change. */
export async function catalogueOf({ superuser }: TestDatabase): Promise<string> {
  const rows = await superuser<{ object: string; line: string }>(LINES);
  const objects = Map.groupBy(rows, ({ object }) => object);
  return [...objects]
    .map(([object, lines]) => [object, ...lines.map(({ line }) => `  ${line}`)].join("\n"))
    .join("\n\n")
    .concat("\n");
}
