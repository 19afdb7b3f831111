-- Sound, from audio_files to instances.user_legacy_sounds. The bytes move later: the commands of src/legacy/sound put
-- them into the blob storage. The key of a blob is known at once, because SQL computes the hash of the bytes.

-- role: legacy
CREATE FUNCTION legacy_sync.audio_data_of(of_id bigint) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT f.audio_data FROM public.audio_files f WHERE f.id = of_id $$;

-- Returns how many files make a page of about eight megabytes: the hash of a megabyte takes some milliseconds.
CREATE FUNCTION legacy_sync.sounds_of_page(after text, size integer) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT greatest(1, count(*) FILTER (WHERE p.bytes_before < 8000000))
  FROM (SELECT sum(octet_length(f.audio_data)) OVER (ORDER BY f.id) - octet_length(f.audio_data) AS bytes_before
    FROM (SELECT t.id, t.audio_data FROM public.audio_files t WHERE t.id > coalesce(after::bigint, -2147483649)
      ORDER BY t.id LIMIT size) f) p $$;

-- role: sync
-- The facts of each file whose bytes can be read.
CREATE TABLE legacy_sync.sounds (
  id bigint CONSTRAINT sounds_pkey PRIMARY KEY,             -- of public.audio_files
  sha256 text NOT NULL,
  content_type text NOT NULL,
  size_bytes bigint NOT NULL,
  duration_ms integer,
  legacy_original jsonb NOT NULL);

-- Links audio://N of a user to a file that is not there.
CREATE TABLE legacy_sync.missing_sounds (
  id bigint NOT NULL,
  user_id text NOT NULL,
  CONSTRAINT missing_sounds_pkey PRIMARY KEY (id, user_id));

-- Returns the bytes that a base64 text holds, after `data:…;base64,` or not. NULL if the text is no base64.
CREATE FUNCTION legacy_sync.sound_in(value text) RETURNS bytea
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  -- The beginning is enough to find the prefix, and a sound has megabytes.
  IF left(value, 300) ~* '^\s*data:[^,]*;base64,' THEN value := substr(value, strpos(value, ',') + 1); END IF;
  RETURN decode(value, 'base64');
EXCEPTION WHEN invalid_parameter_value THEN RETURN NULL;
END $$;

-- The first bytes say what a file is. The old application wrote audio/mpeg wherever it did not know. A type that is
-- neither sound nor video is not sent to a browser as that type.
CREATE FUNCTION legacy_sync.sound_type(bytes bytea, said text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE
    WHEN substring(bytes FROM 1 FOR 4) = 'RIFF' AND substring(bytes FROM 9 FOR 4) = 'WAVE' THEN 'audio/wav'
    WHEN substring(bytes FROM 1 FOR 3) = 'ID3' THEN 'audio/mpeg'
    WHEN substring(bytes FROM 1 FOR 4) = 'fLaC' THEN 'audio/flac'
    WHEN substring(bytes FROM 1 FOR 4) = 'OggS' THEN CASE WHEN t.said = 'video/ogg' THEN t.said ELSE 'audio/ogg' END
    WHEN substring(bytes FROM 1 FOR 4) = '\x1a45dfa3' THEN CASE WHEN t.said = 'video/webm' THEN t.said ELSE 'audio/webm' END
    WHEN substring(bytes FROM 5 FOR 4) = 'ftyp' THEN CASE WHEN t.said = 'video/mp4' THEN t.said ELSE 'audio/mp4' END
    WHEN t.said IN ('audio/mp3', 'audio/x-mp3', 'audio/x-mpeg', 'audio/mpeg3') THEN 'audio/mpeg'
    WHEN t.said IN ('audio/x-wav', 'audio/wave', 'audio/vnd.wave') THEN 'audio/wav'
    WHEN t.said ~ '^(audio|video)/[a-z0-9.+-]{1,60}$' THEN t.said
    ELSE 'application/octet-stream' END
  FROM (SELECT lower(btrim(split_part(said, ';', 1), E' \t\n\r')) AS said) t $$;

CREATE FUNCTION legacy_sync.map_sound(l public.audio_files, bytes bytea, zone text)
  RETURNS TABLE (id bigint, sha256 text, content_type text, size_bytes bigint, duration_ms integer, legacy_original jsonb)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT l.id::bigint, encode(sha256(bytes), 'hex'), legacy_sync.sound_type(bytes, l.mime_type), octet_length(bytes)::bigint,
    CASE WHEN l.duration > 0 THEN l.duration END,
    jsonb_strip_nulls(jsonb_build_object('fileName', l.file_name, 'mimeType', l.mime_type, 'fileSize', l.file_size,
      'duration', l.duration, 'createdAt', legacy_sync.moment(l.created_at, zone)))
      || CASE WHEN l.metadata IS NULL THEN '{}' ELSE jsonb_build_object('metadata', l.metadata) END $$;

-- Gives each user the row that says where the sound of a file is: the n-th file for the n-th user. A user who was erased
-- has no sound. Returns how many rows are new or different.
CREATE FUNCTION legacy_sync.place_sounds(ids bigint[], users text[]) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE placed integer;
BEGIN
  INSERT INTO instances.user_legacy_sounds AS t (user_id, id, blob_key, content_type, size_bytes, duration_ms,
    legacy_original)
  SELECT u.id, s.id, 'owned/' || u.public_id || '/' || s.sha256, s.content_type, s.size_bytes, s.duration_ms, s.legacy_original
  FROM unnest(ids, users) w (id, user_id) JOIN legacy_sync.sounds s ON s.id = w.id
    JOIN platform.users u ON u.id = w.user_id AND u.erased_at IS NULL
  ORDER BY s.id, u.id
  ON CONFLICT (user_id, id) DO UPDATE SET blob_key = EXCLUDED.blob_key, content_type = EXCLUDED.content_type,
    size_bytes = EXCLUDED.size_bytes, duration_ms = EXCLUDED.duration_ms, legacy_original = EXCLUDED.legacy_original,
    stored_at = CASE WHEN t.blob_key = EXCLUDED.blob_key THEN t.stored_at END
  WHERE (t.blob_key, t.content_type, t.size_bytes, t.duration_ms, t.legacy_original) IS DISTINCT FROM
    (EXCLUDED.blob_key, EXCLUDED.content_type, EXCLUDED.size_bytes, EXCLUDED.duration_ms, EXCLUDED.legacy_original);
  GET DIAGNOSTICS placed = ROW_COUNT;
  RETURN placed;
END $$;

-- Writes the rows of all users who have a link to the file. Returns how many rows are new or different.
CREATE FUNCTION legacy_sync.put_sound(l public.audio_files, zone text) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  bytes bytea := legacy_sync.sound_in(l.audio_data);
  users text[] := ARRAY(SELECT t.user_id FROM instances.user_legacy_sounds t WHERE t.id = l.id
    UNION SELECT m.user_id FROM legacy_sync.missing_sounds m WHERE m.id = l.id);
  is_changed boolean;
BEGIN
  IF bytes IS NULL OR bytes = '' THEN
    PERFORM legacy_sync.drop_sound(l.id);
    PERFORM legacy_sync.refuse('audio_files', l.id::text, NULL, CASE WHEN bytes IS NULL THEN 'no_base64' ELSE 'no_sound' END,
      CASE WHEN bytes IS NULL THEN 'The column audio_data holds no base64. Correct it in the old application.'
        ELSE 'The column audio_data holds no bytes.' END);
    RETURN 0;
  END IF;
  INSERT INTO legacy_sync.sounds AS t SELECT m.* FROM legacy_sync.map_sound(l, bytes, zone) m
  ON CONFLICT (id) DO UPDATE SET sha256 = EXCLUDED.sha256, content_type = EXCLUDED.content_type,
    size_bytes = EXCLUDED.size_bytes, duration_ms = EXCLUDED.duration_ms, legacy_original = EXCLUDED.legacy_original
  WHERE t IS DISTINCT FROM EXCLUDED;
  is_changed := FOUND;
  DELETE FROM legacy_sync.missing_sounds m WHERE m.id = l.id;
  PERFORM legacy_sync.release('audio_files', l.id::text);
  RETURN greatest(legacy_sync.place_sounds(array_fill(l.id::bigint, ARRAY[cardinality(users)]), users), is_changed::integer);
END $$;

-- The old application deleted a file. The links stay, and find the file if it comes again.
CREATE FUNCTION legacy_sync.drop_sound(key bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  WITH gone AS (DELETE FROM instances.user_legacy_sounds t WHERE t.id = key RETURNING t.id, t.user_id)
  INSERT INTO legacy_sync.missing_sounds (id, user_id) SELECT g.id, g.user_id FROM gone g ON CONFLICT DO NOTHING;
  DELETE FROM legacy_sync.sounds s WHERE s.id = key;
END $$;

-- What a reader of a blob asks, and the command that moves all of them. A row must want the blob, so that the blobs of
-- a user who was erased do not come back.
CREATE FUNCTION legacy_sync.sound_of(of_key text) RETURNS SETOF instances.user_legacy_sounds
  LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT t.* FROM platform.users u JOIN instances.user_legacy_sounds t ON t.user_id = u.id
  WHERE u.public_id = split_part(of_key, '/', 2)::uuid AND t.blob_key = of_key ORDER BY t.id LIMIT 1 $$;

-- NULL if the blob has no file.
CREATE FUNCTION legacy_sync.sound_type_of(of_key text) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT t.content_type FROM legacy_sync.sound_of(of_key) t $$;
GRANT EXECUTE ON FUNCTION legacy_sync.sound_type_of(text) TO fabula_app;

CREATE FUNCTION legacy_sync.read_sound(of_key text, skip integer, size integer) RETURNS bytea
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT substring(legacy_sync.sound_in(legacy_sync.audio_data_of(t.id)) FROM skip + 1 FOR size)
  FROM legacy_sync.sound_of(of_key) t $$;
GRANT EXECUTE ON FUNCTION legacy_sync.read_sound(text, integer, integer) TO fabula_app;

-- Files that no row of ours names. Contract saves them as files.
CREATE FUNCTION legacy_sync.unused_sounds(after bigint, size integer) RETURNS SETOF legacy_sync.sounds
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT s.* FROM legacy_sync.sounds s
  WHERE s.id > after AND NOT EXISTS (SELECT FROM instances.user_legacy_sounds t WHERE t.id = s.id)
  ORDER BY s.id LIMIT size $$;

CREATE FUNCTION legacy_sync.read_unused_sound(of_id bigint, skip integer, size integer) RETURNS bytea
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT substring(legacy_sync.sound_in(legacy_sync.audio_data_of(of_id)) FROM skip + 1 FOR size) $$;

-- frame: one-way
-- row: sound
-- rows: sounds
-- table: audio_files
-- moved: OLD.id <> NEW.id
-- truncated: PERFORM legacy_sync.drop_sound(s.id) FROM legacy_sync.sounds s;
-- most: legacy_sync.sounds_of_page(after, size)
-- settings: SET lock_timeout = '200ms'
