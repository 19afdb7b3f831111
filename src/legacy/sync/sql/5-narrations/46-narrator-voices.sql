-- A story's own narrator voice becomes the author's narration of the story, if the author has no other narration of
-- the story there. The narration is derived: it has no legacy row until its owner changes it.

-- role: legacy
CREATE FUNCTION legacy_sync.has_narration(of_story integer, of_user text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM public.story_narrations n WHERE n.story_id = of_story AND n.user_id = of_user) $$;

-- Takes one id for each present story out of the sequence, with a distance from the ids that others take meanwhile.
-- The id of a derived narration then depends on its story alone, however often a backfill stops. Zero rows if there
-- is no story, or no room.
CREATE FUNCTION legacy_sync.reserve_narration_ids() RETURNS TABLE (first_id bigint, last_story integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE counter regclass := pg_get_serial_sequence('public.story_narrations', 'id');
BEGIN
  SELECT max(s.id) INTO last_story FROM public.stories s;
  IF last_story IS NULL OR last_story < 1 THEN RETURN; END IF;
  SELECT greatest(nextval(counter), max(n.id)) + 10000 INTO first_id FROM public.story_narrations n;
  IF first_id + last_story > 2000000000 THEN RETURN; END IF;
  PERFORM setval(counter, first_id + last_story);
  RETURN NEXT;
END $$;

-- role: sync
CREATE TABLE legacy_sync.derived_narrations AS SELECT * FROM legacy_sync.reserve_narration_ids();

CREATE FUNCTION legacy_sync.derived_narration_id(story_id integer) RETURNS bigint
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce((SELECT d.first_id + story_id FROM legacy_sync.derived_narrations d WHERE story_id BETWEEN 1 AND d.last_story),
    legacy_sync.next_narration_id()) $$;

-- Cuts a text into pieces of at most 1900 characters, between words where possible.
CREATE FUNCTION legacy_sync.pieces(rest text) RETURNS SETOF text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE cut integer;
BEGIN
  WHILE length(rest) > 1900 LOOP
    cut := 1900 - coalesce(nullif(position(' ' IN reverse(left(rest, 1900))), 0), 1) + 1;
    RETURN NEXT btrim(left(rest, cut));
    rest := btrim(substr(rest, cut + 1));
  END LOOP;
  IF rest <> '' THEN RETURN NEXT rest; END IF;
END $$;

-- Returns a script as the legacy table holds one: an item for each paragraph.
CREATE FUNCTION legacy_sync.items_of_text(content text) RETURNS jsonb
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('text', piece.text) ORDER BY p.place, piece.place), '[]')
  FROM regexp_split_to_table(content, '\n\s*\n') WITH ORDINALITY p (text, place),
    LATERAL legacy_sync.pieces(btrim(p.text, E' \t\n')) WITH ORDINALITY piece (text, place) $$;

-- True while nobody has used the narration.
CREATE FUNCTION legacy_sync.is_untouched(n instances.user_story_narrations) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT n.version = 1 AND n.status = 'draft' AND n.visibility = 'private' AND n.edition = 0 AND n.audio IS NULL $$;

CREATE FUNCTION legacy_sync.derive_narration(l public.stories) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  items jsonb := coalesce((SELECT legacy_sync.items_of_text(t.content) FROM reference.stories s
    JOIN reference.story_texts t ON t.content_hash = s.content_hash WHERE s.id = l.id), '[]');
  known bigint := (SELECT i.target_id FROM legacy_sync.id_map i
    WHERE (i.source_table, i.source_id, i.target_table) = ('stories', l.id::text, 'instances.user_story_narrations'));
  of_id bigint := coalesce(known, legacy_sync.derived_narration_id(l.id));
BEGIN
  INSERT INTO instances.user_story_narrations AS n (user_id, id, reference_story_id, narrator_voice, narrator_voice_name,
    narrator_voice_type, segment_count, created_at, updated_at)
  SELECT l.author_id, of_id, l.id, v.voice, v.name, v.type, jsonb_array_length(items), s.created_at, s.updated_at
  FROM reference.stories s, legacy_sync.voice_of(l.author_id, l.narrator_voice, l.narrator_voice_type) v WHERE s.id = l.id
  ON CONFLICT (user_id, id) DO UPDATE SET narrator_voice = EXCLUDED.narrator_voice,
    narrator_voice_name = EXCLUDED.narrator_voice_name, narrator_voice_type = EXCLUDED.narrator_voice_type,
    segment_count = EXCLUDED.segment_count
  WHERE (n.narrator_voice, n.narrator_voice_type, n.segment_count)
    IS DISTINCT FROM (EXCLUDED.narrator_voice, EXCLUDED.narrator_voice_type, EXCLUDED.segment_count);
  PERFORM legacy_sync.put_segments(l.author_id, of_id, items);
  INSERT INTO legacy_sync.id_map VALUES ('stories', l.id::text, 'instances.user_story_narrations', of_id::text, 'derived')
  ON CONFLICT DO NOTHING;
END $$;

-- Makes, changes or removes the derived narration of a story. A narration that somebody has used stays as it is. A
-- narration that its owner deleted does not come back.
CREATE FUNCTION legacy_sync.put_narrator(l public.stories) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  known text := (SELECT i.target_id FROM legacy_sync.id_map i
    WHERE (i.source_table, i.source_id, i.target_table) = ('stories', l.id::text, 'instances.user_story_narrations'));
  is_wanted boolean := legacy_sync.filled(l.narrator_voice) IS NOT NULL AND l.author_id IS NOT NULL
    AND NOT legacy_sync.has_narration(l.id, l.author_id)
    AND EXISTS (SELECT FROM reference.stories s WHERE s.id = l.id);
  n instances.user_story_narrations;
BEGIN
  IF known IS NOT NULL THEN
    SELECT * INTO n FROM instances.user_story_narrations t WHERE t.reference_story_id = l.id AND t.id = known::bigint;
    IF NOT FOUND OR NOT legacy_sync.is_untouched(n) THEN RETURN; END IF;
    IF NOT is_wanted OR n.user_id <> l.author_id THEN
      DELETE FROM instances.user_story_narrations t WHERE t.user_id = n.user_id AND t.id = n.id;
      DELETE FROM legacy_sync.id_map i
      WHERE (i.source_table, i.source_id, i.target_table) = ('stories', l.id::text, 'instances.user_story_narrations');
    END IF;
  END IF;
  IF is_wanted THEN PERFORM legacy_sync.derive_narration(l); END IF;
END $$;

-- A narration of the author's own takes the place of the derived narration.
CREATE FUNCTION legacy_sync.narrator_to_new() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  stories integer[] := ARRAY[NEW.story_id, OLD.story_id];
BEGIN
  BEGIN
    PERFORM legacy_sync.put_narrator(l)
    FROM unnest(stories) key, LATERAL legacy_sync.find_story(key::text) l
    WHERE (TG_OP <> 'INSERT' AND l.author_id = OLD.user_id) OR EXISTS (
      SELECT FROM legacy_sync.id_map i WHERE i.source_table = 'stories' AND i.source_id = key::text);
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('stories', coalesce(NEW.story_id, OLD.story_id)::text, coalesce(NEW.user_id, OLD.user_id),
      SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- attach
CREATE TRIGGER fabula_narrator_to_new AFTER INSERT OR UPDATE OF user_id, story_id OR DELETE ON public.story_narrations
  FOR EACH ROW WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth())
  EXECUTE FUNCTION legacy_sync.narrator_to_new();
