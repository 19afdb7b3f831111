-- Voice samples, from the old application to ours. Each keeps the legacy id, and waits for its owner's consent.
-- Only deletions go back.

-- role: legacy
CREATE FUNCTION legacy_sync.next_sample_id() RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.user_voice_samples', 'id')) $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_sample_id() TO fabula_app, fabula_worker;

-- Returns false if another table refers to the row.
CREATE FUNCTION legacy_sync.remove_sample(of_id bigint) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
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

-- A recording that its owner has adopted keeps what was measured here.
CREATE FUNCTION legacy_sync.put_sample(l public.user_voice_samples, zone text) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  obstacle record;
  template integer;
  is_new boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM platform.users u WHERE u.id = l.user_id) THEN
    PERFORM legacy_sync.refuse('user_voice_samples', l.id::text, l.user_id, 'no_user',
      CASE WHEN l.user_id IS NULL THEN 'The recording belongs to nobody.'
        ELSE format('The recording belongs to the user %s, who is not in the new model.', l.user_id) END);
    RETURN 0;
  END IF;
  SELECT * INTO obstacle FROM legacy_sync.name_obstacle('label', legacy_sync.template_key(l.label));
  IF FOUND THEN
    PERFORM legacy_sync.refuse('user_voice_samples', l.id::text, l.user_id, obstacle.reason, obstacle.detail);
    RETURN 0;
  END IF;
  template := legacy_sync.template_of(l.sample_type, l.label);
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
  -- A recording that its owner has adopted is a blob of its own.
  PERFORM legacy_sync.take_sounds(s.user_id, ARRAY[s.legacy_audio]) FROM instances.user_voice_samples s
  WHERE s.user_id = l.user_id AND s.id = l.id AND s.state = 'awaiting_consent';
  PERFORM legacy_sync.release('user_voice_samples', l.id::text);
  RETURN is_new::integer;
END $$;

-- Also a recording that its owner has adopted goes.
CREATE FUNCTION legacy_sync.drop_sample(key bigint) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$ DELETE FROM instances.user_voice_samples s WHERE s.id = key AND s.legacy_original IS NOT NULL $$;

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
-- `uninstall.ts` drops the index.
CREATE INDEX legacy_sync_samples_id ON instances.user_voice_samples (id);

-- attach
CREATE CONSTRAINT TRIGGER fabula_sample_to_legacy AFTER DELETE ON instances.user_voice_samples
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.sample_to_legacy();

-- frame: one-way
-- row: sample
-- rows: samples
-- table: user_voice_samples
-- moved: (OLD.id, OLD.user_id) IS DISTINCT FROM (NEW.id, NEW.user_id)
-- truncated: DELETE FROM instances.user_voice_samples s WHERE s.legacy_original IS NOT NULL;
-- user: user_id
-- forget: UPDATE instances.user_voice_samples s SET legacy_original = '{}' WHERE s.id = l.id AND s.legacy_original IS NOT NULL AND s.consent_id IS NULL;
