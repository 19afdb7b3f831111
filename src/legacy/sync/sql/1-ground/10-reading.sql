-- How single legacy values are read. Pure functions, used by every mapping. Functions without a SET clause are inlined
-- into the statements that call them. Each caller sets the search path.

-- role: sync
-- Returns null for a blank text.
CREATE FUNCTION legacy_sync.filled(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT nullif(btrim(value, E' \t\n\r\f\v\u00a0\ufeff'), '') $$;

-- A legacy timestamp has no zone: it is read in the zone of the settings.
CREATE FUNCTION legacy_sync.moment(value timestamp, zone text) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT value AT TIME ZONE zone $$;

-- Our row takes the date of the legacy row, if a trigger of the old database gave it another one than ours wrote.
-- Compared in the legacy zone, where an hour of the autumn comes twice.
CREATE FUNCTION legacy_sync.dated(ours timestamptz, theirs timestamp, zone text) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN theirs <> ours AT TIME ZONE zone THEN theirs AT TIME ZONE zone ELSE ours END $$;

-- Returns null instead of an error.
CREATE FUNCTION legacy_sync.try_jsonb(value text) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ BEGIN RETURN value::jsonb; EXCEPTION WHEN others THEN RETURN NULL; END $$;

-- True if the text has a letter or a digit of any script. A database with the character type C takes only Latin letters
-- for letters, so the collation that knows most is named here.
DO $do$
BEGIN
  EXECUTE format($sql$
    CREATE FUNCTION legacy_sync.has_letter(value text) RETURNS boolean
      LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
      AS $f$ SELECT value ~ '[[:alnum:]]' COLLATE %s $f$ $sql$,
    (SELECT coalesce(min(quote_ident(c.collname)) FILTER (WHERE c.collname = 'pg_c_utf8'),
       min(quote_ident(c.collname)) FILTER (WHERE c.collname = 'und-x-icu'),
       min(quote_ident(c.collname)) FILTER (WHERE c.collname ILIKE 'c.utf%8'), '"default"')
     FROM pg_collation c WHERE c.collnamespace = 'pg_catalog'::regnamespace
       AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_database d WHERE d.datname = current_database()))));
END $do$;

-- The stored form of a text, as storyText of src/reference/story/story-text.ts makes it. Null for a text
-- without a letter or digit.
CREATE FUNCTION legacy_sync.stored_text(value text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF left(value, 1) = E'\ufeff' THEN value := substr(value, 2); END IF;
  value := replace(replace(value, E'\r\n', E'\n'), E'\r', E'\n');
  -- A text of ASCII is normalised. Comparing the lengths is ten times as fast as looking.
  IF octet_length(value) <> length(value) AND value IS NOT NFC NORMALIZED THEN value := normalize(value, NFC); END IF;
  value := btrim(value,
    E' \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff');
  RETURN CASE WHEN legacy_sync.has_letter(value) THEN value END;
END $$;

CREATE FUNCTION legacy_sync.hash_of(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT encode(sha256(convert_to(value, 'UTF8')), 'hex') $$;
