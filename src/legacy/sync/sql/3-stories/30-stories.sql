-- Stories and their texts, from the legacy table. A story keeps its legacy id.

-- role: sync
GRANT USAGE ON SCHEMA legacy_sync TO fabula_owner, fabula_app;

-- Texts whose chapters, words and reading time only the program measures exactly.
CREATE TABLE legacy_sync.texts_to_measure (content_hash text CONSTRAINT texts_to_measure_pkey PRIMARY KEY);

-- role: legacy
CREATE FUNCTION legacy_sync.next_story_id() RETURNS integer
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.stories', 'id'))::integer $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_story_id() TO fabula_app, fabula_worker;

CREATE FUNCTION legacy_sync.read_stories(after text, size integer) RETURNS SETOF public.stories
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  -- FOR KEY SHARE: without the lock, a story that is deleted meanwhile would come back.
  SELECT s.* FROM public.stories s WHERE s.id > coalesce(after::bigint, -2147483649) ORDER BY s.id LIMIT size FOR KEY SHARE $$;

CREATE FUNCTION legacy_sync.find_story(key text) RETURNS SETOF public.stories
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT s.* FROM public.stories s WHERE s.id = key::bigint $$;

-- Locks the row, so that it is the present row until the end of the transaction.
CREATE FUNCTION legacy_sync.lock_story(key text) RETURNS SETOF public.stories
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT s.* FROM public.stories s WHERE s.id = key::bigint FOR NO KEY UPDATE $$;

-- role: owner
ALTER TABLE reference.stories ALTER id SET DEFAULT legacy_sync.next_story_id();

-- role: sync
-- Functions without a SET clause are inlined into the statements that call them. Each caller sets the search path.
-- Returns the tag in the form of our API, or en if the value is not a language tag.
CREATE FUNCTION legacy_sync.language_tag(value text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE tag text := translate(legacy_sync.filled(value), '_', '-');
BEGIN
  tag := lower(substring(tag FROM '^[^-]*')) || coalesce(substring(tag FROM '-.*$'), '');
  RETURN CASE WHEN tag ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' THEN tag ELSE 'en' END;
END $$;

-- Returns the tag as the legacy column can hold it: at most ten characters, cut between two subtags.
CREATE FUNCTION legacy_sync.short_tag(tag text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT CASE WHEN length(tag) <= 10 THEN tag ELSE substring(left(tag, 11) FROM '^(.*)-') END $$;

-- Returns tags as our API stores them: in lower case, each once, none blank.
CREATE FUNCTION legacy_sync.tags(value text[]) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  each text;
  tags text[] := '{}';
BEGIN
  FOREACH each IN ARRAY coalesce(value, '{}') LOOP
    each := lower(legacy_sync.filled(each));
    IF each IS NOT NULL AND each <> ALL (tags) THEN tags := tags || each; END IF;
  END LOOP;
  RETURN tags;
END $$;

-- Returns one of our ratings. An unknown rating is mature, so that no child is offered the story.
CREATE FUNCTION legacy_sync.age_rating(rating text, is_adult boolean) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE name text := translate(lower(legacy_sync.filled(rating)), '_', ' ');
BEGIN
  RETURN CASE WHEN is_adult OR name IN ('adult', 'adults', '18', '18+', 'nc-17', 'x', 'explicit') THEN 'adult'
    WHEN name IS NULL OR name IN ('general', 'g', 'pg', 'all', 'all ages', 'everyone', 'kids', 'children') THEN 'general'
    WHEN name IN ('teen', 'teens', 'pg-13', '12', '12+', '13', '13+', 'ya', 'young adult') THEN 'teen'
    ELSE 'mature' END;
END $$;

-- Returns one of our licences. An unknown licence reserves all rights.
CREATE FUNCTION legacy_sync.license(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE translate(lower(legacy_sync.filled(value)), '_ ', '--')
    WHEN 'public-domain' THEN 'public_domain'
    WHEN 'cc0' THEN 'CC0-1.0' WHEN 'cc0-1.0' THEN 'CC0-1.0'
    WHEN 'cc-by' THEN 'CC-BY-4.0' WHEN 'cc-by-4.0' THEN 'CC-BY-4.0'
    WHEN 'cc-by-sa' THEN 'CC-BY-SA-4.0' WHEN 'cc-by-sa-4.0' THEN 'CC-BY-SA-4.0'
    WHEN 'cc-by-nc' THEN 'CC-BY-NC-4.0' WHEN 'cc-by-nc-4.0' THEN 'CC-BY-NC-4.0'
    ELSE 'all_rights_reserved' END $$;

-- The column is_published decides whether a story is public. The other columns can only hold the story back.
-- Only a story with a text can be public or archived.
CREATE FUNCTION legacy_sync.visibility(status text, is_published boolean, has_text boolean) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE WHEN NOT has_text THEN 'draft' WHEN lower(legacy_sync.filled(status)) = 'archived' THEN 'archived'
    WHEN is_published AND lower(legacy_sync.filled(status)) IS DISTINCT FROM 'draft' THEN 'public' ELSE 'draft' END $$;

-- The legacy values that no column of ours holds, as they are. A value that a column holds in another form is
-- here as well.
CREATE FUNCTION legacy_sync.story_source(l public.stories, zone text, stored_text text) RETURNS jsonb
  LANGUAGE sql STABLE SET TimeZone = 'UTC'
  AS $$
  SELECT jsonb_build_object('legacy', jsonb_strip_nulls(jsonb_build_object(
    'uploadType', l.upload_type, 'processingStatus', l.processing_status, 'originalAudioUrl', l.original_audio_url,
    'voiceSampleUrl', l.voice_sample_url, 'narratorVoice', l.narrator_voice, 'narratorVoiceType', l.narrator_voice_type,
    'status', l.status, 'isPublished', l.is_published, 'isPublic', l.is_public,
    'publishedAt', legacy_sync.moment(l.published_at, zone), 'viewCount', l.view_count, 'likes', l.likes,
    'readingTime', l.reading_time, 'ageRating', l.age_rating, 'isAdultContent', l.is_adult_content,
    'license', l.license_type, 'language', l.language, 'tags', to_jsonb(l.tags), 'coverImageUrl', l.cover_image_url,
    'title', l.title, 'category', l.category,
    'summary', CASE WHEN length(l.summary) > 100000 THEN l.summary END,
    'content', CASE WHEN stored_text IS NULL THEN l.content END))
    || CASE WHEN stored_text IS NULL AND l.extracted_characters NOT IN ('[]', 'null')
      THEN jsonb_build_object('extractedCharacters', l.extracted_characters) ELSE '{}' END
    || CASE WHEN stored_text IS NULL AND l.extracted_emotions NOT IN ('[]', 'null')
      THEN jsonb_build_object('extractedEmotions', l.extracted_emotions) ELSE '{}' END) $$;

CREATE FUNCTION legacy_sync.map_story(l public.stories, zone text)
  RETURNS TABLE (id integer, title text, summary text, content text, content_hash text, original_author_id text,
    visibility text, category text, genre text, sub_genre text, tags text[], emotional_tags text[], mood text,
    age_rating text, is_adult boolean, language text, cover_image_url text, license text, copyright_notice text,
    source jsonb, published_at timestamptz, created_at timestamptz, updated_at timestamptz)
  LANGUAGE sql STABLE ROWS 1
  AS $$
  SELECT l.id, coalesce(left(legacy_sync.filled(regexp_replace(l.title, '[[:cntrl:]]+', ' ', 'g')), 200), 'Untitled'),
    left(legacy_sync.filled(l.summary), 100000), t.content, legacy_sync.hash_of(t.content), l.author_id::text, v.visibility,
    coalesce(legacy_sync.filled(l.category), 'fiction'), legacy_sync.filled(l.genre), legacy_sync.filled(l.sub_genre),
    legacy_sync.tags(l.tags), coalesce(l.emotional_tags, '{}'), legacy_sync.filled(l.mood_category), a.rating,
    a.rating = 'adult', legacy_sync.language_tag(l.language),
    CASE WHEN l.cover_image_url ~* '^\s*https?://' THEN legacy_sync.filled(l.cover_image_url) END,
    legacy_sync.license(l.license_type), legacy_sync.filled(l.copyright_info), legacy_sync.story_source(l, zone, t.content),
    CASE WHEN v.visibility <> 'draft'
      THEN legacy_sync.moment(coalesce(l.published_at, l.updated_at, l.created_at, 'epoch'), zone) END,
    legacy_sync.moment(coalesce(l.created_at, l.updated_at, 'epoch'), zone),
    legacy_sync.moment(coalesce(l.updated_at, l.created_at, 'epoch'), zone)
  -- OFFSET 0: each value is computed once.
  FROM (SELECT legacy_sync.stored_text(l.content) AS content OFFSET 0) t
    CROSS JOIN LATERAL (SELECT legacy_sync.visibility(l.status, l.is_published, t.content IS NOT NULL) AS visibility OFFSET 0) v
    CROSS JOIN (SELECT legacy_sync.age_rating(l.age_rating, l.is_adult_content) AS rating OFFSET 0) a $$;

-- The slug of a migrated story ends with characters that nobody can guess, as the slug of every draft does.
CREATE FUNCTION legacy_sync.slug_of(title text, story_id integer, salt uuid) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce(nullif(btrim(left(regexp_replace(lower(regexp_replace(normalize(title, NFKD),
    '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f''’]', '', 'g')), '[^a-z0-9]+', '-', 'g'), 80), '-'),
    ''), 'story') || '-' || left(legacy_sync.hash_of(salt::text || ' ' || story_id), 10) $$;

-- Returns about the number of words.
CREATE FUNCTION legacy_sync.count_words(value text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT 1 + length(value) - length(translate(value, E' \n', '')) $$;

-- Stores a text, if it is not stored. Words and chapters are measured later; until then the numbers are estimates.
CREATE FUNCTION legacy_sync.put_text(of_hash text, of_content text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds)
  SELECT of_hash, of_content, w.words, ceil(w.words / 238.0 * 60)
  FROM (SELECT legacy_sync.count_words(of_content) AS words) w ON CONFLICT DO NOTHING;
  IF FOUND THEN INSERT INTO legacy_sync.texts_to_measure VALUES (of_hash) ON CONFLICT DO NOTHING; END IF;
END $$;
