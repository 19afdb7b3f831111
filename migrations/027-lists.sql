-- What lists need besides indexes.
SET lock_timeout = '500ms';

-- Everything except words that the list of public stories can filter by, each value as one word that begins
-- with its kind. An index calls this function for each story that is written. PostgreSQL refuses words of more
-- than 2,046 bytes. plpgsql, because it takes 10 microseconds where SQL takes 240.
CREATE FUNCTION reference.story_facets(category text, genre text, language text, author text, tags text[])
  RETURNS tsvector
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  facets text[] := ARRAY[left('category ' || category, 300), left('language ' || language, 300)];
  tag text;
BEGIN
  IF genre IS NOT NULL THEN facets := facets || left('genre ' || genre, 300); END IF;
  IF author IS NOT NULL THEN facets := facets || left('author ' || author, 300); END IF;
  FOREACH tag IN ARRAY tags LOOP
    IF tag IS NOT NULL THEN facets := facets || left('tag ' || tag, 300); END IF;
  END LOOP;
  RETURN array_to_tsvector(facets);
END $$;

-- Returns the condition that a story has one of these values. Returns null without values.
CREATE FUNCTION reference.any_facet(kind text, of_values text[]) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT string_agg(array_to_tsvector(ARRAY[left(kind || ' ' || v, 300)])::text, ' | ')::tsquery
    FROM unnest(of_values) v $$;

-- Returns the condition that a story has all of these values. Returns null without values.
CREATE FUNCTION reference.all_facets(kind text, of_values text[]) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT string_agg(array_to_tsvector(ARRAY[left(kind || ' ' || v, 300)])::text, ' & ')::tsquery
    FROM unnest(of_values) v $$;

-- Row-level security checks a row before the conditions of a statement. So PostgreSQL uses an index only for an
-- operator that cannot leak rows, and @@ could. These policies let the functions below use their indexes. Each
-- function itself returns only rows that every viewer, or this viewer, may read.
CREATE POLICY lists ON reference.stories FOR SELECT TO fabula_owner USING (true);
CREATE POLICY lists ON reference.published_narration_segments FOR SELECT TO fabula_owner USING (true);

-- Returns the public stories with these words and facets, in no order. An empty condition admits all stories,
-- null admits none.
CREATE FUNCTION reference.find_public_stories(words tsquery, facets tsquery)
  RETURNS TABLE (id integer, published_at timestamptz, title text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100
  AS $$
  SELECT s.id, s.published_at, s.title FROM reference.stories s
  WHERE numnode(words) > 0 AND numnode(facets) = 0 AND s.visibility = 'public' AND s.search @@ words
  UNION ALL
  SELECT s.id, s.published_at, s.title FROM reference.stories s
  WHERE numnode(words) = 0 AND numnode(facets) > 0 AND s.visibility = 'public'
    AND reference.story_facets(s.category, s.genre, s.language, s.original_author_id, s.tags) @@ facets
  UNION ALL
  SELECT s.id, s.published_at, s.title FROM reference.stories s
  WHERE numnode(words) > 0 AND numnode(facets) > 0 AND s.visibility = 'public' AND s.search @@ words
    AND reference.story_facets(s.category, s.genre, s.language, s.original_author_id, s.tags) @@ facets $$;

CREATE FUNCTION reference.count_public_stories(words tsquery, facets tsquery) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT (
    (SELECT count(*) FROM reference.stories s
     WHERE numnode(words) > 0 AND numnode(facets) = 0 AND s.visibility = 'public' AND s.search @@ words)
    + (SELECT count(*) FROM reference.stories s
       WHERE numnode(words) = 0 AND numnode(facets) > 0 AND s.visibility = 'public'
         AND reference.story_facets(s.category, s.genre, s.language, s.original_author_id, s.tags) @@ facets)
    + (SELECT count(*) FROM reference.stories s
       WHERE numnode(words) > 0 AND numnode(facets) > 0 AND s.visibility = 'public' AND s.search @@ words
         AND reference.story_facets(s.category, s.genre, s.language, s.original_author_id, s.tags) @@ facets)
  )::integer $$;

-- Returns the segments of the editions that the viewer can read, up to a number for each edition, in order. The
-- policy of the segments would look for the edition of each single segment.
CREATE FUNCTION reference.edition_segments(of_narrations bigint[], after_position integer, up_to integer)
  RETURNS SETOF reference.published_narration_segments
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT g.* FROM reference.published_narrations e CROSS JOIN LATERAL (
    SELECT t.* FROM reference.published_narration_segments t
    WHERE t.user_id = e.user_id AND t.narration_id = e.narration_id AND t.position > after_position
    ORDER BY t.position LIMIT up_to) g
  WHERE e.narration_id = ANY (of_narrations) $$;

-- Returns the analysed texts that contain a template. ROWS lets PostgreSQL expect many texts, so that it
-- removes duplicates without a sort. OFFSET 0 makes it look up each analysis instead of reading all analyses.
CREATE FUNCTION reference.texts_of_template(template integer) RETURNS TABLE (content_hash text, language text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp ROWS 10000
  AS $$
  SELECT a.content_hash, a.language FROM reference.story_modulation_occurrences o CROSS JOIN LATERAL (
    SELECT b.content_hash, b.language FROM reference.story_analyses b WHERE b.id = o.analysis_id OFFSET 0) a
  WHERE o.template_id = template $$;

-- As before, drafts do not count here. The new policy of the owner no longer hides them.
CREATE OR REPLACE FUNCTION platform.take_pending_scripts(of_analysis integer)
  RETURNS TABLE (owner_id text, narration bigint)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DELETE FROM platform.pending_scripts p USING reference.stories s, reference.story_analyses a
  WHERE a.id = of_analysis AND a.status = 'ready' AND s.visibility <> 'draft'
    AND s.id = p.reference_story_id AND s.content_hash = a.content_hash AND s.language = a.language
  RETURNING p.user_id, p.narration_id $$;

-- An analysis of a book has 10,000 segments, most analyses have few. If PostgreSQL expected few, it would read and
-- sort all segments of a book for each page.
ALTER TABLE reference.story_segments ALTER COLUMN analysis_id SET (n_distinct = -0.0001);

-- story_facets stays executable for PUBLIC, because every role that writes stories calls the function.
REVOKE ALL ON FUNCTION reference.any_facet(text, text[]), reference.all_facets(text, text[]),
  reference.find_public_stories(tsquery, tsquery), reference.count_public_stories(tsquery, tsquery),
  reference.edition_segments(bigint[], integer, integer), reference.texts_of_template(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.any_facet(text, text[]), reference.all_facets(text, text[]),
  reference.find_public_stories(tsquery, tsquery), reference.count_public_stories(tsquery, tsquery),
  reference.edition_segments(bigint[], integer, integer), reference.texts_of_template(integer) TO fabula_app;
