-- How the verification reads the legacy tables. A page and the rows of ours are read in one statement, so both are
-- of one moment. No lock is taken.

-- role: legacy
DO $do$
DECLARE t record;
BEGIN
  FOR t IN SELECT c.relname AS name, CASE c.relname WHEN 'users' THEN 'text' ELSE 'bigint' END AS key
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname IN ('users', 'stories',
      'story_analyses', 'voice_modulation_templates', 'story_narrations', 'user_voice_samples', 'user_voice_profiles',
      'user_emotion_voices', 'audio_files')
  LOOP
    EXECUTE format($sql$
      CREATE FUNCTION legacy_sync.page_of_%1$s(after text, size integer) RETURNS SETOF public.%1$I
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS $f$
      BEGIN
        IF after IS NULL THEN RETURN QUERY SELECT t.* FROM public.%1$I t ORDER BY t.id LIMIT size;
        ELSE RETURN QUERY SELECT t.* FROM public.%1$I t WHERE t.id > after::%2$s ORDER BY t.id LIMIT size;
        END IF;
      END $f$;
      CREATE FUNCTION legacy_sync.rows_of_%1$s(keys text[]) RETURNS SETOF public.%1$I
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS $f$ SELECT t.* FROM public.%1$I t WHERE t.id = ANY (keys::%2$s[]) $f$;
      -- Some rows, spread over all keys. The same seed takes the same rows.
      CREATE FUNCTION legacy_sync.sample_of_%1$s(seed text, size integer) RETURNS SETOF text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS $f$ SELECT t.id::text FROM public.%1$I t ORDER BY md5(seed || t.id::text), t.id LIMIT size $f$ $sql$, t.name, t.key);
  END LOOP;
END $do$;

-- The stories and narrations of these users.
CREATE FUNCTION legacy_sync.keys_of_users(users text[]) RETURNS TABLE (source_table text, user_id text, key text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT 'stories', s.author_id::text, s.id::text FROM public.stories s WHERE s.author_id = ANY (users)
  UNION ALL SELECT 'story_narrations', n.user_id, n.id::text FROM public.story_narrations n WHERE n.user_id = ANY (users) $$;

-- True if another legacy user has the e-mail, so that a user of ours cannot have it there.
CREATE FUNCTION legacy_sync.is_email_taken(of_email text, of_id text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM public.users u WHERE u.email = of_email AND u.id <> of_id) $$;

-- role: sync
-- The functions without a SET clause are inlined into the statements that call them, which sets the search path.
-- Returns the text without blanks around it, or null if nothing is left.
CREATE FUNCTION legacy_sync.trimmed(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT nullif(regexp_replace(value, E'^[ \\t\\n\\r\\f\\v\u00a0\ufeff]+|[ \\t\\n\\r\\f\\v\u00a0\ufeff]+$', '', 'g'), '') $$;

-- Returns the stored time, if the legacy clock shows it as `local`. An hour of the autumn comes twice on that clock.
CREATE FUNCTION legacy_sync.expected_time(local timestamp, stored timestamptz, zone text) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN stored AT TIME ZONE zone = local THEN stored ELSE local AT TIME ZONE zone END $$;

-- Reads a time out of jsonb. Null for a text that is no time.
CREATE FUNCTION legacy_sync.time_in(value text) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
  SELECT CASE WHEN value ~ '^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d|^-?infinity$' THEN value::timestamptz END $$;

-- Returns the list of segments in a legacy value, or null.
CREATE FUNCTION legacy_sync.listed(value jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  WHILE jsonb_typeof(value) <> 'array' LOOP
    IF jsonb_typeof(value) = 'object' THEN value := value -> 'segments';
    ELSIF jsonb_typeof(value) = 'string' THEN value := (value #>> '{}')::jsonb;
    ELSE RETURN NULL;
    END IF;
  END LOOP;
  RETURN value;
EXCEPTION WHEN others THEN RETURN NULL;
END $$;

-- Returns what is around that list: the other members of objects, [...] for a text.
CREATE FUNCTION legacy_sync.around(value jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE inner_part jsonb;
BEGIN
  IF jsonb_typeof(value) = 'array' THEN RETURN NULL; END IF;
  IF jsonb_typeof(value) = 'string' THEN
    RETURN jsonb_build_array(legacy_sync.around((value #>> '{}')::jsonb));
  END IF;
  inner_part := legacy_sync.around(value -> 'segments');
  RETURN CASE WHEN inner_part IS NULL THEN value - 'segments' ELSE jsonb_set(value, '{segments}', inner_part) END;
EXCEPTION WHEN others THEN RETURN NULL;
END $$;

-- Returns `plain`, or the stored extra, if our side changed the segment and the extra still agrees with the item in
-- all that no column says.
CREATE FUNCTION legacy_sync.expected_extra(item jsonb, plain jsonb, s instances.user_narration_segments) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  stored jsonb := CASE jsonb_typeof(s.extra) WHEN 'object' THEN s.extra
    WHEN 'array' THEN CASE jsonb_typeof(s.extra -> 0) WHEN 'object' THEN s.extra -> 0 ELSE '{}' END ELSE '{}' END;
  said text[] := '{text}';
BEGIN
  IF plain IS NOT DISTINCT FROM s.extra OR jsonb_typeof(item) <> 'object' OR NOT EXISTS (
    SELECT FROM legacy_sync.choices o WHERE o.target_table = 'user_story_narrations'
      AND o.target_id = s.narration_id::text AND o.column_name = 'segments.extra')
  THEN RETURN plain; END IF;
  IF item ->> 'emotion' = s.emotion THEN said := said || '{emotion}'; END IF;
  IF item ->> 'kind' = s.kind THEN said := said || '{kind}'; END IF;
  IF item ->> 'speaker' IS NOT DISTINCT FROM s.speaker_id THEN said := said || '{speaker,character}'; END IF;
  IF item -> 'intensity' = to_jsonb(trim_scale(s.intensity::numeric * 10)) THEN said := said || '{intensity}'; END IF;
  RETURN CASE WHEN item - said = stored - said THEN s.extra ELSE plain END;
END $$;

-- Returns `type/key` of the template that a legacy type and key mean. Null if there can be none.
CREATE FUNCTION legacy_sync.template_named(type text, key text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE lower(btrim(type, E' \t\r\n')) WHEN 'emotion' THEN 'emotion' WHEN 'sound' THEN 'sound' WHEN 'modulation' THEN
    'modulation' WHEN 'description' THEN 'modulation' END || '/' ||
    nullif(trim(BOTH '_' FROM regexp_replace(lower(key), '[\s\u00a0\ufeff]+', '_', 'g')), '') $$;

-- As template_named, for the label of a recording or a voice. The end of a label counts more than its type.
CREATE FUNCTION legacy_sync.label_named(type text, label text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE WHEN split_part(n.name, '/', 2) LIKE '_%\_sound' THEN legacy_sync.template_named('sound', label)
    WHEN split_part(n.name, '/', 2) LIKE '_%\_description' THEN legacy_sync.template_named('modulation', label)
    ELSE coalesce(legacy_sync.template_named(type, label), n.name) END
  FROM (SELECT legacy_sync.template_named('emotion', label) AS name) n $$;

-- Returns the name of the personal voice of a profile.
CREATE FUNCTION legacy_sync.own_voice(salt uuid, of_profile bigint) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
  SELECT 'elevenlabs:own-' || left(replace(replace(encode(substr(sha256(convert_to(
    salt::text || ':voice:' || of_profile::text, 'UTF8')), 1, 16), 'base64'), '+', '-'), '/', '_'), 22) $$;

-- Records the name that our side gives to a voice of the old application.
CREATE FUNCTION legacy_sync.profile_renamed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM legacy_sync.choose('user_voices', NEW.id::text, 'display_name', NEW.display_name);
  RETURN NULL;
END $$;

-- Returns what an analysis says: the value itself, or the JSON in a text. Null for another text.
CREATE FUNCTION legacy_sync.said_by(value jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF jsonb_typeof(value) = 'string' THEN RETURN (value #>> '{}')::jsonb; END IF;
  RETURN value;
EXCEPTION WHEN others THEN RETURN NULL;
END $$;

CREATE FUNCTION legacy_sync.string_in(value jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT legacy_sync.trimmed(value #>> '{}') WHERE jsonb_typeof(value) = 'string' $$;

-- Returns the characters that a legacy list means. An item without a name means none.
CREATE FUNCTION legacy_sync.expected_characters(list jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  item jsonb;
  characters jsonb := '[]';
  name text; role text; gender text; age text;
BEGIN
  IF jsonb_typeof(list) IS DISTINCT FROM 'array' THEN RETURN characters; END IF;
  FOR place IN 0 .. jsonb_array_length(list) - 1 LOOP
    item := list -> place;
    name := legacy_sync.trimmed(CASE jsonb_typeof(item) WHEN 'string' THEN item #>> '{}' ELSE item ->> 'name' END);
    CONTINUE WHEN name IS NULL;
    role := coalesce(lower(legacy_sync.trimmed(item ->> 'role')), '');
    gender := coalesce(lower(legacy_sync.trimmed(item ->> 'gender')), '');
    age := coalesce(lower(legacy_sync.trimmed(coalesce(item ->> 'ageGroup', item ->> 'age'))), '');
    characters := characters || jsonb_build_object('id', format('legacy-%s', place + 1), 'canonicalName', name,
      'aliases', '[]'::jsonb, 'mentionCount', 0, 'quoteCount', 0,
      'role', CASE WHEN starts_with(role, 'narrat') THEN 'narrator'
        WHEN role SIMILAR TO '(protagonist|lead|main|hero|title)%' THEN 'protagonist'
        WHEN role SIMILAR TO '(major|antagonist|villain|support|secondary|deuter)%' THEN 'major' ELSE 'minor' END,
      'gender', CASE WHEN gender = ANY ('{female,f,woman,girl}') THEN 'female' WHEN gender = ANY ('{male,m,man,boy}') THEN 'male'
        WHEN gender = ANY ('{neutral,non-binary,nonbinary,neuter}') THEN 'neutral' ELSE 'unknown' END,
      'ageGroup', CASE WHEN age = ANY ('{child,adult,elder}') THEN age WHEN age = ANY ('{young,"young adult",teen,teenager}')
        THEN 'young' WHEN age = ANY ('{old,elderly,senior}') THEN 'elder' ELSE 'unknown' END,
      'description', regexp_replace(concat_ws(' ', legacy_sync.trimmed(item ->> 'description'),
        legacy_sync.trimmed(item ->> 'personality'), CASE WHEN jsonb_typeof(item -> 'traits') = 'array' THEN
          (SELECT string_agg(t.value, ', ') FROM jsonb_array_elements_text(item -> 'traits') t) END), '\s+', ' ', 'g'));
  END LOOP;
  RETURN characters;
END $$;

-- Returns the bytes in a base64 text, which may be a data: link. Null for another text.
CREATE FUNCTION legacy_sync.decoded(value text) RETURNS bytea
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  RETURN decode(CASE WHEN lower(ltrim(left(value, 60), E' \t\r\n\f\v')) LIKE 'data:%'
    THEN regexp_replace(left(value, 300), '^.*?base64,', '', 'i') || substr(value, 301) ELSE value END, 'base64');
EXCEPTION WHEN others THEN RETURN NULL;
END $$;

-- Returns the files that these links of a user name, and of which the user must have a row; or of which the user has
-- one. A user who was erased may have one for a while.
CREATE FUNCTION legacy_sync.linked_sounds(of_user text, links text[], has_row boolean) RETURNS bigint[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT array_agg(DISTINCT w.id ORDER BY w.id)
  FROM unnest(links) k (link) CROSS JOIN LATERAL (SELECT substring(k.link FROM '\d{1,18}')::bigint AS id) w
  WHERE k.link ~ '^[ \t\r\n\f\v]*audio://[0-9]{1,18}[ \t\r\n\f\v]*$' AND CASE
    WHEN has_row THEN EXISTS (SELECT FROM instances.user_legacy_sounds t WHERE t.user_id = of_user AND t.id = w.id)
    ELSE EXISTS (SELECT FROM legacy_sync.sounds s WHERE s.id = w.id)
      AND (EXISTS (SELECT FROM platform.users u WHERE u.id = of_user AND u.erased_at IS NULL)
        OR EXISTS (SELECT FROM instances.user_legacy_sounds t WHERE t.user_id = of_user AND t.id = w.id)) END $$;

-- attach
CREATE TRIGGER fabula_profile_renamed AFTER UPDATE OF display_name ON instances.user_voices FOR EACH ROW
  WHEN (NEW.display_name <> OLD.display_name AND current_setting('fabula.sync', true) IS DISTINCT FROM 'legacy')
  EXECUTE FUNCTION legacy_sync.profile_renamed();
