-- What the server asks before it serves a legacy database. The server learns nothing else of the transition.

-- role: sync
CREATE FUNCTION legacy_sync.phase() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE WHEN s.detached_at IS NOT NULL THEN 'detached' WHEN s.backfilled_at IS NULL THEN 'backfilling'
    ELSE 'backfilled' END
  FROM legacy_sync.settings s $$;
GRANT EXECUTE ON FUNCTION legacy_sync.phase() TO fabula_app;
