-- Analyses, from the legacy table to ours: the trigger, the backfill, and the repair of one row.

-- role: sync
-- Writes all analyses of a text. Returns how many rows changed.
CREATE FUNCTION legacy_sync.merge_text(of_hash text, of_language text) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  of_type text;
  zone text := legacy_sync.time_zone();
  changed integer := 0;
BEGIN
  PERFORM legacy_sync.lock_texts('{}', of_hash, of_language);
  FOR of_type IN SELECT 'narrative'
    UNION SELECT a.analysis_type FROM reference.story_analyses a
      WHERE a.content_hash = of_hash AND a.language = of_language AND a.schema_version = 0
    UNION SELECT t FROM legacy_sync.analysis_types_of(ARRAY(SELECT s.id FROM reference.stories s
      WHERE s.content_hash = of_hash AND s.language = of_language)) t
    ORDER BY 1
  LOOP
    IF legacy_sync.merge_analyses(of_hash, of_language, of_type, zone) THEN changed := changed + 1; END IF;
  END LOOP;
  RETURN changed;
END $$;

-- Writes the analyses of a story at its present text. Without a text they go into quarantine. Returns how many rows
-- changed.
CREATE FUNCTION legacy_sync.place_analyses(story integer) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE s reference.stories;
BEGIN
  SELECT * INTO s FROM reference.stories t WHERE t.id = story;
  IF s.content_hash IS NOT NULL THEN RETURN legacy_sync.merge_text(s.content_hash, s.language); END IF;
  PERFORM legacy_sync.refuse('story_analyses', id::text, NULL, CASE WHEN s.id IS NULL THEN 'no_story' ELSE 'no_text' END,
    format('The story %s has no text in the new model.', story))
  FROM unnest(legacy_sync.analysis_ids_of(story)) id;
  RETURN 0;
END $$;

-- Follows a story to another text.
CREATE FUNCTION legacy_sync.move_analyses(story integer, from_hash text, from_language text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM legacy_sync.lock_texts(ARRAY[story], from_hash, from_language);
  PERFORM legacy_sync.place_analyses(story);
  IF from_hash IS NOT NULL THEN PERFORM legacy_sync.merge_text(from_hash, from_language); END IF;
END $$;

-- Removes an analysis that is gone from the legacy table. Its row stays while other legacy rows mean it.
CREATE FUNCTION legacy_sync.drop_analysis(of_id integer, story integer) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'story_analyses' AND i.source_id = of_id::text;
  PERFORM legacy_sync.release('story_analyses', of_id::text);
  PERFORM legacy_sync.place_analyses(story);
  BEGIN
    -- The row is still here, if our side gave the story another text since.
    DELETE FROM reference.story_analyses a WHERE a.id = of_id AND a.analyzer_id = 'legacy' AND a.legacy_data ->> 'id' = of_id::text;
  EXCEPTION WHEN foreign_key_violation THEN NULL;
  END;
END $$;

-- Removes all legacy analyses, as TRUNCATE does. What stories hold of an extraction is left, unless the stories go too.
CREATE FUNCTION legacy_sync.drop_all_analyses() RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE extracts text[] := ARRAY(SELECT DISTINCT a.content_hash || ' ' || a.language FROM reference.story_analyses a
  WHERE a.analyzer_id = 'legacy' AND a.legacy_data ? 'extracted');
BEGIN
  DELETE FROM legacy_sync.id_map i WHERE i.target_table = 'reference.story_analyses';
  DELETE FROM legacy_sync.quarantine q WHERE q.source_table = 'story_analyses';
  DELETE FROM reference.story_analyses a WHERE a.analyzer_id = 'legacy' AND a.schema_version = 0;
  PERFORM legacy_sync.merge_text(split_part(e, ' ', 1), split_part(e, ' ', 2)) FROM unnest(extracts) e;
END $$;

-- lock_timeout: without this trigger, nobody would wait. What waits too long goes into quarantine.
CREATE FUNCTION legacy_sync.analysis_to_new() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET lock_timeout = '200ms'
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    PERFORM legacy_sync.lock_texts(ARRAY[OLD.story_id, NEW.story_id], NULL, NULL);
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.id, OLD.story_id) <> (NEW.id, NEW.story_id)) THEN
      PERFORM legacy_sync.drop_analysis(OLD.id, OLD.story_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM legacy_sync.place_analyses(NEW.story_id); END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('story_analyses', coalesce(NEW.id, OLD.id)::text, coalesce(NEW.generated_by, OLD.generated_by),
      SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- TRUNCATE deletes every row.
CREATE FUNCTION legacy_sync.analyses_truncated() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    PERFORM legacy_sync.drop_all_analyses();
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('story_analyses', 'TRUNCATE', NULL, SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

CREATE FUNCTION legacy_sync.backfill_analyses(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  page public.story_analyses[] := ARRAY(SELECT l FROM legacy_sync.read_analyses(after, size) l);
  story integer;
BEGIN
  SELECT (page[cardinality(page)]).id::text, cardinality(page), 0 INTO last_key, taken, written;
  FOR story IN SELECT DISTINCT l.story_id FROM unnest(page) l ORDER BY 1 LOOP
    BEGIN
      written := written + legacy_sync.place_analyses(story);
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
      PERFORM legacy_sync.refuse('story_analyses', l.id::text, l.generated_by, SQLSTATE, SQLERRM)
      FROM unnest(page) l WHERE l.story_id = story;
    END;
  END LOOP;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;

-- Maps the analyses of a story again, or removes one analysis if its legacy row is gone.
CREATE FUNCTION legacy_sync.repair_analyses(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  l public.story_analyses;
BEGIN
  BEGIN
    SELECT * INTO l FROM legacy_sync.read_analyses((key::bigint - 1)::text, 1) r WHERE r.id::text = key;
    IF FOUND THEN
      PERFORM legacy_sync.place_analyses(l.story_id);
    ELSE
      PERFORM legacy_sync.drop_analysis(key::integer, s.id)
      FROM reference.story_analyses a LEFT JOIN reference.stories s ON s.content_hash = a.content_hash AND s.language = a.language
      WHERE a.id = key::integer AND a.analyzer_id = 'legacy' LIMIT 1;
      PERFORM legacy_sync.release('story_analyses', key);
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('story_analyses', key, l.generated_by, SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
END $$;

-- attach
CREATE TRIGGER fabula_analysis_to_new AFTER INSERT OR UPDATE OR DELETE ON public.story_analyses FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new') EXECUTE FUNCTION legacy_sync.analysis_to_new();
-- attach
CREATE TRIGGER fabula_analyses_truncated AFTER TRUNCATE ON public.story_analyses FOR EACH STATEMENT
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new') EXECUTE FUNCTION legacy_sync.analyses_truncated();
