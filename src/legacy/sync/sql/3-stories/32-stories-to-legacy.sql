-- Stories, from our table to the legacy table. Only columns that differ are written, so that what the old
-- application wrote survives where it means the same.

-- role: legacy
-- Writes the given columns of a story, or inserts the story. A column that is absent keeps its value, or its default.
-- Returns true if a trigger of the table wrote something else.
CREATE FUNCTION legacy_sync.write_story(key integer, patch jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  columns text := (SELECT string_agg(quote_ident(c), ', ') FROM jsonb_object_keys(patch) c);
  present public.stories;
  written public.stories;
BEGIN
  IF columns IS NULL THEN RETURN false; END IF;
  SELECT * INTO present FROM public.stories s WHERE s.id = key;
  EXECUTE CASE WHEN present.id IS NOT NULL
    THEN format('UPDATE public.stories SET (%1$s) = (SELECT %1$s FROM jsonb_populate_record(NULL::public.stories, $1)) WHERE id = $2 RETURNING *', columns)
    ELSE format('INSERT INTO public.stories (id, %1$s) SELECT $2, %1$s FROM jsonb_populate_record(NULL::public.stories, $1) RETURNING *', columns) END
  INTO written USING patch, key;
  RETURN present.id IS NOT NULL AND written IS DISTINCT FROM jsonb_populate_record(present, patch);
END $$;

-- Deletes the legacy row of a story. Returns false if another
-- table refers to the row.
CREATE FUNCTION legacy_sync.remove_story(key integer) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  DELETE FROM public.stories s WHERE s.id = key;
  RETURN true;
EXCEPTION WHEN foreign_key_violation THEN
  RETURN false;
END $$;

-- role: sync
-- Returns the flags of a visibility. A draft keeps the status that the old application gave it.
CREATE FUNCTION legacy_sync.flags_of(s reference.stories, status text, zone text) RETURNS jsonb
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT jsonb_build_object('is_published', s.visibility = 'public', 'is_public', s.visibility = 'public',
    'status', CASE s.visibility WHEN 'public' THEN 'published' WHEN 'archived' THEN 'archived'
      ELSE CASE WHEN lower(legacy_sync.filled(status)) NOT IN ('published', 'archived') THEN status ELSE 'draft' END END)
    || CASE WHEN s.published_at IS NULL THEN '{}'
      ELSE jsonb_build_object('published_at', s.published_at AT TIME ZONE zone) END $$;

-- Returns the legacy columns that must change, so that the legacy row means our row. Without a legacy row, returns
-- all columns of a new one.
CREATE FUNCTION legacy_sync.unmap_story(s reference.stories, l public.stories, with_flags boolean, zone text)
  RETURNS jsonb
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce(jsonb_object_agg(c.name, c.value) FILTER (WHERE c.differs), '{}')
    || CASE WHEN (with_flags OR m.id IS NULL) AND m.visibility IS DISTINCT FROM s.visibility
      THEN legacy_sync.flags_of(s, l.status, zone) ELSE '{}' END
    || CASE WHEN m.id IS NULL THEN jsonb_build_object('upload_type', 'text', 'processing_status', 'completed') ELSE '{}' END
  FROM (SELECT) one
    LEFT JOIN LATERAL (SELECT * FROM legacy_sync.map_story(l, zone) f WHERE f.id IS NOT NULL) m ON true
    LEFT JOIN reference.story_texts t ON t.content_hash = s.content_hash
    CROSS JOIN LATERAL (VALUES
      ('title', to_jsonb(s.title), s.title IS DISTINCT FROM m.title),
      ('summary', to_jsonb(s.summary), s.summary IS DISTINCT FROM m.summary),
      ('content', to_jsonb(t.content), s.content_hash IS DISTINCT FROM m.content_hash),
      ('author_id', to_jsonb(s.original_author_id), s.original_author_id IS DISTINCT FROM m.original_author_id),
      ('category', to_jsonb(s.category), s.category IS DISTINCT FROM m.category),
      ('genre', to_jsonb(s.genre), s.genre IS DISTINCT FROM m.genre),
      ('sub_genre', to_jsonb(s.sub_genre), s.sub_genre IS DISTINCT FROM m.sub_genre),
      ('tags', to_jsonb(s.tags), s.tags IS DISTINCT FROM m.tags),
      ('emotional_tags', to_jsonb(s.emotional_tags), s.emotional_tags IS DISTINCT FROM m.emotional_tags),
      ('mood_category', to_jsonb(s.mood), s.mood IS DISTINCT FROM m.mood),
      ('age_rating', to_jsonb(s.age_rating), s.age_rating IS DISTINCT FROM m.age_rating),
      ('is_adult_content', to_jsonb(s.is_adult), s.is_adult IS DISTINCT FROM m.is_adult),
      ('language', to_jsonb(legacy_sync.short_tag(s.language)), legacy_sync.short_tag(s.language) IS DISTINCT FROM m.language),
      ('cover_image_url', to_jsonb(s.cover_image_url), s.cover_image_url IS DISTINCT FROM m.cover_image_url),
      ('license_type', to_jsonb(s.license), s.license IS DISTINCT FROM m.license),
      ('copyright_info', to_jsonb(s.copyright_notice), s.copyright_notice IS DISTINCT FROM m.copyright_notice),
      -- Without dates of its own, the legacy row takes the date of the last change.
      ('created_at', to_jsonb(s.created_at AT TIME ZONE zone), l.created_at IS NULL),
      ('published_at', to_jsonb(s.published_at AT TIME ZONE zone), l.published_at IS NULL AND s.published_at IS NOT NULL),
      ('updated_at', to_jsonb(s.updated_at AT TIME ZONE zone), s.updated_at AT TIME ZONE zone IS DISTINCT FROM l.updated_at)
    ) c (name, value, differs)
  GROUP BY m.id, m.visibility $$;

-- Records the slugs that our side chose while no trigger was attached. The lock makes sure of the latest slug.
CREATE FUNCTION legacy_sync.note_slugs() RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT legacy_sync.choose('stories', c.id::text, 'slug', c.slug) FROM (
    SELECT s.id, s.slug FROM reference.stories s CROSS JOIN legacy_sync.settings g
    WHERE s.slug NOT LIKE '%-' || left(legacy_sync.hash_of(g.salt::text || ' ' || s.id), 10)
    FOR SHARE OF s) c $$;

-- A story that the old application deleted does not come back there.
CREATE FUNCTION legacy_sync.story_to_legacy() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
  AS $$
DECLARE
  previous text := legacy_sync.enter('new');
  zone text := legacy_sync.time_zone();
  s reference.stories;
  l public.stories;
  is_other boolean;
BEGIN
  SELECT * INTO s FROM reference.stories WHERE id = NEW.id;
  IF FOUND AND NOT EXISTS (
    SELECT FROM legacy_sync.kept k WHERE k.source_table = 'stories' AND k.source_id = s.id::text) THEN
    SELECT * INTO l FROM legacy_sync.lock_story(s.id::text);
    -- The old application has not seen an author who registered while the triggers were detached.
    IF l.id IS NULL AND s.original_author_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM legacy_sync.find_user(s.original_author_id))
    THEN PERFORM legacy_sync.give_user(s.original_author_id); END IF;
    is_other := legacy_sync.write_story(s.id, legacy_sync.unmap_story(
      s, l, TG_OP = 'INSERT' OR OLD.visibility <> s.visibility, zone));
    -- A story that was made while the triggers were detached has no legacy row yet, and a slug of ours.
    IF TG_OP = 'INSERT' OR OLD.slug <> s.slug OR l.id IS NULL THEN
      PERFORM legacy_sync.choose('stories', s.id::text, 'slug', s.slug);
    END IF;
    -- What is kept of the legacy row stays a copy of that row.
    PERFORM legacy_sync.enter('legacy');
    UPDATE reference.stories t SET source = t.source || m.source,
      updated_at = legacy_sync.dated(t.updated_at, f.updated_at, zone)
    FROM legacy_sync.find_story(s.id::text) f, LATERAL legacy_sync.map_story(f, zone) m
    WHERE t.id = s.id AND (t.source -> 'legacy' IS DISTINCT FROM m.source -> 'legacy'
      OR t.updated_at <> legacy_sync.dated(t.updated_at, f.updated_at, zone));
    IF is_other THEN PERFORM legacy_sync.put_story(f, zone) FROM legacy_sync.find_story(s.id::text) f; END IF;
    IF TG_OP = 'UPDATE' AND (OLD.content_hash, OLD.language) IS DISTINCT FROM (s.content_hash, s.language) THEN
      PERFORM legacy_sync.move_analyses(s.id, OLD.content_hash, OLD.language);
    END IF;
  END IF;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- A story that is deleted here is deleted there, too. If the old application needs the row, the row stays, and does not
-- come back here.
CREATE FUNCTION legacy_sync.story_deleted() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
  AS $$
DECLARE previous text := legacy_sync.enter('new');
BEGIN
  IF NOT EXISTS (SELECT FROM reference.stories s WHERE s.id = OLD.id) THEN
    DELETE FROM legacy_sync.kept k WHERE k.source_table = 'stories' AND k.source_id = OLD.id::text;
    IF NOT legacy_sync.remove_story(OLD.id) THEN
      PERFORM legacy_sync.keep('stories', OLD.id::text,
        'The story is deleted here. Its legacy row stays, because another table refers to it.');
    END IF;
  END IF;
  PERFORM legacy_sync.leave(previous);
  RETURN NULL;
END $$;

-- attach
CREATE CONSTRAINT TRIGGER fabula_story_deleted AFTER DELETE ON reference.stories
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.story_deleted();

-- attach
CREATE CONSTRAINT TRIGGER fabula_story_to_legacy AFTER INSERT OR UPDATE ON reference.stories
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy') EXECUTE FUNCTION legacy_sync.story_to_legacy();
