-- Voice profiles, from the old application to ours. A profile becomes a personal voice with the same id. Its clone
-- becomes the neutral emotion voice. Only deletions go back.

-- role: legacy
CREATE FUNCTION legacy_sync.owner_of_profile(of_profile bigint) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT p.user_id FROM public.user_voice_profiles p WHERE p.id = of_profile $$;

CREATE FUNCTION legacy_sync.next_profile_id() RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.user_voice_profiles', 'id')) $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_profile_id() TO fabula_app, fabula_worker;

-- Returns false if another row refers to the profile.
CREATE FUNCTION legacy_sync.remove_profile(of_id bigint) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  DELETE FROM public.user_voice_profiles p WHERE p.id = of_id;
  RETURN true;
EXCEPTION WHEN foreign_key_violation THEN
  RETURN false;
END $$;

-- Takes the clone out of a profile.
CREATE FUNCTION legacy_sync.remove_clone(of_profile bigint) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$ UPDATE public.user_voice_profiles p SET elevenlabs_voice_id = NULL WHERE p.id = of_profile $$;

-- role: sync
-- The id of the neutral emotion voice that a profile's clone becomes. No sequence of the old application reaches it.
CREATE FUNCTION legacy_sync.neutral_voice_id(of_profile bigint) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT 1099511627776 + of_profile $$;

-- Remembers a clone. Narrations that named the clone speak with the personal voice from then on.
CREATE FUNCTION legacy_sync.note_clone(of_user text, of_profile bigint, vendor text, called text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE own record; earlier text;
BEGIN
  SELECT c.voice INTO earlier FROM legacy_sync.clones c WHERE c.user_id = of_user AND c.vendor_id = vendor;
  INSERT INTO legacy_sync.clones AS c (user_id, vendor_id, profile_id, voice, name)
  VALUES (of_user, vendor, of_profile, legacy_sync.personal_voice_id(of_profile), called)
  ON CONFLICT (user_id, vendor_id) DO UPDATE SET profile_id = EXCLUDED.profile_id, voice = EXCLUDED.voice,
    name = EXCLUDED.name
  WHERE c.profile_id > EXCLUDED.profile_id OR (c.profile_id = EXCLUDED.profile_id AND c.name <> EXCLUDED.name)
  RETURNING c.voice, c.name INTO own;
  IF own.voice IS NULL OR own.voice = earlier THEN RETURN; END IF;
  UPDATE instances.user_story_narrations n SET narrator_voice = own.voice, narrator_voice_name = own.name,
    narrator_voice_type = 'user',
    legacy_original = (coalesce(n.legacy_original, '{}') - 'narratorVoiceType') ||
      jsonb_build_object('narratorVoice', coalesce(n.legacy_original ->> 'narratorVoice', vendor)) ||
      CASE coalesce(n.legacy_original ->> 'narratorVoiceType', n.narrator_voice_type) WHEN 'user' THEN '{}'
        ELSE jsonb_build_object('narratorVoiceType',
          coalesce(n.legacy_original ->> 'narratorVoiceType', n.narrator_voice_type)) END
  WHERE n.user_id = of_user AND n.narrator_voice IN ('elevenlabs:' || vendor, earlier)
    AND btrim(coalesce(n.legacy_original ->> 'narratorVoice', vendor), E' \t\n\r') = vendor
    AND NOT legacy_sync.is_derived(n);
  UPDATE instances.user_story_narrations n SET narrator_voice = own.voice, narrator_voice_name = own.name,
    narrator_voice_type = 'user'
  WHERE n.user_id = of_user AND n.narrator_voice IN ('elevenlabs:' || vendor, earlier) AND legacy_sync.is_derived(n);
END $$;

CREATE FUNCTION legacy_sync.map_profile(l public.user_voice_profiles, zone text)
  RETURNS TABLE (user_id text, id bigint, voice text, provider text, kind text, display_name text, language text,
    created_at timestamptz, legacy_original jsonb)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT l.user_id::text, l.id::bigint, legacy_sync.personal_voice_id(l.id), 'elevenlabs', 'cloned',
    coalesce(legacy_sync.filled(l.profile_name), 'My voice'),
    coalesce(substring(lower(l.language) FROM '^\s*([a-z]{2,3})(?![a-z])'), 'en'),
    legacy_sync.moment(coalesce(l.created_at, l.updated_at, 'epoch'), zone), to_jsonb(l) - '{id,user_id}'::text[] $$;

-- The neutral emotion voice that is a profile's clone. Zero rows for a profile without a clone.
CREATE FUNCTION legacy_sync.map_neutral_voice(l public.user_voice_profiles, zone text)
  RETURNS TABLE (id bigint, provider_voice_id text, training_status text, failure jsonb, trained_at timestamptz,
    created_at timestamptz, updated_at timestamptz)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT legacy_sync.neutral_voice_id(l.id), legacy_sync.filled(l.elevenlabs_voice_id), 'ready', NULL::jsonb, t.updated,
    t.created, t.updated
  FROM (SELECT legacy_sync.moment(coalesce(l.created_at, l.updated_at, 'epoch'), zone) AS created,
    legacy_sync.moment(coalesce(l.updated_at, l.created_at, 'epoch'), zone) AS updated) t
  WHERE legacy_sync.filled(l.elevenlabs_voice_id) IS NOT NULL $$;

-- Inserts or changes the neutral emotion voice of a profile, or removes it when the profile has no clone any more. A
-- voice that its owner has adopted, which then has a label, stays.
CREATE FUNCTION legacy_sync.put_neutral_voice(l public.user_voice_profiles, zone text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  INSERT INTO instances.user_emotion_voices AS t (user_id, id, template_id, voice_id, revision, kind, provider,
    provider_voice_id, training_status, state, trained_at, created_at, updated_at)
  SELECT l.user_id, m.id, legacy_sync.template_of('emotion', 'neutral'), l.id, 1, 'cloned', 'elevenlabs',
    m.provider_voice_id, m.training_status, 'awaiting_consent', m.trained_at, m.created_at, m.updated_at
  FROM legacy_sync.map_neutral_voice(l, zone) m
  ON CONFLICT (user_id, id) DO UPDATE SET provider_voice_id = EXCLUDED.provider_voice_id,
    trained_at = EXCLUDED.trained_at, updated_at = EXCLUDED.updated_at
  WHERE (t.provider_voice_id, t.updated_at) IS DISTINCT FROM (EXCLUDED.provider_voice_id, EXCLUDED.updated_at)
    AND t.label IS NULL;
  IF legacy_sync.filled(l.elevenlabs_voice_id) IS NULL THEN
    DELETE FROM instances.user_emotion_voices e
    WHERE e.user_id = l.user_id AND e.id = legacy_sync.neutral_voice_id(l.id) AND e.label IS NULL;
    DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'user_voice_profiles' AND i.source_id = l.id::text;
    RETURN;
  END IF;
  INSERT INTO legacy_sync.id_map (source_table, source_id, target_table, target_id, kind)
  VALUES ('user_voice_profiles', l.id::text, 'instances.user_emotion_voices',
    legacy_sync.neutral_voice_id(l.id)::text, 'derived')
  ON CONFLICT DO NOTHING;
  PERFORM legacy_sync.note_clone(l.user_id, l.id, legacy_sync.filled(l.elevenlabs_voice_id), m.display_name)
  FROM legacy_sync.map_profile(l, zone) m;
END $$;

-- Why a clone cannot be ours. Zero rows if it can.
CREATE FUNCTION legacy_sync.clone_obstacle(vendor text) RETURNS TABLE (reason text, detail text)
  LANGUAGE sql IMMUTABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT 'long_clone', format('The id of the clone has %s characters, and at most 500 fit. Correct it in the old application.',
    length(vendor)) WHERE length(vendor) > 500 $$;

CREATE FUNCTION legacy_sync.put_profile(l public.user_voice_profiles, zone text) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE is_new boolean; obstacle record;
BEGIN
  IF NOT EXISTS (SELECT FROM platform.users u WHERE u.id = l.user_id) THEN
    PERFORM legacy_sync.refuse('user_voice_profiles', l.id::text, l.user_id, 'no_user',
      format('The voice belongs to the user %s, who is not in the new model.', l.user_id));
    RETURN 0;
  END IF;
  SELECT * INTO obstacle FROM legacy_sync.clone_obstacle(legacy_sync.filled(l.elevenlabs_voice_id));
  IF FOUND THEN
    PERFORM legacy_sync.refuse('user_voice_profiles', l.id::text, l.user_id, obstacle.reason, obstacle.detail);
    RETURN 0;
  END IF;
  is_new := NOT EXISTS (SELECT FROM instances.user_voices v WHERE v.user_id = l.user_id AND v.id = l.id);
  INSERT INTO instances.user_voices AS t (user_id, id, voice, provider, kind, display_name, language, created_at,
    legacy_original)
  SELECT m.* FROM legacy_sync.map_profile(l, zone) m
  -- A value that our side changed stays while the legacy row is as it was.
  ON CONFLICT (user_id, id) DO UPDATE SET display_name = EXCLUDED.display_name, language = EXCLUDED.language,
    created_at = EXCLUDED.created_at, legacy_original = EXCLUDED.legacy_original
  WHERE t.legacy_original IS DISTINCT FROM EXCLUDED.legacy_original;
  PERFORM legacy_sync.put_neutral_voice(l, zone);
  PERFORM legacy_sync.release('user_voice_profiles', l.id::text);
  DELETE FROM legacy_sync.kept k WHERE k.source_table = 'user_voice_profiles' AND k.source_id = l.id::text;
  RETURN is_new::integer;
END $$;

-- The personal voice stays if emotion voices that our side has trained or adopted need it.
CREATE FUNCTION legacy_sync.drop_profile(key bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE of_user text;
BEGIN
  DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'user_voice_profiles' AND i.source_id = key::text;
  SELECT v.user_id INTO of_user FROM instances.user_voices v WHERE v.id = key AND v.legacy_original IS NOT NULL;
  DELETE FROM instances.user_emotion_voices e WHERE e.user_id = of_user AND e.voice_id = key
    AND (e.id = legacy_sync.neutral_voice_id(key) OR e.legacy_original IS NOT NULL) AND e.label IS NULL;
  IF EXISTS (SELECT FROM instances.user_emotion_voices e WHERE e.user_id = of_user AND e.voice_id = key) THEN
    PERFORM legacy_sync.keep('user_voice_profiles', key::text,
      'The old application deleted the voice. It stays here, because it has been trained or adopted here.');
  ELSE
    DELETE FROM instances.user_voices v WHERE v.user_id = of_user AND v.id = key;
  END IF;
END $$;

-- The emotion voices of a profile go along to another user.
CREATE FUNCTION legacy_sync.put_emotion_voices_of(of_profile bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM legacy_sync.put_emotion_voice(e, legacy_sync.time_zone()) FROM legacy_sync.emotion_voices_of(of_profile) e;
END $$;

-- Only deletions go back.
CREATE FUNCTION legacy_sync.profile_to_legacy() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
  AS $$
DECLARE previous text := legacy_sync.enter('new');
BEGIN
  DELETE FROM legacy_sync.kept k WHERE k.source_table = 'user_voice_profiles' AND k.source_id = OLD.id::text;
  IF NOT legacy_sync.remove_profile(OLD.id) THEN
    PERFORM legacy_sync.keep('user_voice_profiles', OLD.id::text,
      'The voice is deleted here. Its legacy row stays, because another row refers to it.');
  END IF;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- role: owner
ALTER TABLE instances.user_voices ALTER id SET DEFAULT legacy_sync.next_profile_id();
-- `uninstall.ts` drops the index.
CREATE INDEX legacy_sync_voices_id ON instances.user_voices (id);

-- attach
CREATE CONSTRAINT TRIGGER fabula_profile_to_legacy AFTER DELETE ON instances.user_voices
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.profile_to_legacy();

-- frame: one-way
-- row: profile
-- rows: profiles
-- table: user_voice_profiles
-- moved: (OLD.id, OLD.user_id) IS DISTINCT FROM (NEW.id, NEW.user_id)
-- truncated: PERFORM legacy_sync.drop_profile(v.id) FROM instances.user_voices v WHERE v.legacy_original IS NOT NULL;
-- user: user_id
-- after: IF is_moved THEN PERFORM legacy_sync.put_emotion_voices_of(NEW.id); END IF;
-- forget: UPDATE instances.user_voices v SET legacy_original = '{}' WHERE v.user_id = l.user_id AND v.id = l.id;
