-- The frame of a pair that goes one way, from a legacy table to ours: the trigger, the backfill, and the repair of one
-- row. Each pair has them in the same form, so they are written once, here. A pair asks for them at the end of its own
-- file in the folder sql, with facts about itself, which replace the names in braces below:
--
--   -- frame: one-way
--   -- row: sample                      one row, in the names of functions
--   -- rows: samples                    the pair, as in src/legacy/pairs.ts
--   -- table: user_voice_samples        the legacy table; its key is the whole number id
--   -- moved: OLD.id <> NEW.id          when an update makes another row of a row, so that ours of before goes
--   -- truncated: DELETE FROM …         removes all rows of ours that legacy rows made
--
-- These facts may be left out:
--
--   -- user: user_id                    the legacy column that names the owner; a row in quarantine names the owner, too
--   -- lock: KEY SHARE                  the lock of rows that are read; without it, NO KEY UPDATE
--   -- most: least(size, 10)            the size of a page of the backfill; without it, as many rows as were asked for
--   -- settings: SET …                  settings of the trigger function; without it, SET lock_timeout = '200ms'
--   -- before: PERFORM …                what the trigger does before all else
--   -- after: PERFORM …                 what the trigger does at last; `is_moved` tells of the fact `moved`
--   -- forget: UPDATE …                 lets the next put_<row>(l) write what it thinks is there already
--
-- The pair's own file defines two functions, with the role sync:
--
--   put_<row>(l public.<table>, zone text) RETURNS integer
--     Writes our rows as the legacy row wants them, and takes the row out of quarantine; or puts the row into
--     quarantine. Returns how many rows of ours are new or different.
--   drop_<row>(key bigint) RETURNS void
--     Called when the legacy row is gone. Removes our row, as far as nothing else needs it.
--
-- An error of either function puts the row into quarantine. The statement of the old application succeeds.

-- role: legacy
-- Locks the rows, so that none changes or comes back between the reading and the writing.
CREATE FUNCTION legacy_sync.read_{rows}(after text, size integer) RETURNS SETOF public.{table}
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT t.* FROM public.{table} t WHERE t.id > coalesce(after::bigint, -2147483649) ORDER BY t.id LIMIT {most} FOR {lock} $$;

CREATE FUNCTION legacy_sync.find_{row}(key text) RETURNS SETOF public.{table}
  LANGUAGE sql VOLATILE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT t.* FROM public.{table} t WHERE t.id = key::bigint FOR {lock} $$;

-- role: sync
-- lock_timeout: without the trigger, nobody would wait. A row that waits too long goes into quarantine as busy.
CREATE FUNCTION legacy_sync.{row}_to_new() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp {settings}
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  l public.{table};
  is_moved boolean := false;
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    IF TG_OP = 'TRUNCATE' THEN
      {truncated}
      DELETE FROM legacy_sync.id_map i WHERE i.source_table = '{table}';
      DELETE FROM legacy_sync.quarantine q WHERE q.source_table = '{table}';
    ELSE
      IF TG_OP = 'DELETE' THEN l := OLD; ELSE l := NEW; END IF;
      {before}
      IF TG_OP = 'UPDATE' THEN is_moved := {moved}; END IF;
      IF TG_OP = 'DELETE' OR is_moved THEN
        PERFORM legacy_sync.drop_{row}(OLD.id);
        PERFORM legacy_sync.release('{table}', OLD.id::text);
      END IF;
      IF TG_OP <> 'DELETE' THEN PERFORM legacy_sync.put_{row}(l, legacy_sync.time_zone()); END IF;
      {after}
    END IF;
  EXCEPTION WHEN others THEN
    IF TG_OP = 'TRUNCATE' THEN PERFORM legacy_sync.refuse_truncate('{table}', SQLERRM);
    ELSE PERFORM legacy_sync.refuse('{table}', l.id::text, to_jsonb(l) ->> '{user}', SQLSTATE, SQLERRM);
    END IF;
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

CREATE FUNCTION legacy_sync.backfill_{rows}(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  l public.{table};
BEGIN
  taken := 0;
  written := 0;
  FOR l IN SELECT * FROM legacy_sync.read_{rows}(after, size) LOOP
    last_key := l.id;
    taken := taken + 1;
    BEGIN
      written := written + legacy_sync.put_{row}(l, legacy_sync.time_zone());
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
      PERFORM legacy_sync.refuse('{table}', l.id::text, to_jsonb(l) ->> '{user}', SQLSTATE, SQLERRM);
    END;
  END LOOP;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;

-- Maps one row again: gives ours the values of the legacy row, or drops ours if the legacy row is gone.
CREATE FUNCTION legacy_sync.repair_{rows}(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  l public.{table};
BEGIN
  BEGIN
    SELECT * INTO l FROM legacy_sync.find_{row}(nullif(key, 'TRUNCATE'));
    IF FOUND THEN
      {forget}
      PERFORM legacy_sync.put_{row}(l, legacy_sync.time_zone());
    ELSE
      PERFORM legacy_sync.drop_{row}(nullif(key, 'TRUNCATE')::bigint);
      PERFORM legacy_sync.release('{table}', key);
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('{table}', key, to_jsonb(l) ->> '{user}', SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
END $$;

-- attach
CREATE TRIGGER fabula_{row}_to_new AFTER INSERT OR UPDATE OR DELETE ON public.{table} FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.{row}_to_new();
-- attach
CREATE TRIGGER fabula_{rows}_truncated AFTER TRUNCATE ON public.{table} FOR EACH STATEMENT
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.{row}_to_new();
