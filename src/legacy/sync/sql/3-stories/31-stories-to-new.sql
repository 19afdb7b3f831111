-- Stories, from the legacy table to ours: the trigger, the backfill, and the repair of one row.
-- enable_seqscan = off: a session keeps the plans that it made while our tables were small.

-- role: sync
-- True if the story has a narration by someone else than its author, or an edition.
CREATE FUNCTION legacy_sync.is_narrated(story_id integer, author text) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT EXISTS (SELECT FROM instances.user_story_narrations n
      WHERE n.reference_story_id = story_id AND n.user_id IS DISTINCT FROM author)
    OR EXISTS (SELECT FROM reference.published_narrations p WHERE p.reference_story_id = story_id) $$;

-- Returns what a reader can see of a story.
CREATE FUNCTION legacy_sync.visible_part(s reference.stories) RETURNS jsonb
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT to_jsonb(s) - '{slug,source,version,row_version,search,created_at,updated_at}'::text[] $$;

-- Inserts the story, or gives an existing story the values of the legacy row. A public story that others narrate
-- becomes archived instead of a draft, and keeps its text, because its narrations need both. A change that a
-- reader can see makes a new version.
CREATE FUNCTION legacy_sync.put_story(l public.stories, zone text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  m record;
  present reference.stories;
BEGIN
  SELECT * INTO m FROM legacy_sync.map_story(l, zone);
  SELECT * INTO present FROM reference.stories s WHERE s.id = l.id;
  IF NOT EXISTS (SELECT FROM platform.users u WHERE u.id = l.author_id) THEN
    PERFORM legacy_sync.put_user(u, zone) FROM legacy_sync.find_user(l.author_id) u;
  END IF;
  IF m.visibility = 'draft' AND present.visibility <> 'draft'
      AND legacy_sync.is_narrated(l.id, present.original_author_id) THEN
    m.visibility := 'archived';
    m.published_at := present.published_at;
    m.content_hash := coalesce(m.content_hash, present.content_hash);
  END IF;
  IF m.content IS NOT NULL AND m.content_hash IS DISTINCT FROM present.content_hash THEN
    PERFORM legacy_sync.put_text(m.content_hash, m.content);
  END IF;
  -- Compared in the legacy zone, where an hour of the autumn comes twice.
  IF m.published_at AT TIME ZONE zone = present.published_at AT TIME ZONE zone THEN m.published_at := present.published_at; END IF;
  IF m.created_at AT TIME ZONE zone = present.created_at AT TIME ZONE zone THEN m.created_at := present.created_at; END IF;
  -- Without a date of its own, the story keeps the one that it got at first.
  IF l.created_at IS NULL AND present.created_at < m.created_at THEN m.created_at := present.created_at; END IF;
  IF m.updated_at AT TIME ZONE zone = present.updated_at AT TIME ZONE zone THEN m.updated_at := present.updated_at; END IF;
  IF m.language = legacy_sync.short_tag(present.language) THEN m.language := present.language; END IF;
  INSERT INTO reference.stories AS t (id, slug, title, summary, content_hash, original_author_id, visibility, category,
    genre, sub_genre, tags, emotional_tags, mood, age_rating, is_adult, language, cover_image_url, license,
    copyright_notice, source, published_at, created_at, updated_at)
  SELECT m.id, legacy_sync.slug_of(m.title, m.id, g.salt), m.title, m.summary, m.content_hash, m.original_author_id,
    m.visibility, m.category, m.genre, m.sub_genre, m.tags, m.emotional_tags, m.mood, m.age_rating, m.is_adult, m.language,
    m.cover_image_url, m.license, m.copyright_notice, m.source, m.published_at, m.created_at, m.updated_at
  FROM legacy_sync.settings g
  ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title, summary = EXCLUDED.summary,
    content_hash = EXCLUDED.content_hash, original_author_id = EXCLUDED.original_author_id,
    visibility = EXCLUDED.visibility, category = EXCLUDED.category, genre = EXCLUDED.genre,
    sub_genre = EXCLUDED.sub_genre, tags = EXCLUDED.tags, emotional_tags = EXCLUDED.emotional_tags,
    mood = EXCLUDED.mood, age_rating = EXCLUDED.age_rating, is_adult = EXCLUDED.is_adult,
    language = EXCLUDED.language, cover_image_url = EXCLUDED.cover_image_url, license = EXCLUDED.license,
    copyright_notice = EXCLUDED.copyright_notice, source = t.source || EXCLUDED.source,
    published_at = EXCLUDED.published_at, created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at,
    version = t.version + CASE WHEN legacy_sync.visible_part(t) IS DISTINCT FROM legacy_sync.visible_part(EXCLUDED)
      THEN 1 ELSE 0 END
  WHERE legacy_sync.visible_part(t) IS DISTINCT FROM legacy_sync.visible_part(EXCLUDED)
    OR (t.source -> 'legacy', t.created_at, t.updated_at)
      IS DISTINCT FROM (EXCLUDED.source -> 'legacy', EXCLUDED.created_at, EXCLUDED.updated_at);
  PERFORM legacy_sync.take_sounds(m.original_author_id, ARRAY[l.voice_sample_url, l.original_audio_url]);
  PERFORM legacy_sync.release('stories', l.id::text);
  DELETE FROM legacy_sync.kept k WHERE k.source_table = 'stories' AND k.source_id = l.id::text;
END $$;

-- Removes stories that are gone from the legacy table. A story that others narrate, or that has an edition, is
-- archived instead.
CREATE FUNCTION legacy_sync.drop_stories(gone integer[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  t record;
  texts text[] := ARRAY(SELECT DISTINCT a.content_hash || ' ' || a.language FROM reference.stories s
    JOIN reference.story_analyses a ON a.content_hash = s.content_hash AND a.language = s.language AND a.analyzer_id = 'legacy'
    WHERE s.id = ANY (gone));
BEGIN
  PERFORM legacy_sync.keep('stories', s.id::text,
    'The old application deleted the story. It stays here as archived, because others narrate it.')
  FROM reference.stories s WHERE s.id = ANY (gone) AND legacy_sync.is_narrated(s.id, s.original_author_id);
  UPDATE reference.stories s SET visibility = 'archived', published_at = coalesce(s.published_at, s.created_at),
    version = s.version + 1
  WHERE s.id = ANY (gone) AND s.visibility <> 'archived' AND s.content_hash IS NOT NULL
    AND legacy_sync.is_narrated(s.id, s.original_author_id);
  gone := ARRAY(SELECT s.id FROM reference.stories s
    WHERE s.id = ANY (gone) AND NOT legacy_sync.is_narrated(s.id, s.original_author_id));
  DELETE FROM platform.pending_scripts p WHERE p.reference_story_id = ANY (gone);
  DELETE FROM instances.listening_positions p WHERE p.reference_story_id = ANY (gone);
  DELETE FROM instances.user_story_narrations n WHERE n.reference_story_id = ANY (gone);
  DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'stories' AND i.source_id = ANY (gone::text[]);
  DELETE FROM legacy_sync.choices c WHERE c.target_table = 'stories' AND c.target_id = ANY (gone::text[]);
  DELETE FROM reference.stories s WHERE s.id = ANY (gone);
  FOR t IN SELECT split_part(u.text, ' ', 1) AS hash, split_part(u.text, ' ', 2) AS language FROM unnest(texts) u (text) LOOP
    PERFORM legacy_sync.merge_text(t.hash, t.language);
  END LOOP;
END $$;

CREATE FUNCTION legacy_sync.drop_story(key integer) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT legacy_sync.drop_stories(ARRAY[key]) $$;

CREATE FUNCTION legacy_sync.story_to_new() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  before reference.stories;
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    IF TG_OP <> 'INSERT' THEN SELECT * INTO before FROM reference.stories s WHERE s.id = OLD.id; END IF;
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.id <> NEW.id) THEN
      PERFORM legacy_sync.drop_story(OLD.id);
      PERFORM legacy_sync.release('stories', OLD.id::text);
    END IF;
    IF TG_OP <> 'DELETE' THEN
      PERFORM legacy_sync.put_story(NEW, legacy_sync.time_zone());
      IF TG_OP = 'INSERT' OR (OLD.id, OLD.content, OLD.author_id, OLD.narrator_voice, OLD.narrator_voice_type)
        IS DISTINCT FROM (NEW.id, NEW.content, NEW.author_id, NEW.narrator_voice, NEW.narrator_voice_type)
      THEN PERFORM legacy_sync.put_narrator(NEW); END IF;
      IF (TG_OP = 'INSERT' AND legacy_sync.has_extraction(NEW)) OR (TG_OP = 'UPDATE'
        AND (OLD.id, OLD.content, OLD.language, OLD.extracted_characters, OLD.extracted_emotions)
          IS DISTINCT FROM (NEW.id, NEW.content, NEW.language, NEW.extracted_characters, NEW.extracted_emotions))
      THEN PERFORM legacy_sync.move_analyses(NEW.id, before.content_hash, before.language); END IF;
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('stories', coalesce(NEW.id, OLD.id)::text, coalesce(NEW.author_id, OLD.author_id), SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- TRUNCATE deletes every row that the old application had.
CREATE FUNCTION legacy_sync.stories_truncated() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy');
BEGIN
  PERFORM nextval('legacy_sync.legacy_writes');
  BEGIN
    PERFORM legacy_sync.drop_all_analyses();
    PERFORM legacy_sync.drop_stories(ARRAY(
      SELECT s.id FROM reference.stories s WHERE NOT legacy_sync.is_made_alone(s.created_at)));
    DELETE FROM legacy_sync.quarantine q WHERE q.source_table = 'stories';
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse_truncate('stories', SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- Maps one story again: gives ours the values of the legacy row, or removes ours if the legacy row is gone.
CREATE FUNCTION legacy_sync.repair_stories(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  l public.stories;
  of_id integer := nullif(key, 'TRUNCATE');
BEGIN
  BEGIN
    SELECT * INTO l FROM legacy_sync.lock_story(of_id::text);
    IF FOUND THEN
      PERFORM legacy_sync.put_story(l, legacy_sync.time_zone());
      PERFORM legacy_sync.put_narrator(l);
      PERFORM legacy_sync.place_analyses(l.id);
    ELSIF EXISTS (SELECT FROM reference.stories s WHERE s.id = of_id AND legacy_sync.is_made_alone(s.created_at))
    THEN
      -- The old application has never seen the story. The trigger writes the legacy row.
      PERFORM legacy_sync.enter('');
      UPDATE reference.stories SET updated_at = updated_at WHERE id = of_id;
    ELSE
      PERFORM legacy_sync.drop_story(of_id);
      PERFORM legacy_sync.release('stories', key);
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('stories', key, l.author_id, SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
END $$;

-- Inserts the stories of a page that ours lack, in one statement.
CREATE FUNCTION legacy_sync.insert_stories(page public.stories[]) RETURNS integer
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  WITH mapped AS MATERIALIZED (
    SELECT m.*, g.salt FROM unnest(page) l, legacy_sync.settings g, LATERAL legacy_sync.map_story(l, g.time_zone) m
    WHERE NOT EXISTS (SELECT FROM reference.stories s WHERE s.id = l.id)),
  texts AS (
    INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds)
    SELECT t.content_hash, t.content, w.words, ceil(w.words / 238.0 * 60)
    FROM (SELECT DISTINCT ON (m.content_hash) m.content_hash, m.content FROM mapped m
      WHERE m.content IS NOT NULL ORDER BY m.content_hash) t,
      LATERAL (SELECT legacy_sync.count_words(t.content) AS words) w
    ON CONFLICT DO NOTHING RETURNING content_hash),
  listed AS (
    INSERT INTO legacy_sync.texts_to_measure SELECT t.content_hash FROM texts t ON CONFLICT DO NOTHING),
  made AS (
    INSERT INTO reference.stories (id, slug, title, summary, content_hash, original_author_id, visibility, category,
      genre, sub_genre, tags, emotional_tags, mood, age_rating, is_adult, language, cover_image_url, license,
      copyright_notice, source, published_at, created_at, updated_at)
    SELECT m.id, legacy_sync.slug_of(m.title, m.id, m.salt), m.title, m.summary, m.content_hash, m.original_author_id,
      m.visibility, m.category, m.genre, m.sub_genre, m.tags, m.emotional_tags, m.mood, m.age_rating, m.is_adult,
      m.language, m.cover_image_url, m.license, m.copyright_notice, m.source, m.published_at, m.created_at, m.updated_at
    FROM mapped m ORDER BY m.id ON CONFLICT (id) DO NOTHING RETURNING id),
  released AS (
    DELETE FROM legacy_sync.quarantine q USING made WHERE q.source_table = 'stories' AND q.source_id = made.id::text)
  SELECT count(*)::integer FROM made $$;

-- Copies one page. If our tables refuse a row of the page, each story is put on its own, and the stories that are
-- refused go into quarantine.
CREATE FUNCTION legacy_sync.backfill_stories(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  page public.stories[] := ARRAY(SELECT l FROM legacy_sync.read_stories(after, size) l);
  before integer := (SELECT count(*) FROM unnest(page) l JOIN reference.stories s ON s.id = l.id);
  l public.stories;
BEGIN
  BEGIN
    PERFORM legacy_sync.insert_stories(page);
    PERFORM legacy_sync.take_sounds(p.author_id, ARRAY[p.voice_sample_url, p.original_audio_url]) FROM unnest(page) p
    WHERE concat(p.voice_sample_url, p.original_audio_url) LIKE '%audio://%';
  EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    FOREACH l IN ARRAY page LOOP
      BEGIN
        PERFORM legacy_sync.put_story(l, legacy_sync.time_zone());
      EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
        PERFORM legacy_sync.refuse('stories', l.id::text, l.author_id, SQLSTATE, SQLERRM);
      END;
    END LOOP;
  END;
  FOR l IN SELECT p.* FROM unnest(page) p WHERE legacy_sync.filled(p.narrator_voice) IS NOT NULL
      OR (legacy_sync.has_extraction(p) AND legacy_sync.analysis_ids_of(p.id) = '{}') LOOP
    BEGIN
      IF legacy_sync.filled(l.narrator_voice) IS NOT NULL THEN PERFORM legacy_sync.put_narrator(l); END IF;
      -- An analysis of the story comes with its own page, and brings the extraction along.
      IF legacy_sync.has_extraction(l) AND legacy_sync.analysis_ids_of(l.id) = '{}' THEN
        PERFORM legacy_sync.place_analyses(l.id);
      END IF;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
      PERFORM legacy_sync.refuse('stories', l.id::text, l.author_id, SQLSTATE, SQLERRM);
    END;
  END LOOP;
  SELECT (page[cardinality(page)]).id::text, cardinality(page), count(s.id) - before INTO last_key, taken, written
  FROM unnest(page) p LEFT JOIN reference.stories s ON s.id = p.id;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;

-- attach
CREATE TRIGGER fabula_story_to_new AFTER INSERT OR UPDATE OR DELETE ON public.stories FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.story_to_new();
-- attach
CREATE TRIGGER fabula_stories_truncated AFTER TRUNCATE ON public.stories FOR EACH STATEMENT
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new ' || pg_trigger_depth()) EXECUTE FUNCTION legacy_sync.stories_truncated();
