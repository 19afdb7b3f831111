-- Links audio://N of narrations, recordings and stories to the files of audio_files. The links stay in the rows that
-- have them; here each user gets a row for each file that a link of the user names.

-- role: sync
-- Returns the N of a link audio://N. NULL for any other link. Inlined into the statements that call it.
CREATE FUNCTION legacy_sync.sound_id(link text) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN link LIKE '%audio://%' THEN substring(link FROM '^\s*audio://(\d{1,18})\s*$')::bigint END $$;

-- Returns the links in a narration.
CREATE FUNCTION legacy_sync.narration_links(list jsonb, whole text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT whole || ARRAY(SELECT e.item ->> 'audioUrl' FROM jsonb_array_elements(list) e (item)) $$;

-- Takes note of the links that rows of users hold: the n-th link belongs to the n-th user.
CREATE FUNCTION legacy_sync.take_links(users text[], links text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE ids bigint[]; owners text[];
BEGIN
  SELECT array_agg(w.id ORDER BY w.id, w.user_id), array_agg(w.user_id ORDER BY w.id, w.user_id) INTO ids, owners
  FROM (SELECT DISTINCT legacy_sync.sound_id(l.link) AS id, l.user_id FROM unnest(users, links) l (user_id, link)) w
  WHERE w.id IS NOT NULL AND w.user_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM instances.user_legacy_sounds t WHERE t.user_id = w.user_id AND t.id = w.id);
  IF ids IS NULL THEN RETURN; END IF;
  INSERT INTO legacy_sync.missing_sounds (id, user_id)
  SELECT w.id, w.user_id FROM unnest(ids, owners) w (id, user_id)
  WHERE NOT EXISTS (SELECT FROM legacy_sync.sounds s WHERE s.id = w.id) ON CONFLICT DO NOTHING;
  PERFORM legacy_sync.place_sounds(ids, owners);
END $$;

-- The same for the links of one user. The old application does not wait for a row that another transaction makes at this
-- moment: a verification finds what is missing.
CREATE FUNCTION legacy_sync.take_sounds(of_user text, links text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms'
  AS $$
BEGIN
  IF array_to_string(links, ' ') LIKE '%audio://%' THEN
    PERFORM legacy_sync.take_links(array_fill(of_user, ARRAY[cardinality(links)]), links);
  END IF;
EXCEPTION WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN RETURN;
END $$;
