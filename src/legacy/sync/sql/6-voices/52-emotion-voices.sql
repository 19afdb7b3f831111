-- Emotion voices, from the old application to ours. Each keeps the legacy id. Only deletions go back.

-- role: legacy
CREATE FUNCTION legacy_sync.emotion_voices_of(of_profile bigint) RETURNS SETOF public.user_emotion_voices
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT e.* FROM public.user_emotion_voices e WHERE e.user_voice_profile_id = of_profile ORDER BY e.id $$;

CREATE FUNCTION legacy_sync.next_emotion_voice_id() RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.user_emotion_voices', 'id')) $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_emotion_voice_id() TO fabula_app, fabula_worker;

-- Returns false if another table refers to the row.
CREATE FUNCTION legacy_sync.remove_emotion_voice(of_id bigint) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  DELETE FROM public.user_emotion_voices e WHERE e.id = of_id;
  RETURN true;
EXCEPTION WHEN foreign_key_violation THEN
  RETURN false;
END $$;

-- role: sync
-- What the old application says of a training, in our words. A voice without a clone cannot be ready. A training
-- that the old application has not ended counts as collecting, because nobody trains it here.
CREATE FUNCTION legacy_sync.map_training(status text, vendor text) RETURNS TABLE (status text, failure jsonb)
  LANGUAGE sql IMMUTABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE
      WHEN t.given = 'failed' OR (t.given = 'completed' AND t.vendor IS NULL) THEN 'failed'
      WHEN t.given = 'completed' OR (t.vendor IS NOT NULL AND t.given NOT IN ('pending', 'collecting', 'training')) THEN 'ready'
      ELSE 'collecting' END,
    CASE
      WHEN t.given = 'failed' THEN '{"message": "The training failed on the earlier platform; train the voice again."}'::jsonb
      WHEN t.given = 'completed' AND t.vendor IS NULL
        THEN '{"message": "The earlier platform lost this voice; train the voice again."}'::jsonb END
  FROM (SELECT lower(btrim(map_training.status, E' \t\n\r')) AS given, legacy_sync.filled(map_training.vendor) AS vendor) t $$;

-- The revision grows with the legacy id, so a later voice of one emotion counts as the later training.
CREATE FUNCTION legacy_sync.map_emotion_voice(l public.user_emotion_voices, zone text)
  RETURNS TABLE (user_id text, id bigint, voice_id bigint, revision integer, kind text, provider text,
    provider_voice_id text, training_status text, failure jsonb, sample_count integer, quality_score double precision,
    never_delete boolean, trained_at timestamptz, created_at timestamptz, updated_at timestamptz, legacy_original jsonb)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT legacy_sync.owner_of_profile(l.user_voice_profile_id), l.id::bigint, l.user_voice_profile_id::bigint, least(l.id, 2147483646) + 1,
    'cloned', 'elevenlabs', legacy_sync.filled(l.elevenlabs_voice_id), m.status, m.failure,
    greatest(coalesce(l.sample_count, 0), 0),
    CASE WHEN l.quality_score BETWEEN 0 AND 1 THEN l.quality_score WHEN l.quality_score BETWEEN 1 AND 100
      THEN l.quality_score / 100 END,
    coalesce(l.never_delete, false), CASE WHEN m.status = 'ready' THEN t.updated END, t.created, t.updated, to_jsonb(l) - 'id'
  FROM (SELECT legacy_sync.moment(coalesce(l.created_at, l.updated_at, 'epoch'), zone) AS created,
      legacy_sync.moment(coalesce(l.updated_at, l.created_at, 'epoch'), zone) AS updated) t
    CROSS JOIN LATERAL legacy_sync.map_training(l.training_status, l.elevenlabs_voice_id) m $$;

-- A voice that our side has trained or adopted, which then has a label, stays as it is.
CREATE FUNCTION legacy_sync.put_emotion_voice(l public.user_emotion_voices, zone text) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  m record;
  obstacle record;
  template integer;
  named text;
  is_new boolean;
BEGIN
  SELECT * INTO m FROM legacy_sync.map_emotion_voice(l, zone);
  SELECT v.display_name INTO named FROM instances.user_voices v WHERE v.user_id = m.user_id AND v.id = m.voice_id;
  SELECT * INTO obstacle FROM (
    SELECT 'no_profile' AS reason, format('The voice belongs to the profile %s, which is not in the new model.', m.voice_id) AS detail
    WHERE named IS NULL
    UNION ALL SELECT * FROM legacy_sync.name_obstacle('emotion', legacy_sync.template_key(l.emotion))
    UNION ALL SELECT * FROM legacy_sync.clone_obstacle(m.provider_voice_id) LIMIT 1) o;
  IF FOUND THEN
    PERFORM legacy_sync.refuse('user_emotion_voices', l.id::text, m.user_id, obstacle.reason, obstacle.detail);
    RETURN 0;
  END IF;
  template := legacy_sync.template_of('emotion', l.emotion);
  is_new := NOT EXISTS (SELECT FROM instances.user_emotion_voices e WHERE e.user_id = m.user_id AND e.id = m.id);
  INSERT INTO instances.user_emotion_voices AS t (user_id, id, template_id, voice_id, revision, kind, provider,
    provider_voice_id, training_status, state, failure, sample_count, quality_score, never_delete, trained_at,
    created_at, updated_at, legacy_original)
  VALUES (m.user_id, m.id, template, m.voice_id, m.revision, m.kind, m.provider, m.provider_voice_id,
    m.training_status, 'awaiting_consent', m.failure, m.sample_count, m.quality_score, m.never_delete, m.trained_at,
    m.created_at, m.updated_at, m.legacy_original)
  ON CONFLICT (user_id, id) DO UPDATE SET template_id = EXCLUDED.template_id, voice_id = EXCLUDED.voice_id,
    provider_voice_id = EXCLUDED.provider_voice_id, training_status = EXCLUDED.training_status,
    failure = EXCLUDED.failure, sample_count = EXCLUDED.sample_count, quality_score = EXCLUDED.quality_score,
    never_delete = EXCLUDED.never_delete, trained_at = EXCLUDED.trained_at, created_at = EXCLUDED.created_at,
    updated_at = EXCLUDED.updated_at, legacy_original = EXCLUDED.legacy_original
  WHERE t.legacy_original IS DISTINCT FROM EXCLUDED.legacy_original AND t.label IS NULL;
  IF m.provider_voice_id IS NOT NULL THEN
    PERFORM legacy_sync.note_clone(m.user_id, m.voice_id, m.provider_voice_id, named);
  END IF;
  PERFORM legacy_sync.release('user_emotion_voices', l.id::text);
  DELETE FROM legacy_sync.kept k WHERE k.source_table = 'user_emotion_voices' AND k.source_id = l.id::text;
  RETURN is_new::integer;
END $$;

-- A voice that our side has trained stays.
CREATE FUNCTION legacy_sync.drop_emotion_voice(key bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  DELETE FROM instances.user_emotion_voices e WHERE e.id = key AND e.legacy_original IS NOT NULL AND e.label IS NULL;
  PERFORM legacy_sync.keep('user_emotion_voices', key::text,
    'The old application deleted the emotion voice. It stays here, because it has been trained or adopted here.')
  FROM instances.user_emotion_voices e WHERE e.id = key AND e.legacy_original IS NOT NULL;
END $$;

-- Only deletions go back. The neutral voice of a profile is the clone of the profile.
CREATE FUNCTION legacy_sync.emotion_voice_to_legacy() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
  AS $$
DECLARE previous text := legacy_sync.enter('new');
BEGIN
  DELETE FROM legacy_sync.kept k WHERE k.source_table = 'user_emotion_voices' AND k.source_id = OLD.id::text;
  IF OLD.id = legacy_sync.neutral_voice_id(OLD.voice_id) THEN
    PERFORM legacy_sync.remove_clone(OLD.voice_id);
    DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'user_voice_profiles' AND i.source_id = OLD.voice_id::text;
  ELSIF NOT legacy_sync.remove_emotion_voice(OLD.id) THEN
    PERFORM legacy_sync.keep('user_emotion_voices', OLD.id::text,
      'The emotion voice is deleted here. Its legacy row stays, because another row refers to it.');
  END IF;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- role: owner
ALTER TABLE instances.user_emotion_voices ALTER id SET DEFAULT legacy_sync.next_emotion_voice_id();
-- `uninstall.ts` drops the index.
CREATE INDEX legacy_sync_emotion_voices_id ON instances.user_emotion_voices (id);

-- attach
CREATE CONSTRAINT TRIGGER fabula_emotion_voice_to_legacy AFTER DELETE ON instances.user_emotion_voices
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.emotion_voice_to_legacy();

-- frame: one-way
-- row: emotion_voice
-- rows: emotion_voices
-- table: user_emotion_voices
-- moved: (OLD.id, OLD.user_voice_profile_id) IS DISTINCT FROM (NEW.id, NEW.user_voice_profile_id)
-- truncated: PERFORM legacy_sync.drop_emotion_voice(e.id) FROM instances.user_emotion_voices e WHERE e.legacy_original IS NOT NULL;
-- forget: UPDATE instances.user_emotion_voices e SET legacy_original = '{}' WHERE e.id = l.id AND e.legacy_original IS NOT NULL AND e.label IS NULL;
