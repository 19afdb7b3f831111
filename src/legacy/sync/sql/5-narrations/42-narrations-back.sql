-- Narrations, from ours to the old application.

-- role: legacy
-- Writes a whole row, which the caller has read with find_narration and changed. Returns true if a trigger of the
-- table wrote something else.
CREATE FUNCTION legacy_sync.write_narration(n public.story_narrations) RETURNS boolean
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
  UPDATE public.story_narrations o SET story_id = n.story_id, narrator_voice = n.narrator_voice,
    narrator_voice_type = n.narrator_voice_type, segments = n.segments, created_at = n.created_at,
    updated_at = n.updated_at
  WHERE o.id = n.id RETURNING o IS DISTINCT FROM n $$;

-- Returns false if the old application has no such story.
CREATE FUNCTION legacy_sync.add_narration(n public.story_narrations) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  INSERT INTO public.story_narrations (id, story_id, user_id, narrator_voice, narrator_voice_type, narrator_profile,
    conversation_style, relationship_id, shared_with_identifier, segments, total_duration, audio_file_url,
    created_at, updated_at)
  SELECT n.id, n.story_id, n.user_id, n.narrator_voice, n.narrator_voice_type, n.narrator_profile,
    n.conversation_style, n.relationship_id, n.shared_with_identifier, n.segments, n.total_duration, n.audio_file_url,
    n.created_at, n.updated_at
  WHERE EXISTS (SELECT FROM public.stories s WHERE s.id = n.story_id);
  RETURN FOUND;
END $$;

-- Returns false if a table that we do not know refers to the row.
CREATE FUNCTION legacy_sync.remove_narration(of_id bigint) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  DELETE FROM public.story_narrations n WHERE n.id = of_id;
  RETURN true;
EXCEPTION WHEN foreign_key_violation THEN
  RETURN false;
END $$;

-- role: sync
-- Returns the legacy row as our row wants it. `l` is the legacy row now; NULL if there is none.
CREATE FUNCTION legacy_sync.unmap_narration(n instances.user_story_narrations, l public.story_narrations, zone text)
  RETURNS public.story_narrations
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE o jsonb := coalesce(n.legacy_original, '{}'); items jsonb := legacy_sync.items_of(n.user_id, n.id);
BEGIN
  IF l.id IS NULL THEN
    l.id := n.id;
    l.user_id := n.user_id;
    l.narrator_voice := o ->> 'narratorVoice';
    l.narrator_voice_type := coalesce(o ->> 'narratorVoiceType', n.narrator_voice_type);
    l.narrator_profile := CASE WHEN o ? 'narratorProfile' THEN o ->> 'narratorProfile' ELSE 'neutral' END;
    l.conversation_style := o ->> 'conversationStyle';
    l.relationship_id := (o ->> 'relationshipId')::integer;
    l.shared_with_identifier := o ->> 'sharedWithIdentifier';
    l.segments := legacy_sync.wrapped(o -> 'segments', items);
    l.total_duration := coalesce((o ->> 'totalDuration')::integer, n.duration_ms, 0);
    l.audio_file_url := o ->> 'audioFileUrl';
  END IF;
  l.story_id := n.reference_story_id;
  SELECT v.voice, v.type INTO l.narrator_voice, l.narrator_voice_type
  FROM legacy_sync.legacy_voice_of(n.user_id, n.narrator_voice, n.narrator_voice_type, l.narrator_voice, l.narrator_voice_type) v;
  IF legacy_sync.segment_list(l.segments) IS DISTINCT FROM items THEN
    l.segments := legacy_sync.wrapped(legacy_sync.around_segments(l.segments), items);
  END IF;
  IF l.updated_at IS DISTINCT FROM n.updated_at AT TIME ZONE zone THEN
    -- Without a date of its own, the legacy row would take the date of this change.
    l.created_at := coalesce(l.created_at, n.created_at AT TIME ZONE zone);
    l.updated_at := n.updated_at AT TIME ZONE zone;
  END IF;
  RETURN l;
END $$;

-- What is kept of the legacy row stays a copy of that row. What our side chose and the row does not say is recorded.
CREATE FUNCTION legacy_sync.copy_narration(n instances.user_story_narrations, zone text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE m record;
BEGIN
  SELECT f.*, l.segments, legacy_sync.dated(n.updated_at, l.updated_at, zone) AS dated INTO m FROM legacy_sync.find_narration(n.id::text) l, LATERAL legacy_sync.map_narration(l, zone) f;
  IF NOT FOUND THEN RETURN; END IF;
  IF m.narrator_voice_name <> n.narrator_voice_name THEN
    PERFORM legacy_sync.choose('user_story_narrations', n.id::text, 'narrator_voice_name', n.narrator_voice_name);
  END IF;
  IF EXISTS (SELECT FROM legacy_sync.map_segments(m.segments) i JOIN instances.user_narration_segments s
    ON s.user_id = n.user_id AND s.narration_id = n.id AND s.position = i.place WHERE s.extra IS DISTINCT FROM i.extra)
  THEN PERFORM legacy_sync.choose('user_story_narrations', n.id::text, 'segments.extra', 'own'); END IF;
  UPDATE instances.user_story_narrations t SET legacy_original = m.legacy_original, updated_at = m.dated
  WHERE t.user_id = n.user_id AND t.id = n.id AND (t.legacy_original, t.updated_at) IS DISTINCT FROM (m.legacy_original, m.dated);
END $$;

CREATE FUNCTION legacy_sync.narration_to_legacy() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
  AS $$
DECLARE
  previous text;
  n instances.user_story_narrations;
  l public.story_narrations;
  is_new boolean;
  is_other boolean := false;
BEGIN
  SELECT * INTO n FROM instances.user_story_narrations t
  WHERE t.user_id = coalesce(NEW.user_id, OLD.user_id) AND t.id = coalesce(NEW.id, OLD.id);
  -- Only the last change of a transaction is mirrored.
  IF TG_OP = 'DELETE' AND FOUND OR TG_OP <> 'DELETE' AND n IS DISTINCT FROM NEW THEN RETURN NULL; END IF;
  previous := legacy_sync.enter('new');
  IF TG_OP = 'DELETE' THEN
    DELETE FROM legacy_sync.kept k WHERE k.source_table = 'story_narrations' AND k.source_id = OLD.id::text;
    IF NOT legacy_sync.remove_narration(OLD.id) THEN
      PERFORM legacy_sync.keep('story_narrations', OLD.id::text,
        'The narration is deleted here. Its legacy row stays, because another table refers to it.');
    END IF;
  ELSIF NOT EXISTS (SELECT FROM legacy_sync.kept k WHERE k.source_table = 'story_narrations' AND k.source_id = n.id::text)
  THEN
    SELECT * INTO l FROM legacy_sync.find_narration(n.id::text);
    is_new := NOT FOUND;
    l := legacy_sync.unmap_narration(n, l, legacy_sync.time_zone());
    IF NOT is_new THEN
      is_other := legacy_sync.write_narration(l);
    ELSIF NOT legacy_sync.add_narration(l) THEN
      PERFORM legacy_sync.keep('story_narrations', n.id::text, 'The old application does not have the story.');
    END IF;
    PERFORM legacy_sync.enter('legacy');
    PERFORM legacy_sync.copy_narration(n, legacy_sync.time_zone());
    IF is_other THEN
      PERFORM legacy_sync.put_narration(w, legacy_sync.time_zone()) FROM legacy_sync.find_narration(n.id::text) w;
    END IF;
  END IF;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- attach
CREATE CONSTRAINT TRIGGER fabula_narration_to_legacy AFTER INSERT OR UPDATE OR DELETE ON instances.user_story_narrations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.narration_to_legacy();
