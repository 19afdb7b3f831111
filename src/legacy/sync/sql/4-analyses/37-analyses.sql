-- Analyses, from the legacy table to ours. An analysis belongs to the present text of its story. All analyses of one
-- text, language and type become one analysis: the one that counts gives it its id and what it shows, and
-- legacy_data keeps every legacy row as it is. What the story itself holds of an earlier extraction counts less
-- than an analysis of the present text.

-- role: legacy
CREATE FUNCTION legacy_sync.next_analysis_id() RETURNS integer
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.story_analyses', 'id'))::integer $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_analysis_id() TO fabula_app, fabula_worker;

-- As reserve_narration_ids: the id of an analysis that comes from a story alone depends on the story alone.
CREATE FUNCTION legacy_sync.reserve_analysis_ids() RETURNS TABLE (first_id bigint, last_story integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE counter regclass := pg_get_serial_sequence('public.story_analyses', 'id');
BEGIN
  SELECT max(s.id) INTO last_story FROM public.stories s;
  IF last_story IS NULL OR last_story < 1 THEN RETURN; END IF;
  SELECT greatest(nextval(counter), max(a.id)) + 10000 INTO first_id FROM public.story_analyses a;
  IF first_id + last_story > 2000000000 THEN RETURN; END IF;
  PERFORM setval(counter, first_id + last_story);
  RETURN NEXT;
END $$;

-- A type is a word. What else stands there is cut, so that our index can hold it.
CREATE FUNCTION legacy_sync.analysis_type(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT lower(left(btrim(value), 200)) $$;

-- Returns the analyses of these stories, first the one that counts. The hash of an analysis is that of the text as it
-- was written, or as our side stores it.
CREATE FUNCTION legacy_sync.analyses_of(stories integer[], of_type text, stored_hash text)
  RETURNS TABLE (a public.story_analyses, is_current boolean)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT a, h.is_current
  FROM public.story_analyses a JOIN public.stories s ON s.id = a.story_id
    CROSS JOIN LATERAL (SELECT a.content_hash IS NULL
      OR lower(a.content_hash) IN (stored_hash, encode(sha256(convert_to(s.content, 'UTF8')), 'hex')) IS TRUE AS is_current) h
  WHERE a.story_id = ANY (stories) AND legacy_sync.analysis_type(a.analysis_type) = of_type
  ORDER BY h.is_current DESC, coalesce(a.updated_at, a.created_at, '-infinity') DESC, a.id DESC $$;

CREATE FUNCTION legacy_sync.analysis_ids_of(story integer) RETURNS integer[]
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT ARRAY(SELECT a.id FROM public.story_analyses a WHERE a.story_id = story ORDER BY a.id) $$;

CREATE FUNCTION legacy_sync.analysis_types_of(stories integer[]) RETURNS SETOF text
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT DISTINCT legacy_sync.analysis_type(a.analysis_type) FROM public.story_analyses a WHERE a.story_id = ANY (stories) $$;

CREATE FUNCTION legacy_sync.has_extraction(s public.stories) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce(s.extracted_characters NOT IN ('[]', '{}', 'null', '""'), false)
    OR coalesce(s.extracted_emotions NOT IN ('[]', '{}', 'null', '""'), false) $$;

-- Returns what the stories hold of an earlier extraction.
CREATE FUNCTION legacy_sync.extracted_of(stories integer[]) RETURNS TABLE (story_id integer, characters jsonb, emotions jsonb)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT s.id, s.extracted_characters, s.extracted_emotions FROM public.stories s
  WHERE s.id = ANY (stories) AND legacy_sync.has_extraction(s) ORDER BY s.id $$;

-- role: owner
ALTER TABLE reference.story_analyses ALTER id SET DEFAULT legacy_sync.next_analysis_id();

-- role: sync
CREATE TABLE legacy_sync.derived_analyses AS SELECT * FROM legacy_sync.reserve_analysis_ids();

CREATE FUNCTION legacy_sync.derived_analysis_id(story_id integer) RETURNS integer
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce((SELECT (d.first_id + story_id)::integer FROM legacy_sync.derived_analyses d WHERE story_id BETWEEN 1 AND d.last_story),
    legacy_sync.next_analysis_id()) $$;

-- An analysis is sometimes a JSON string that holds JSON.
CREATE FUNCTION legacy_sync.unquoted(data jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT CASE jsonb_typeof(data) WHEN 'string' THEN legacy_sync.try_jsonb(data #>> '{}') ELSE data END $$;

-- Returns null for a value that is no text.
CREATE FUNCTION legacy_sync.text_in(value jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT CASE WHEN jsonb_typeof(value) = 'string' THEN legacy_sync.filled(value #>> '{}') END $$;

CREATE FUNCTION legacy_sync.character_role(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE WHEN r.role LIKE 'narrat%' THEN 'narrator'
    WHEN r.role ~ '^(protagonist|lead|main|hero|heroine|title)' THEN 'protagonist'
    WHEN r.role ~ '^(major|antagonist|villain|support|secondary|deuter)' THEN 'major' ELSE 'minor' END
  FROM (SELECT lower(legacy_sync.filled(value)) AS role) r $$;

CREATE FUNCTION legacy_sync.character_gender(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE WHEN g.gender IN ('female', 'f', 'woman', 'girl') THEN 'female' WHEN g.gender IN ('male', 'm', 'man', 'boy') THEN 'male'
    WHEN g.gender IN ('neutral', 'non-binary', 'nonbinary', 'neuter') THEN 'neutral' ELSE 'unknown' END
  FROM (SELECT lower(legacy_sync.filled(value)) AS gender) g $$;

CREATE FUNCTION legacy_sync.character_age(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE WHEN g.age IN ('child', 'adult', 'elder') THEN g.age WHEN g.age IN ('young', 'young adult', 'teen', 'teenager') THEN 'young'
    WHEN g.age IN ('old', 'elderly', 'senior') THEN 'elder' ELSE 'unknown' END
  FROM (SELECT lower(legacy_sync.filled(value)) AS age) g $$;

-- Returns the characters in the form of our analyses. An item without a name is left out.
CREATE FUNCTION legacy_sync.characters_of(list jsonb) RETURNS jsonb
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', 'legacy-' || i.place, 'canonicalName', i.name, 'aliases', '[]'::jsonb,
    'role', legacy_sync.character_role(i.item ->> 'role'), 'gender', legacy_sync.character_gender(i.item ->> 'gender'),
    'ageGroup', legacy_sync.character_age(coalesce(i.item ->> 'ageGroup', i.item ->> 'age')),
    'description', regexp_replace(concat_ws(' ', legacy_sync.filled(i.item ->> 'description'),
      legacy_sync.filled(i.item ->> 'personality'), i.traits), '\s+', ' ', 'g'),
    'mentionCount', 0, 'quoteCount', 0) ORDER BY i.place), '[]')
  FROM (SELECT e.place, e.item, legacy_sync.filled(CASE jsonb_typeof(e.item) WHEN 'string' THEN e.item #>> '{}'
      ELSE e.item ->> 'name' END) AS name,
      (SELECT string_agg(t, ', ') FROM jsonb_array_elements_text(CASE jsonb_typeof(e.item -> 'traits') WHEN 'array'
        THEN e.item -> 'traits' ELSE '[]' END) t) AS traits
    FROM jsonb_array_elements(CASE jsonb_typeof(list) WHEN 'array' THEN list ELSE '[]' END) WITH ORDINALITY e (item, place)) i
  WHERE i.name IS NOT NULL $$;

-- Returns what one legacy analysis says, in the form of our analyses.
CREATE FUNCTION legacy_sync.map_analysis(l public.story_analyses, zone text)
  RETURNS TABLE (id integer, analysis_type text, summary text, mood jsonb, characters jsonb, created_at timestamptz,
    completed_at timestamptz)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT l.id, legacy_sync.analysis_type(l.analysis_type), legacy_sync.text_in(d.data -> 'summary'),
    (SELECT jsonb_build_object('label', lower(m.mood), 'valence', 0, 'arousal', 0)
      FROM legacy_sync.text_in(d.data -> 'moodCategory') m (mood) WHERE m.mood IS NOT NULL),
    legacy_sync.characters_of(CASE jsonb_typeof(d.data) WHEN 'array' THEN d.data ELSE d.data -> 'characters' END),
    legacy_sync.moment(coalesce(l.created_at, l.updated_at, 'epoch'), zone),
    legacy_sync.moment(coalesce(l.updated_at, l.created_at, 'epoch'), zone)
  FROM (SELECT legacy_sync.unquoted(l.analysis_data) AS data) d $$;

-- Returns our analysis of a text in a language, made of the legacy rows of its stories. Zero rows if there are none.
CREATE FUNCTION legacy_sync.map_analyses(of_hash text, of_language text, of_type text, zone text)
  RETURNS TABLE (id integer, summary text, mood jsonb, characters jsonb, degraded jsonb, legacy_data jsonb,
    created_at timestamptz, completed_at timestamptz, doubles integer[], extracts integer[])
  LANGUAGE plpgsql VOLATILE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  stories integer[] := ARRAY(SELECT s.id FROM reference.stories s
    WHERE s.content_hash = of_hash AND s.language = of_language ORDER BY s.id);
  found public.story_analyses[];
  is_current boolean;
  extract record;
  extracted jsonb;
BEGIN
  SELECT array_agg(f.a), (array_agg(f.is_current))[1] INTO found, is_current
  FROM legacy_sync.analyses_of(stories, of_type, of_hash) f;
  SELECT jsonb_agg(to_jsonb(e)), array_agg(e.story_id) INTO extracted, extracts
  FROM legacy_sync.extracted_of(stories) e WHERE of_type = 'narrative';
  IF found IS NULL AND extracted IS NULL THEN RETURN; END IF;
  SELECT m.id, m.summary, m.mood, m.characters, m.created_at, m.completed_at
  INTO id, summary, mood, characters, created_at, completed_at FROM legacy_sync.map_analysis(found[1], zone) m;
  IF found IS NULL THEN
    id := NULL;
    SELECT s.created_at, s.updated_at INTO created_at, completed_at FROM reference.stories s WHERE s.id = extracts[1];
  END IF;
  IF extracted IS NOT NULL AND (is_current IS NOT TRUE OR characters = '[]') THEN
    characters := legacy_sync.characters_of(legacy_sync.unquoted(extracted -> 0 -> 'characters'));
  END IF;
  degraded := CASE WHEN is_current IS NOT TRUE THEN '[{"reason": "earlier_text"}]' ELSE '[]' END;
  legacy_data := coalesce(to_jsonb(found[1]), '{}')
    || CASE WHEN extracted IS NULL THEN '{}' ELSE jsonb_build_object('extracted', extracted) END
    || jsonb_build_object('merged', coalesce((SELECT jsonb_agg(to_jsonb(f) ORDER BY f.id) FROM unnest(found[2:]) f), '[]'));
  doubles := ARRAY(SELECT f.id FROM unnest(found) f);
  RETURN NEXT;
END $$;

-- Gives an analysis the id of the legacy row that counts. An analysis in use keeps its id.
CREATE FUNCTION legacy_sync.rename_analysis(present integer, wanted integer) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF present = wanted THEN RETURN present; END IF;
  DELETE FROM reference.story_analyses t WHERE t.id = wanted AND t.analyzer_id = 'legacy' AND t.schema_version = 0;
  UPDATE reference.story_analyses t SET id = wanted WHERE t.id = present;
  RETURN wanted;
EXCEPTION WHEN foreign_key_violation OR unique_violation THEN RETURN present;
END $$;

-- Records where the rows are that gave our analysis no id, and takes the rows out of quarantine.
CREATE FUNCTION legacy_sync.record_merge(of_row integer, doubles integer[], extracts integer[]) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  DELETE FROM legacy_sync.quarantine q WHERE q.source_table = 'story_analyses' AND q.source_id = ANY (doubles::text[]);
  DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'story_analyses' AND i.source_id = of_row::text;
  INSERT INTO legacy_sync.id_map AS i (source_table, source_id, target_table, target_id, kind)
  SELECT 'story_analyses', d::text, 'reference.story_analyses', of_row::text, 'merged' FROM unnest(doubles) d WHERE d <> of_row
  UNION ALL
  SELECT 'stories', e::text, 'reference.story_analyses', of_row::text, 'derived' FROM unnest(extracts) e
  ON CONFLICT (source_table, source_id, target_table) DO UPDATE SET target_id = EXCLUDED.target_id
  WHERE i.target_id <> EXCLUDED.target_id $$;

-- Waits for other transactions that write analyses of these texts, because each must see the rows of the others. The
-- stories keep their texts meanwhile. The order of the locks is the same in all transactions, so that none waits for
-- one that waits for it.
CREATE FUNCTION legacy_sync.lock_texts(stories integer[], of_hash text, of_language text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM FROM reference.stories s WHERE s.id = ANY (stories) ORDER BY s.id FOR SHARE;
  PERFORM pg_advisory_xact_lock(7301971, t.key) FROM (
    SELECT hashtext(s.content_hash || ' ' || s.language) AS key FROM reference.stories s
    WHERE s.id = ANY (stories) AND s.content_hash IS NOT NULL
    UNION SELECT hashtext(of_hash || ' ' || of_language) WHERE of_hash IS NOT NULL
    ORDER BY 1) t;
END $$;

-- Writes the analysis of a text from the legacy rows that mean it, or removes it with the last of them. Returns true
-- if a row changed. Call lock_texts before.
CREATE FUNCTION legacy_sync.merge_analyses(of_hash text, of_language text, of_type text, zone text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  m record;
  present integer;
BEGIN
  SELECT a.id INTO present FROM reference.story_analyses a
  WHERE a.content_hash = of_hash AND a.language = of_language AND a.analysis_type = of_type
    AND a.analyzer_id = 'legacy' AND a.schema_version = 0;
  SELECT * INTO m FROM legacy_sync.map_analyses(of_hash, of_language, of_type, zone);
  IF NOT FOUND THEN
    BEGIN
      DELETE FROM reference.story_analyses a WHERE a.id = present;
    EXCEPTION WHEN foreign_key_violation THEN NULL;
    END;
    RETURN present IS NOT NULL;
  END IF;
  m.id := coalesce(m.id, (SELECT i.target_id::integer FROM legacy_sync.id_map i
    WHERE (i.source_table, i.source_id, i.target_table) = ('stories', m.extracts[1]::text, 'reference.story_analyses')
      AND i.target_id::integer = present), legacy_sync.derived_analysis_id(m.extracts[1]));
  IF present IS NOT NULL THEN m.id := legacy_sync.rename_analysis(present, m.id); END IF;
  PERFORM legacy_sync.record_merge(m.id, m.doubles, m.extracts);
  INSERT INTO reference.story_analyses AS t (id, content_hash, language, analysis_type, analyzer_id, analyzer_version,
    schema_version, status, rank, summary, mood, characters, degraded, legacy_data, created_at, completed_at)
  VALUES (m.id, of_hash, of_language, of_type, 'legacy', '0', 0, 'ready', 0, m.summary, m.mood, m.characters, m.degraded,
    m.legacy_data, m.created_at, m.completed_at)
  ON CONFLICT (id) DO UPDATE SET content_hash = EXCLUDED.content_hash, language = EXCLUDED.language,
    analysis_type = EXCLUDED.analysis_type, summary = EXCLUDED.summary, mood = EXCLUDED.mood, characters = EXCLUDED.characters,
    degraded = EXCLUDED.degraded, legacy_data = EXCLUDED.legacy_data, created_at = EXCLUDED.created_at,
    completed_at = EXCLUDED.completed_at
  WHERE (t.content_hash, t.language, t.analysis_type, t.summary, t.mood, t.characters, t.degraded, t.legacy_data,
      t.created_at, t.completed_at) IS DISTINCT FROM
    (EXCLUDED.content_hash, EXCLUDED.language, EXCLUDED.analysis_type, EXCLUDED.summary, EXCLUDED.mood, EXCLUDED.characters, EXCLUDED.degraded, EXCLUDED.legacy_data, EXCLUDED.created_at,
      EXCLUDED.completed_at);
  RETURN FOUND OR present <> m.id;
END $$;
