-- Voice samples, from the old application to ours. Each keeps the legacy id, and waits for its owner's consent.
-- Only deletions go back.

-- role: legacy
CREATE FUNCTION legacy_sync.read_samples(after text, size integer) RETURNS SETOF public.user_voice_samples
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT s.* FROM public.user_voice_samples s WHERE s.id > coalesce(after::bigint, -2147483649)
  ORDER BY s.id LIMIT size FOR NO KEY UPDATE $$;

CREATE FUNCTION legacy_sync.find_sample(key text) RETURNS SETOF public.user_voice_samples
  LANGUAGE sql VOLATILE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT s.* FROM public.user_voice_samples s WHERE s.id = key::bigint FOR NO KEY UPDATE $$;

CREATE FUNCTION legacy_sync.next_sample_id() RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.user_voice_samples', 'id')) $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_sample_id() TO fabula_app, fabula_worker;

-- Returns false if another table refers to the row.
CREATE FUNCTION legacy_sync.remove_sample(of_id bigint) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  DELETE FROM public.user_voice_samples s WHERE s.id = of_id;
  RETURN true;
EXCEPTION WHEN foreign_key_violation THEN
  RETURN false;
END $$;

-- role: sync
CREATE FUNCTION legacy_sync.map_sample(l public.user_voice_samples, zone text)
  RETURNS TABLE (user_id text, id bigint, legacy_audio text, duration_ms integer, is_locked boolean,
    recorded_at timestamptz, legacy_original jsonb)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT l.user_id::text, l.id::bigint, l.audio_url, CASE WHEN l.duration > 0 THEN l.duration END,
    coalesce(l.is_locked, false), legacy_sync.moment(coalesce(l.recorded_at, l.locked_at, 'epoch'), zone),
    to_jsonb(l) - '{id,user_id,audio_url}'::text[] $$;

-- Returns true if the voice sample is new. A recording that its owner has adopted keeps what was measured here.
CREATE FUNCTION legacy_sync.put_sample(l public.user_voice_samples, zone text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  template integer;
  is_new boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM platform.users u WHERE u.id = l.user_id) THEN
    PERFORM legacy_sync.refuse('user_voice_samples', l.id::text, l.user_id, 'no_user',
      CASE WHEN l.user_id IS NULL THEN 'The recording belongs to nobody.'
        ELSE format('The recording belongs to the user %s, who is not in the new model.', l.user_id) END);
    RETURN false;
  END IF;
  template := legacy_sync.template_of(l.sample_type, l.label);
  IF template IS NULL THEN
    PERFORM legacy_sync.refuse('user_voice_samples', l.id::text, l.user_id, 'no_label', 'The recording has no label.');
    RETURN false;
  END IF;
  is_new := NOT EXISTS (SELECT FROM instances.user_voice_samples s WHERE s.user_id = l.user_id AND s.id = l.id);
  INSERT INTO instances.user_voice_samples AS t (user_id, id, template_id, state, legacy_audio, duration_ms, is_locked,
    recorded_at, legacy_original)
  SELECT m.user_id, m.id, template, 'awaiting_consent', m.legacy_audio, m.duration_ms, m.is_locked, m.recorded_at,
    m.legacy_original
  FROM legacy_sync.map_sample(l, zone) m
  ON CONFLICT (user_id, id) DO UPDATE SET template_id = EXCLUDED.template_id, legacy_audio = EXCLUDED.legacy_audio,
    duration_ms = EXCLUDED.duration_ms, is_locked = EXCLUDED.is_locked, recorded_at = EXCLUDED.recorded_at,
    legacy_original = EXCLUDED.legacy_original
  WHERE (t.legacy_audio, t.legacy_original) IS DISTINCT FROM (EXCLUDED.legacy_audio, EXCLUDED.legacy_original)
    AND t.state = 'awaiting_consent';
  PERFORM legacy_sync.release('user_voice_samples', l.id::text);
  RETURN is_new;
END $$;

-- The old application deleted a recording. Ours goes, too, also if its owner has adopted it.
CREATE FUNCTION legacy_sync.drop_sample(of_id bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  DELETE FROM instances.user_voice_samples s WHERE s.id = of_id AND s.legacy_original IS NOT NULL;
  PERFORM legacy_sync.release('user_voice_samples', of_id::text);
END $$;

CREATE FUNCTION legacy_sync.sample_to_new() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    IF TG_OP = 'TRUNCATE' THEN
      DELETE FROM instances.user_voice_samples s WHERE s.legacy_original IS NOT NULL;
      DELETE FROM legacy_sync.quarantine q WHERE q.source_table = 'user_voice_samples';
    ELSIF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.user_id, OLD.id) IS DISTINCT FROM (NEW.user_id, NEW.id)) THEN
      PERFORM legacy_sync.drop_sample(OLD.id);
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN PERFORM legacy_sync.put_sample(NEW, legacy_sync.time_zone()); END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('user_voice_samples', coalesce(NEW.id, OLD.id, 0)::text,
      coalesce(NEW.user_id, OLD.user_id), SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

CREATE FUNCTION legacy_sync.backfill_samples(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  SELECT max(l.id)::text, count(*), count(*) FILTER (WHERE legacy_sync.put_sample(l, legacy_sync.time_zone()))
  INTO last_key, taken, written FROM legacy_sync.read_samples(after, size) l;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;

-- Maps one recording again: gives ours the values of the legacy row, or removes ours if the legacy row is gone.
CREATE FUNCTION legacy_sync.repair_samples(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy'); l public.user_voice_samples;
BEGIN
  BEGIN
    SELECT * INTO l FROM legacy_sync.find_sample(key);
    IF FOUND THEN
      UPDATE instances.user_voice_samples s SET legacy_original = '{}' WHERE s.id = l.id AND s.legacy_original IS NOT NULL;
      PERFORM legacy_sync.put_sample(l, legacy_sync.time_zone());
    ELSE
      PERFORM legacy_sync.drop_sample(key::bigint);
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('user_voice_samples', key, l.user_id, SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
END $$;

-- Only deletions go back.
CREATE FUNCTION legacy_sync.sample_to_legacy() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
  AS $$
DECLARE previous text := legacy_sync.enter('new');
BEGIN
  DELETE FROM legacy_sync.kept k WHERE k.source_table = 'user_voice_samples' AND k.source_id = OLD.id::text;
  IF NOT legacy_sync.remove_sample(OLD.id) THEN
    PERFORM legacy_sync.keep('user_voice_samples', OLD.id::text,
      'The recording is deleted here. Its legacy row stays, because another row refers to it.');
  END IF;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- role: owner
ALTER TABLE instances.user_voice_samples ALTER id SET DEFAULT legacy_sync.next_sample_id();

-- attach
CREATE TRIGGER fabula_sample_to_new AFTER INSERT OR UPDATE OR DELETE ON public.user_voice_samples FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new') EXECUTE FUNCTION legacy_sync.sample_to_new();
-- attach
CREATE TRIGGER fabula_samples_truncated AFTER TRUNCATE ON public.user_voice_samples FOR EACH STATEMENT
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new') EXECUTE FUNCTION legacy_sync.sample_to_new();
-- attach
CREATE CONSTRAINT TRIGGER fabula_sample_to_legacy AFTER DELETE ON instances.user_voice_samples
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.sample_to_legacy();
