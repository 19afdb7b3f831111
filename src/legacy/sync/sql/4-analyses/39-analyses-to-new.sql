-- Analyses, from the legacy table to ours: what happens to the analyses of a story.

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

-- All analyses of the story are written, because one of them gives all of them their values.
CREATE FUNCTION legacy_sync.put_analysis(l public.story_analyses, zone text) RETURNS integer
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT legacy_sync.place_analyses(l.story_id) $$;

-- The row stays while other legacy rows mean it.
CREATE FUNCTION legacy_sync.drop_analysis(key bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE a reference.story_analyses;
BEGIN
  SELECT o.* INTO a FROM reference.story_analyses o WHERE o.analyzer_id = 'legacy' AND o.id = coalesce(
    (SELECT i.target_id::integer FROM legacy_sync.id_map i
      WHERE i.source_table = 'story_analyses' AND i.source_id = key::text), key);
  DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'story_analyses' AND i.source_id = key::text;
  IF a.id IS NOT NULL THEN PERFORM legacy_sync.merge_text(a.content_hash, a.language); END IF;
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

-- frame: one-way
-- row: analysis
-- rows: analyses
-- table: story_analyses
-- moved: (OLD.id, OLD.story_id) IS DISTINCT FROM (NEW.id, NEW.story_id)
-- truncated: PERFORM legacy_sync.drop_all_analyses();
-- user: generated_by
-- lock: KEY SHARE
-- before: PERFORM legacy_sync.lock_texts(ARRAY[OLD.story_id, NEW.story_id], NULL, NULL);
