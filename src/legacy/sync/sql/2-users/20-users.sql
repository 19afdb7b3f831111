-- Users, in both directions. A user keeps the legacy id, the identity provider's subject.

-- role: legacy
CREATE FUNCTION legacy_sync.read_users(after text, size integer) RETURNS SETOF public.users
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  -- FOR KEY SHARE: without the lock, a user who is deleted meanwhile would come back.
  IF after IS NULL THEN
    RETURN QUERY SELECT u.* FROM public.users u ORDER BY u.id LIMIT size FOR KEY SHARE;
  ELSE
    RETURN QUERY SELECT u.* FROM public.users u WHERE u.id > after ORDER BY u.id LIMIT size FOR KEY SHARE;
  END IF;
END $$;

-- Locks the row, so that nobody changes the row between the reading and the writing.
CREATE FUNCTION legacy_sync.find_user(key text) RETURNS SETOF public.users
  LANGUAGE sql VOLATILE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT u.* FROM public.users u WHERE u.id = key FOR NO KEY UPDATE $$;

-- Writes a whole row, which the caller has read with find_user and changed, or a new row. An e-mail that another
-- legacy user has is left out, because there it is unique. Returns true if a trigger of the table wrote something else.
CREATE FUNCTION legacy_sync.write_user(n public.users) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  present public.users;
  written public.users;
BEGIN
  SELECT * INTO present FROM public.users u WHERE u.id = n.id;
  IF EXISTS (SELECT FROM public.users u WHERE u.email = n.email AND u.id <> n.id) THEN n.email := present.email; END IF;
  INSERT INTO public.users AS u (id, email, display_name, profile_image_url, language, is_active, created_at, updated_at)
  VALUES (n.id, n.email, n.display_name, n.profile_image_url, n.language, n.is_active,
    n.created_at, n.updated_at)
  ON CONFLICT (id) DO UPDATE SET email = n.email,
    first_name = n.first_name, last_name = n.last_name, display_name = n.display_name,
    profile_image_url = n.profile_image_url, external_id = n.external_id, language = n.language,
    is_active = n.is_active, created_at = n.created_at, updated_at = n.updated_at
  RETURNING * INTO written;
  RETURN present.id IS NOT NULL AND written IS DISTINCT FROM n;
END $$;

-- role: sync
CREATE FUNCTION legacy_sync.map_user(l public.users, zone text)
  RETURNS TABLE (id text, email text, display_name text, avatar_url text, profile jsonb, language text,
    is_admin boolean, is_active boolean, created_at timestamptz, updated_at timestamptz)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC'
  AS $$
  SELECT l.id::text, legacy_sync.filled(l.email),
    coalesce(legacy_sync.filled(l.display_name), legacy_sync.filled(concat_ws(' ', l.first_name, l.last_name))),
    legacy_sync.filled(l.profile_image_url),
    jsonb_build_object('legacy', jsonb_strip_nulls(jsonb_build_object(
      'firstName', l.first_name, 'lastName', l.last_name, 'displayName', l.display_name, 'externalId', l.external_id,
      'locale', l.locale, 'nativeLanguage', l.native_language, 'lastLoginAt', legacy_sync.moment(l.last_login_at, zone)))),
    coalesce(lower(legacy_sync.filled(l.language)), 'en'), coalesce(l.is_admin, false), coalesce(l.is_active, true),
    legacy_sync.moment(coalesce(l.created_at, l.updated_at, 'epoch'), zone),
    legacy_sync.moment(coalesce(l.updated_at, l.created_at, 'epoch'), zone) $$;

-- Inserts the user, or gives an existing user the values of the legacy row.
CREATE FUNCTION legacy_sync.put_user(l public.users, zone text) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  INSERT INTO platform.users AS t (id, email, display_name, avatar_url, profile, language, is_admin, is_active,
    created_at, updated_at)
  SELECT m.* FROM legacy_sync.map_user(l, zone) m
  ON CONFLICT (id) DO UPDATE SET email = EXCLUDED.email, display_name = EXCLUDED.display_name,
    avatar_url = EXCLUDED.avatar_url, profile = t.profile || EXCLUDED.profile, language = EXCLUDED.language,
    is_admin = EXCLUDED.is_admin, is_active = EXCLUDED.is_active, created_at = EXCLUDED.created_at,
    updated_at = EXCLUDED.updated_at
  WHERE (t.email, t.display_name, t.avatar_url, t.profile, t.language, t.is_admin, t.is_active, t.created_at, t.updated_at)
    IS DISTINCT FROM (EXCLUDED.email, EXCLUDED.display_name, EXCLUDED.avatar_url, t.profile || EXCLUDED.profile,
      EXCLUDED.language, EXCLUDED.is_admin, EXCLUDED.is_active, EXCLUDED.created_at, EXCLUDED.updated_at) $$;

-- A deleted user is erased. Rows of ours that name the user stay.
CREATE FUNCTION legacy_sync.drop_user(key text) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE platform.users SET erased_at = now() WHERE id = key AND erased_at IS NULL $$;

-- Maps one user again: gives ours the values of the legacy row, or erases ours if the legacy row is gone. A user of
-- ours whom the old application has never seen is given to it.
CREATE FUNCTION legacy_sync.repair_users(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  l public.users;
BEGIN
  BEGIN
    SELECT * INTO l FROM legacy_sync.find_user(key);
    IF FOUND THEN
      PERFORM legacy_sync.put_user(l, legacy_sync.time_zone());
    ELSIF EXISTS (SELECT FROM platform.users u WHERE u.id = key AND legacy_sync.is_made_alone(u.created_at)) THEN
      -- The trigger writes the legacy row.
      PERFORM legacy_sync.enter('');
      UPDATE platform.users SET updated_at = updated_at WHERE id = key;
    ELSE
      PERFORM legacy_sync.drop_user(key);
    END IF;
    PERFORM legacy_sync.release('users', key);
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('users', key, key, SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
END $$;

CREATE FUNCTION legacy_sync.user_to_new() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.id <> NEW.id) THEN
      PERFORM legacy_sync.drop_user(OLD.id);
      PERFORM legacy_sync.release('users', OLD.id);
    END IF;
    IF TG_OP = 'INSERT' THEN
      -- A person who registers again after a deletion is no longer erased.
      UPDATE platform.users SET erased_at = NULL WHERE id = NEW.id AND erased_at IS NOT NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
      PERFORM legacy_sync.put_user(NEW, legacy_sync.time_zone());
      PERFORM legacy_sync.release('users', NEW.id);
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('users', coalesce(NEW.id, OLD.id), coalesce(NEW.id, OLD.id), SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- TRUNCATE deletes every user that the old application had. It never had those whom ours made alone.
CREATE FUNCTION legacy_sync.users_truncated() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    UPDATE platform.users u SET erased_at = now()
    WHERE u.erased_at IS NULL AND NOT legacy_sync.is_made_alone(u.created_at);
    DELETE FROM legacy_sync.quarantine q WHERE q.source_table = 'users';
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse_truncate('users', SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- Returns the legacy row as our row wants it: only what means something else than before changes. `l` is the legacy
-- row now; NULL if there is none. An erased user has no name and no address in the legacy row either.
CREATE FUNCTION legacy_sync.unmap_user(u platform.users, l public.users, zone text) RETURNS public.users
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE m record;
BEGIN
  SELECT * INTO m FROM legacy_sync.map_user(l, zone);
  IF l.id IS NULL THEN
    l.id := u.id;
  END IF;
  IF u.erased_at IS NOT NULL THEN
    l.email := NULL;
    l.first_name := NULL;
    l.last_name := NULL;
    l.display_name := NULL;
    l.profile_image_url := NULL;
    l.external_id := NULL;
    l.is_active := false;
  ELSE
    IF u.email IS NOT NULL AND u.email IS DISTINCT FROM m.email THEN l.email := u.email; END IF;
    IF u.display_name IS DISTINCT FROM m.display_name THEN l.display_name := u.display_name; END IF;
    IF u.avatar_url IS DISTINCT FROM m.avatar_url THEN l.profile_image_url := u.avatar_url; END IF;
    IF u.is_active IS DISTINCT FROM m.is_active THEN l.is_active := u.is_active; END IF;
  END IF;
  IF u.language IS DISTINCT FROM m.language OR l.language IS NULL AND m.id IS NULL THEN l.language := u.language; END IF;
  IF l.updated_at IS DISTINCT FROM u.updated_at AT TIME ZONE zone THEN
    -- Without a date of its own, the legacy row would take the date of this change.
    l.created_at := coalesce(l.created_at, u.created_at AT TIME ZONE zone);
    l.updated_at := u.updated_at AT TIME ZONE zone;
  END IF;
  RETURN l;
END $$;

-- Gives the old application a user of ours, as the user is now.
CREATE FUNCTION legacy_sync.give_user(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text := legacy_sync.enter('new');
  zone text := legacy_sync.time_zone();
  u platform.users;
  l public.users;
  is_other boolean;
BEGIN
  SELECT * INTO u FROM platform.users WHERE id = key;
  IF FOUND THEN
    SELECT * INTO l FROM legacy_sync.find_user(u.id);
    is_other := legacy_sync.write_user(legacy_sync.unmap_user(u, l, zone));
    -- What is kept of the legacy row stays a copy of that row.
    PERFORM legacy_sync.enter('legacy');
    UPDATE platform.users t SET profile = t.profile || m.profile,
      updated_at = legacy_sync.dated(t.updated_at, w.updated_at, zone)
    FROM legacy_sync.find_user(u.id) w, LATERAL legacy_sync.map_user(w, zone) m
    WHERE t.id = u.id AND (t.profile -> 'legacy' IS DISTINCT FROM m.profile -> 'legacy'
      OR t.updated_at <> legacy_sync.dated(t.updated_at, w.updated_at, zone));
    IF is_other AND u.erased_at IS NULL THEN PERFORM legacy_sync.put_user(w, zone) FROM legacy_sync.find_user(u.id) w; END IF;
  END IF;
  PERFORM legacy_sync.leave(previous);
END $$;

CREATE FUNCTION legacy_sync.user_to_legacy() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
  AS $$
BEGIN
  PERFORM legacy_sync.give_user(NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION legacy_sync.backfill_users(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  RETURN QUERY WITH page AS MATERIALIZED (SELECT l FROM legacy_sync.read_users(after, size) l),
  made AS (
    INSERT INTO platform.users (id, email, display_name, avatar_url, profile, language, is_admin, is_active,
      created_at, updated_at)
    SELECT m.* FROM page, legacy_sync.time_zone() zone, LATERAL legacy_sync.map_user(page.l, zone) m
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT (SELECT max((page.l).id)::text FROM page), (SELECT count(*)::int FROM page),
    (SELECT count(*)::int FROM made);
  PERFORM legacy_sync.leave(previous);
END $$;

-- attach
CREATE TRIGGER fabula_user_to_new AFTER INSERT OR UPDATE OR DELETE ON public.users FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.user_to_new();
-- attach
CREATE TRIGGER fabula_users_truncated AFTER TRUNCATE ON public.users FOR EACH STATEMENT
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.users_truncated();
-- attach
CREATE CONSTRAINT TRIGGER fabula_user_to_legacy AFTER INSERT OR UPDATE ON platform.users
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.user_to_legacy();
