-- Narrations, from the old application to ours. A narration keeps the legacy id.

-- role: legacy
-- Returns the page after a key. `until` is the last possible key; NULL: no end.
CREATE FUNCTION legacy_sync.read_narrations(after text, size integer, until text DEFAULT NULL)
  RETURNS SETOF public.story_narrations
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  -- FOR KEY SHARE: without the lock, a narration that is deleted meanwhile would come back.
  RETURN QUERY SELECT n.* FROM public.story_narrations n
    WHERE n.id > coalesce(after, '-2147483649')::bigint AND n.id <= coalesce(until, '2147483647')::integer
    ORDER BY n.id LIMIT size FOR KEY SHARE;
END $$;

-- Cuts the table into parts of equally many rows, whose keys are later than `after`. NULL: no bound.
CREATE FUNCTION legacy_sync.cut_narrations(parts integer) RETURNS TABLE (nr integer, after text, until text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
  AS $$
  SELECT p.nr, (lag(p.last) OVER w)::text, CASE WHEN lead(p.nr) OVER w IS NOT NULL THEN p.last::text END
  FROM (
    SELECT i.nr, max(i.id) AS last
    FROM (SELECT n.id, ntile(parts) OVER (ORDER BY n.id) AS nr FROM public.story_narrations n UNION ALL SELECT NULL, 1) i
    GROUP BY i.nr) p
  WINDOW w AS (ORDER BY p.nr) $$;

-- Locks the row, so that nobody changes the row between the reading and the writing.
CREATE FUNCTION legacy_sync.find_narration(key text) RETURNS SETOF public.story_narrations
  LANGUAGE sql VOLATILE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT n.* FROM public.story_narrations n WHERE n.id = key::integer FOR NO KEY UPDATE $$;

CREATE FUNCTION legacy_sync.next_narration_id() RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.story_narrations', 'id')) $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_narration_id() TO fabula_app, fabula_worker;

-- role: sync
-- Zero rows if the segments hold no list. Inlined into the statements that call it.
CREATE FUNCTION legacy_sync.map_narration(l public.story_narrations, zone text)
  RETURNS TABLE (user_id text, id bigint, reference_story_id integer, narrator_voice text, narrator_voice_name text,
    narrator_voice_type text, segment_count integer, status text, duration_ms integer, legacy_original jsonb,
    created_at timestamptz, updated_at timestamptz)
  LANGUAGE sql STABLE ROWS 1
  AS $$
  SELECT l.user_id::text, l.id::bigint, l.story_id, v.voice, v.name, v.type, jsonb_array_length(s.list),
    CASE
      WHEN btrim(l.audio_file_url, E' \t\n\r') <> '' THEN 'ready'
      WHEN jsonb_array_length(s.list) > 0 AND NOT EXISTS (SELECT FROM jsonb_array_elements(s.list) e (item)
        WHERE btrim(e.item ->> 'audioUrl', E' \t\n\r') <> '' IS NOT TRUE) THEN 'ready'
      ELSE 'draft' END,
    CASE WHEN l.total_duration > 0 THEN l.total_duration END,
    -- What the columns say already is left out, so a narration of ours has nothing here.
    nullif(jsonb_strip_nulls(jsonb_build_object(
      'narratorVoice', CASE WHEN l.narrator_voice_type::text <> v.type
          OR l.narrator_voice::text NOT IN (v.voice, substr(v.voice, strpos(v.voice, ':') + 1))
        THEN l.narrator_voice END,
      'narratorVoiceType', CASE WHEN l.narrator_voice_type::text <> v.type THEN l.narrator_voice_type END,
      'conversationStyle', l.conversation_style, 'relationshipId', l.relationship_id,
      'sharedWithIdentifier', l.shared_with_identifier, 'audioFileUrl', l.audio_file_url,
      'totalDuration', CASE WHEN l.total_duration < 0 THEN l.total_duration END)) ||
      CASE WHEN l.narrator_profile IS NOT DISTINCT FROM 'neutral' THEN '{}'
        ELSE jsonb_build_object('narratorProfile', l.narrator_profile) END ||
      CASE WHEN jsonb_typeof(l.segments) = 'array' THEN '{}'
        ELSE jsonb_build_object('segments', legacy_sync.around_segments(l.segments)) END, '{}'),
    coalesce(l.created_at, l.updated_at, 'epoch') AT TIME ZONE zone,
    coalesce(l.updated_at, l.created_at, 'epoch') AT TIME ZONE zone
  FROM (SELECT legacy_sync.segment_list(l.segments) AS list OFFSET 0) s
  CROSS JOIN LATERAL (SELECT o.voice, o.name, o.type
    FROM legacy_sync.voice_of(l.user_id::text, l.narrator_voice::text, l.narrator_voice_type::text) o OFFSET 0) v
  WHERE s.list IS NOT NULL $$;

-- Returns why a narration cannot be mapped. Zero rows if it can. Inlined into the statements that call it.
CREATE FUNCTION legacy_sync.narration_obstacle(l public.story_narrations) RETURNS TABLE (reason text, detail text)
  LANGUAGE sql STABLE ROWS 1
  AS $$
  SELECT o.reason, o.detail FROM (VALUES
    (NOT EXISTS (SELECT FROM platform.users u WHERE u.id = l.user_id), 'no_user',
      format('The narration belongs to the user %s, who is not in the new model.', l.user_id)),
    (NOT EXISTS (SELECT FROM reference.stories s WHERE s.id = l.story_id), 'no_story',
      format('The narration tells the story %s, which is not in the new model.', l.story_id)),
    (legacy_sync.segment_list(l.segments) IS NULL, 'no_segments', 'The column segments holds no list of segments.')
    ) o (applies, reason, detail)
  WHERE o.applies LIMIT 1 $$;

-- Gives the rows of an existing script the values of the legacy items. A row whose item is unchanged stays as it
-- is, with its voice, its delivery and its sound. Returns true if a row changed.
CREATE FUNCTION legacy_sync.put_segments(of_user text, of_narration bigint, segments jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE list jsonb := legacy_sync.segment_list(segments); changed integer; removed integer;
BEGIN
  INSERT INTO instances.user_narration_segments AS t
    (user_id, narration_id, position, kind, text, speaker_id, emotion, intensity, extra)
  SELECT of_user, of_narration, m.place, m.kind, m.text, m.speaker_id, m.emotion, m.intensity, m.extra
  FROM legacy_sync.map_segments(list) m
  LEFT JOIN instances.user_narration_segments s
    ON s.user_id = of_user AND s.narration_id = of_narration AND s.position = m.place
  WHERE s.position IS NULL
    OR legacy_sync.item_of(s) IS DISTINCT FROM list -> m.place
  ON CONFLICT (user_id, narration_id, position) DO UPDATE SET kind = EXCLUDED.kind, text = EXCLUDED.text,
    speaker_id = EXCLUDED.speaker_id, emotion = EXCLUDED.emotion, intensity = EXCLUDED.intensity,
    extra = EXCLUDED.extra;
  GET DIAGNOSTICS changed = ROW_COUNT;
  DELETE FROM instances.user_narration_segments s
  WHERE s.user_id = of_user AND s.narration_id = of_narration
    AND s.position >= jsonb_array_length(list);
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN changed + removed > 0;
END $$;

-- Inserts the narration, or gives an existing narration the values of the legacy row. Quarantines a narration
-- that cannot be mapped.
CREATE FUNCTION legacy_sync.put_narration(l public.story_narrations, zone text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE obstacle record; m record; t instances.user_story_narrations; is_changed boolean;
BEGIN
  SELECT * INTO obstacle FROM legacy_sync.narration_obstacle(l);
  IF FOUND THEN
    PERFORM legacy_sync.refuse('story_narrations', l.id::text, l.user_id, obstacle.reason, obstacle.detail);
    RETURN;
  END IF;
  SELECT * INTO m FROM legacy_sync.map_narration(l, zone);
  INSERT INTO instances.user_story_narrations (user_id, id, reference_story_id, narrator_voice, narrator_voice_name,
    narrator_voice_type, segment_count, status, duration_ms, legacy_original, created_at, updated_at)
  VALUES (m.user_id, m.id, m.reference_story_id, m.narrator_voice, m.narrator_voice_name, m.narrator_voice_type,
    m.segment_count, m.status, m.duration_ms, m.legacy_original, m.created_at, m.updated_at)
  ON CONFLICT (user_id, id) DO NOTHING;
  IF FOUND THEN
    PERFORM legacy_sync.put_segments(m.user_id, m.id, l.segments);
  ELSE
    SELECT * INTO t FROM instances.user_story_narrations n WHERE n.user_id = m.user_id AND n.id = m.id FOR UPDATE;
    is_changed := legacy_sync.put_segments(m.user_id, m.id, l.segments);
    -- Sound of ours has a status and a length of its own.
    IF t.audio IS NOT NULL OR t.rendered_script_hash IS NOT NULL OR t.status NOT IN ('draft', 'ready') THEN
      m.status := t.status;
      m.duration_ms := t.duration_ms;
    END IF;
    IF m.narrator_voice = t.narrator_voice THEN m.narrator_voice_name := t.narrator_voice_name; END IF;
    -- Compared in the legacy zone, where an hour of the autumn comes twice.
    IF m.created_at AT TIME ZONE zone = t.created_at AT TIME ZONE zone THEN m.created_at := t.created_at; END IF;
    IF m.updated_at AT TIME ZONE zone = t.updated_at AT TIME ZONE zone THEN m.updated_at := t.updated_at; END IF;
    IF is_changed OR (m.reference_story_id, m.narrator_voice, m.narrator_voice_type, m.segment_count, m.status,
        m.duration_ms, m.legacy_original, m.created_at, m.updated_at)
      IS DISTINCT FROM (t.reference_story_id, t.narrator_voice, t.narrator_voice_type, t.segment_count, t.status,
        t.duration_ms, t.legacy_original, t.created_at, t.updated_at)
    THEN
      UPDATE instances.user_story_narrations n SET reference_story_id = m.reference_story_id,
        narrator_voice = m.narrator_voice, narrator_voice_name = m.narrator_voice_name,
        narrator_voice_type = m.narrator_voice_type, segment_count = m.segment_count,
        script_hash = CASE WHEN NOT is_changed THEN n.script_hash END,
        status = m.status, duration_ms = m.duration_ms, legacy_original = m.legacy_original,
        created_at = m.created_at, updated_at = m.updated_at, version = n.version + 1
      WHERE n.user_id = m.user_id AND n.id = m.id;
    END IF;
  END IF;
  PERFORM legacy_sync.take_sounds(m.user_id,
    legacy_sync.narration_links(legacy_sync.segment_list(l.segments), l.audio_file_url));
  PERFORM legacy_sync.release('story_narrations', l.id::text);
  DELETE FROM legacy_sync.kept k WHERE k.source_table = 'story_narrations' AND k.source_id = l.id::text;
END $$;

-- True for a narration that has no legacy row, because it is derived from a story and nobody has used it.
CREATE FUNCTION legacy_sync.is_derived(n instances.user_story_narrations) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT n.version = 1 AND EXISTS (SELECT FROM legacy_sync.id_map i WHERE i.source_table = 'stories'
    AND i.source_id = n.reference_story_id::text AND i.target_table = 'instances.user_story_narrations'
    AND i.target_id = n.id::text) $$;

-- The old application deleted this narration. A narration with a public edition stays.
CREATE FUNCTION legacy_sync.drop_narration(of_user text, of_id bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM legacy_sync.keep('story_narrations', n.id::text,
    'The old application deleted the narration. It stays here, because it is public.')
  FROM instances.user_story_narrations n JOIN reference.published_narrations e
    ON e.user_id = n.user_id AND e.narration_id = n.id AND e.visibility = 'public'
  WHERE n.user_id = of_user AND n.id = of_id;
  DELETE FROM reference.published_narrations e
  WHERE e.visibility <> 'public' AND e.user_id = of_user AND e.narration_id = of_id;
  DELETE FROM platform.pending_scripts p WHERE p.user_id = of_user AND p.narration_id = of_id;
  DELETE FROM instances.user_story_narrations n
  WHERE n.user_id = of_user AND n.id = of_id AND NOT legacy_sync.is_derived(n)
    AND NOT EXISTS (SELECT FROM reference.published_narrations e WHERE e.user_id = n.user_id AND e.narration_id = n.id);
END $$;

CREATE FUNCTION legacy_sync.narration_to_new() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    IF TG_OP = 'TRUNCATE' THEN
      PERFORM legacy_sync.drop_narration(n.user_id, n.id) FROM instances.user_story_narrations n
      WHERE NOT legacy_sync.is_made_alone(n.created_at);
      DELETE FROM legacy_sync.quarantine q WHERE q.source_table = 'story_narrations';
    ELSIF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.user_id, OLD.id) IS DISTINCT FROM (NEW.user_id, NEW.id)) THEN
      PERFORM legacy_sync.drop_narration(OLD.user_id, OLD.id);
      PERFORM legacy_sync.release('story_narrations', OLD.id::text);
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN PERFORM legacy_sync.put_narration(NEW, legacy_sync.time_zone()); END IF;
  EXCEPTION WHEN others THEN
    IF TG_OP = 'TRUNCATE' THEN PERFORM legacy_sync.refuse_truncate('story_narrations', SQLERRM);
    ELSE PERFORM legacy_sync.refuse('story_narrations', coalesce(NEW.id, OLD.id)::text,
      coalesce(NEW.user_id, OLD.user_id), SQLSTATE, SQLERRM);
    END IF;
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- Maps one narration again: gives ours the values of the legacy row, or removes ours if the legacy row is gone.
CREATE FUNCTION legacy_sync.repair_narrations(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  l public.story_narrations;
  of_id bigint := nullif(key, 'TRUNCATE');
BEGIN
  BEGIN
    SELECT * INTO l FROM legacy_sync.find_narration(of_id::text);
    IF FOUND THEN
      PERFORM legacy_sync.put_narration(l, legacy_sync.time_zone());
    ELSIF EXISTS (SELECT FROM instances.user_story_narrations n
      WHERE n.id = of_id AND legacy_sync.is_made_alone(n.created_at)) THEN
      -- The old application has never seen the narration. The trigger writes the legacy row.
      PERFORM legacy_sync.enter('');
      UPDATE instances.user_story_narrations SET updated_at = updated_at WHERE id = of_id;
    ELSE
      PERFORM legacy_sync.drop_narration(n.user_id, n.id) FROM instances.user_story_narrations n
      WHERE n.id = of_id AND NOT EXISTS (
        SELECT FROM legacy_sync.kept k WHERE k.source_table = 'story_narrations' AND k.source_id = key);
      PERFORM legacy_sync.release('story_narrations', key);
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('story_narrations', key, l.user_id, SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
END $$;

-- role: owner
ALTER TABLE instances.user_story_narrations ALTER id SET DEFAULT legacy_sync.next_narration_id();

-- attach
CREATE TRIGGER fabula_narration_to_new AFTER INSERT OR UPDATE OR DELETE ON public.story_narrations FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.narration_to_new();
-- attach
CREATE TRIGGER fabula_narrations_truncated AFTER TRUNCATE ON public.story_narrations FOR EACH STATEMENT
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.narration_to_new();
