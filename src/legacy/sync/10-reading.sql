-- How single legacy values are read. Pure functions, used by every mapping.

-- role: sync
-- Returns null for a blank text.
CREATE FUNCTION legacy_sync.filled(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nullif(btrim(value, E' \t\n\r\f\v\u00a0\ufeff'), '') $$;

-- A legacy timestamp has no zone: it is read in the zone of the settings.
CREATE FUNCTION legacy_sync.moment(value timestamp, zone text) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT value AT TIME ZONE zone $$;

-- Returns null instead of an error.
CREATE FUNCTION legacy_sync.try_jsonb(value text) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ BEGIN RETURN value::jsonb; EXCEPTION WHEN others THEN RETURN NULL; END $$;

-- The stored form of a text, as storyText of src/reference/story/story-text.ts makes it. Null for a text
-- without a letter or digit.
CREATE FUNCTION legacy_sync.stored_text(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE WHEN t.text ~ '[[:alnum:]]' THEN t.text END
  FROM (SELECT btrim(
    normalize(regexp_replace(regexp_replace(value, E'^\ufeff', ''), E'\r\n?', E'\n', 'g'), NFC),
    E' \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff')
    AS text) t $$;

CREATE FUNCTION legacy_sync.hash_of(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT encode(sha256(convert_to(value, 'UTF8')), 'hex') $$;
