-- Finding stories: one narrow row for each public story, with everything that the lists of public stories filter,
-- search and order by. Triggers keep the rows. The rows are public, so the table needs no row-level security, and
-- PostgreSQL can use each index for each condition.
SET lock_timeout = '500ms';

-- Returns a text in the form in which words are compared: without case, diacritics and punctuation. normalize() takes
-- the diacritics off, because the extension unaccent may be missing. plpgsql, because SQL is not kept as a plan here.
CREATE FUNCTION reference.plain_words(of_text text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 1000 SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  plain text := lower(normalize(regexp_replace(normalize(of_text, NFD), '[\u0300-\u036f]', '', 'g'), NFC));
BEGIN
  plain := replace(replace(replace(replace(plain, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
  plain := translate(plain, 'øđðłħıŋ' || '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~‘’‚‛“”„‟«»‹›‐‑‒–—―…·¡¿', 'oddlhin' || repeat(' ', 70));
  RETURN btrim(regexp_replace(plain, '\s+', ' ', 'g'));
END $$;

CREATE FUNCTION reference.word_vector(of_text text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
  AS $$ SELECT to_tsvector('simple'::regconfig, coalesce(reference.plain_words(of_text), '')) $$;

-- A search is a JSON array of alternatives, each an array of terms: {"text": "...", "begins": bool, "excluded": bool}.
-- A term that `begins` also finds longer words. Returns null if the search has no word. Parts: `all` is the search
-- itself, `wanted` is the search without its excluded terms, and `any` is one of its terms that are not excluded.
CREATE FUNCTION reference.search_query(search jsonb, part text) RETURNS tsquery
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  alternative jsonb;
  term jsonb;
  one tsquery;
  together tsquery;
  found tsquery;
BEGIN
  FOR alternative IN SELECT a.value FROM jsonb_array_elements(search) a LOOP
    together := NULL;
    FOR term IN SELECT t.value FROM jsonb_array_elements(alternative) t LOOP
      one := phraseto_tsquery('simple'::regconfig, reference.plain_words(term ->> 'text'));
      CONTINUE WHEN numnode(one) = 0 OR (part <> 'all' AND (term ->> 'excluded')::boolean);
      IF (term ->> 'begins')::boolean THEN one := (one::text || ':*')::tsquery; END IF;
      IF (term ->> 'excluded')::boolean THEN one := !!one; END IF;
      together := CASE WHEN together IS NULL THEN one WHEN part = 'any' THEN together || one ELSE together && one END;
    END LOOP;
    CONTINUE WHEN together IS NULL;
    found := coalesce(found || together, together);
  END LOOP;
  RETURN found;
END $$;

-- A value that a list filters by, as one word that begins with its kind. The case of values does not matter, but that
-- of the ids of authors does. PostgreSQL refuses words of more than 2,046 bytes.
CREATE FUNCTION reference.facet(kind text, of_value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT left(kind || ' ' || CASE kind WHEN 'author' THEN of_value ELSE lower(normalize(of_value, NFC)) END, 300) $$;

-- Returns the condition that a story has one of these values, or with ' & ' all of them. Returns null without values.
CREATE FUNCTION reference.facet_query(kind text, of_values text[], joined text) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT string_agg(array_to_tsvector(ARRAY[reference.facet(kind, v)])::text, joined)::tsquery FROM unnest(of_values) v $$;

-- A step of the length of texts: four steps double the length. A longer text never has a lower step.
CREATE FUNCTION reference.length_step(seconds integer) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT floor(4 * ln(greatest(seconds, 1)::double precision) / ln(2::double precision))::integer $$;

-- Returns the condition that a text takes from `shortest` to `longest` seconds, in whole steps.
CREATE FUNCTION reference.length_query(shortest integer, longest integer) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT reference.facet_query('length', array_agg(step::text), ' | ')
  FROM generate_series(reference.length_step(shortest), reference.length_step(longest)) step $$;

-- How many people listen to each story. Nobody reads this table but the functions below: a story that is not public
-- has listeners too.
CREATE TABLE reference.story_listeners (
  story_id integer CONSTRAINT story_listeners_pkey PRIMARY KEY
    CONSTRAINT story_listeners_story_fkey REFERENCES reference.stories ON DELETE CASCADE,
  listeners integer NOT NULL);

CREATE TABLE reference.listed_stories (
  id integer CONSTRAINT listed_stories_pkey PRIMARY KEY
    CONSTRAINT listed_stories_story_fkey REFERENCES reference.stories ON DELETE CASCADE,
  author_id text,
  published_at timestamptz NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  reading_seconds integer NOT NULL,
  listeners integer NOT NULL,
  facets tsvector NOT NULL,
  title_words tsvector NOT NULL,
  author_words tsvector NOT NULL,
  rest_words tsvector NOT NULL,                            -- the author's names and the summary
  words tsvector NOT NULL);                                -- all words
CREATE INDEX listed_stories_recent ON reference.listed_stories (published_at DESC, id DESC);
CREATE INDEX listed_stories_title ON reference.listed_stories (title_key, id);
CREATE INDEX listed_stories_popular ON reference.listed_stories (listeners DESC, id DESC);
CREATE INDEX listed_stories_length ON reference.listed_stories (reading_seconds DESC, id DESC);
CREATE INDEX listed_stories_author ON reference.listed_stories (author_id, published_at DESC, id DESC);
CREATE INDEX listed_stories_found ON reference.listed_stories USING gin
  (facets, words, title_words, author_words, rest_words);
GRANT SELECT ON reference.listed_stories TO fabula_app;

-- Returns the rows that the public ones of these stories should have. A tag for a language counts up to its region: a
-- story in pt-BR or pt_BR is a story in pt. No phrase reaches over a gap. Other tables are read in subqueries, so that
-- PostgreSQL looks up each row and never reads a whole table. Row-level security hides the editions of erased users.
CREATE FUNCTION reference.listings(of_stories integer[]) RETURNS SETOF reference.listed_stories
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT s.id, s.original_author_id, s.published_at, left(reference.plain_words(s.title), 200), t.seconds,
    coalesce((SELECT c.listeners FROM reference.story_listeners c WHERE c.story_id = s.id), 0),
    array_to_tsvector(array_remove(ARRAY[
      reference.facet('category', s.category), reference.facet('genre', s.genre),
      reference.facet('language', split_part(translate(s.language, '_', '-'), '-', 1)),
      reference.facet('author', s.original_author_id), reference.facet('length', reference.length_step(t.seconds)::text),
      coalesce((SELECT 'audio yes' FROM reference.published_narrations e
        WHERE e.reference_story_id = s.id AND e.visibility = 'public'
          AND (e.audio IS NOT NULL OR e.audio_blob_key IS NOT NULL) LIMIT 1), 'audio no')], NULL)
      || ARRAY(SELECT reference.facet('tag', tag) FROM unnest(s.tags) tag WHERE tag IS NOT NULL)),
    w.title, w.author, ts_delete(w.author || g.gap || w.summary, 'gapgapgap'),
    ts_delete(w.title || g.gap || w.author || g.gap || w.summary, 'gapgapgap')
  FROM reference.stories s
  CROSS JOIN LATERAL (SELECT coalesce(
    (SELECT x.reading_time_seconds FROM reference.story_texts x WHERE x.content_hash = s.content_hash), 0)) t (seconds)
  CROSS JOIN LATERAL (SELECT reference.word_vector(s.title), reference.word_vector(s.summary),
    reference.word_vector(concat_ws(' ', s.author_name, (SELECT u.display_name FROM platform.users u
      WHERE u.id = s.original_author_id AND u.erased_at IS NULL)))) w (title, summary, author)
  CROSS JOIN (SELECT to_tsvector('simple'::regconfig, 'gapgapgap')) g (gap)
  WHERE s.id = ANY (of_stories) AND s.visibility = 'public' $$;

-- Brings the rows of these stories up to date. The lock makes two transactions that change facts of one story wait for
-- each other. The next statement then sees the facts of both.
CREATE FUNCTION reference.list_stories(of_stories integer[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM FROM reference.listed_stories l WHERE l.id = ANY (of_stories) ORDER BY l.id FOR UPDATE;
  INSERT INTO reference.listed_stories AS l SELECT n.* FROM reference.listings(of_stories) n ORDER BY n.id
  ON CONFLICT (id) DO UPDATE SET author_id = EXCLUDED.author_id, published_at = EXCLUDED.published_at,
    title_key = EXCLUDED.title_key, reading_seconds = EXCLUDED.reading_seconds, listeners = EXCLUDED.listeners,
    facets = EXCLUDED.facets, title_words = EXCLUDED.title_words, author_words = EXCLUDED.author_words,
    rest_words = EXCLUDED.rest_words, words = EXCLUDED.words
  WHERE l IS DISTINCT FROM EXCLUDED;
  DELETE FROM reference.listed_stories l WHERE l.id = ANY (of_stories)
    AND (SELECT s.visibility FROM reference.stories s WHERE s.id = l.id) IS DISTINCT FROM 'public';
END $$;

CREATE FUNCTION reference.list_story() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM reference.list_stories(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER listed_when_made AFTER INSERT ON reference.stories
  FOR EACH ROW WHEN (NEW.visibility = 'public') EXECUTE FUNCTION reference.list_story();
CREATE TRIGGER listed_when_changed AFTER UPDATE ON reference.stories
  FOR EACH ROW WHEN (NEW.visibility = 'public' OR OLD.visibility = 'public') EXECUTE FUNCTION reference.list_story();

-- The stories of an author whose name changes. An erased user has no name, and nobody sees the user's editions. So all
-- stories are looked through for those that have lost their sound.
CREATE FUNCTION reference.list_stories_of_user() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM reference.list_stories(ARRAY(
    SELECT l.id FROM reference.listed_stories l WHERE l.author_id = NEW.id
    UNION SELECT e.reference_story_id FROM reference.published_narrations e
      WHERE e.user_id = NEW.id AND OLD.erased_at IS NOT NULL AND NEW.erased_at IS NULL
    UNION SELECT l.id FROM reference.listed_stories l
      WHERE OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND l.facets @@ '''audio yes'''::tsquery
        AND NOT EXISTS (SELECT FROM reference.published_narrations e
          WHERE e.reference_story_id = l.id AND e.visibility = 'public'
            AND (e.audio IS NOT NULL OR e.audio_blob_key IS NOT NULL))));
  RETURN NULL;
END $$;
CREATE TRIGGER listed_when_renamed AFTER UPDATE ON platform.users FOR EACH ROW
  WHEN (OLD.display_name IS DISTINCT FROM NEW.display_name OR OLD.erased_at IS DISTINCT FROM NEW.erased_at)
  EXECUTE FUNCTION reference.list_stories_of_user();

-- The stories of editions. Only an edition can give a story sound.
CREATE FUNCTION reference.list_narrated_stories() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM reference.list_stories(ARRAY(SELECT DISTINCT e.reference_story_id FROM changed e));
  RETURN NULL;
END $$;
CREATE TRIGGER listed_when_narrated AFTER INSERT ON reference.published_narrations
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.list_narrated_stories();
CREATE TRIGGER listed_when_renarrated AFTER UPDATE ON reference.published_narrations
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.list_narrated_stories();
CREATE TRIGGER listed_when_withdrawn AFTER DELETE ON reference.published_narrations
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.list_narrated_stories();

-- Counts listeners. A person has one position in a story, so rows are people. Nothing tells who they are.
CREATE FUNCTION reference.count_listeners() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
  heard integer[] := ARRAY(SELECT DISTINCT p.reference_story_id FROM changed p);
BEGIN
  INSERT INTO reference.story_listeners AS c (story_id, listeners)
  SELECT p.reference_story_id, step * count(*) FROM changed p
  WHERE (SELECT s.id FROM reference.stories s WHERE s.id = p.reference_story_id) IS NOT NULL
  GROUP BY p.reference_story_id ORDER BY p.reference_story_id
  ON CONFLICT (story_id) DO UPDATE SET listeners = c.listeners + EXCLUDED.listeners;
  UPDATE reference.listed_stories l
  SET listeners = (SELECT c.listeners FROM reference.story_listeners c WHERE c.story_id = l.id)
  WHERE l.id = ANY (heard);
  RETURN NULL;
END $$;
CREATE TRIGGER listener_came AFTER INSERT ON instances.listening_positions
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.count_listeners();
CREATE TRIGGER listener_left AFTER DELETE ON instances.listening_positions
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.count_listeners();

-- The functions of indexes stay executable for PUBLIC, because every role that writes the rows calls them.
REVOKE ALL ON FUNCTION reference.search_query(jsonb, text),
  reference.facet(text, text), reference.facet_query(text, text[], text), reference.length_step(integer),
  reference.length_query(integer, integer), reference.listings(integer[]), reference.list_stories(integer[]),
  reference.list_story(), reference.list_stories_of_user(), reference.list_narrated_stories(),
  reference.count_listeners() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.search_query(jsonb, text), reference.facet(text, text), reference.facet_query(text, text[], text),
  reference.length_step(integer), reference.length_query(integer, integer) TO fabula_app;
