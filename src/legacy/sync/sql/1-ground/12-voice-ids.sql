-- How a legacy voice is called in the new model, and back. 'alloy' and the like are voices of OpenAI. Every
-- other legacy voice is the id of a voice at ElevenLabs: a personal voice, where its owner has the clone.

-- role: sync
-- The clones of each user at ElevenLabs. Where profiles share a clone, the first profile counts. A row stays after
-- the clone is gone, so a legacy voice keeps its name.
CREATE TABLE legacy_sync.clones (
  user_id text NOT NULL,
  vendor_id text NOT NULL,
  profile_id bigint NOT NULL,                               -- of public.user_voice_profiles
  voice text NOT NULL,                                      -- the personal voice
  name text NOT NULL,
  CONSTRAINT clones_pkey PRIMARY KEY (user_id, vendor_id));
CREATE INDEX clones_voice ON legacy_sync.clones (user_id, voice);

-- The id of a profile's personal voice. Nobody can guess the id, and every run gives the same id.
CREATE FUNCTION legacy_sync.personal_voice_id(of_profile bigint) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT 'elevenlabs:own-' || translate(rtrim(encode(substring(
    sha256(convert_to(s.salt || ':voice:' || of_profile, 'UTF8')) FROM 1 FOR 16), 'base64'), '='), '+/', '-_')
  FROM legacy_sync.settings s $$;

-- The functions without a SET clause are inlined into the statements that call them. A backfill needs that
-- speed. Each caller sets the search path.
CREATE FUNCTION legacy_sync.is_openai_voice(voice text, of_type text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT lower(voice) IN ('alloy', 'ash', 'ballad', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer', 'verse')
    OR (lower(btrim(of_type)) <> 'user' AND voice ~ '^[A-Z]?[a-z]{2,15}$') $$;

-- Names a legacy voice of a user: `provider:voice`, the name for people, and 'ai' or 'user'. A blank voice is
-- 'alloy', as in the old application.
CREATE FUNCTION legacy_sync.voice_of(of_user text, legacy_voice text, legacy_type text)
  RETURNS TABLE (voice text, name text, type text)
  LANGUAGE sql STABLE ROWS 1
  AS $$
  SELECT coalesce(own.voice, CASE
      WHEN strpos(given.voice, ':') > 1 AND given.voice ~ '^[a-z0-9_-]{1,40}:\S+$' THEN given.voice
      WHEN legacy_sync.is_openai_voice(given.voice, legacy_type) THEN 'openai:' || lower(given.voice)
      ELSE 'elevenlabs:' || given.voice END),
    coalesce(own.name, given.voice),
    CASE
      WHEN own.voice IS NOT NULL THEN 'user'
      WHEN legacy_sync.is_openai_voice(given.voice, legacy_type) THEN 'ai'
      WHEN lower(btrim(legacy_type)) = 'user' THEN 'user'
      ELSE 'ai' END
  FROM (SELECT coalesce(nullif(btrim(legacy_voice, E' \t\n\r'), ''), 'alloy') AS voice) given
  LEFT JOIN legacy_sync.clones own ON own.user_id = of_user AND own.vendor_id = given.voice $$;

-- The legacy form of a voice, which voice_of names in the same way. `original` is the legacy voice that the
-- narration had before: it stays while it means the same voice.
CREATE FUNCTION legacy_sync.legacy_voice_of(of_user text, new_voice text, new_type text, original text, original_type text)
  RETURNS TABLE (voice text, type text)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT each.voice, each.type
  FROM (
    SELECT 1, original, original_type
    UNION ALL SELECT 2, substr(new_voice, 8), 'ai' WHERE new_voice LIKE 'openai:%'
    UNION ALL (SELECT 3, c.vendor_id, 'user' FROM legacy_sync.clones c
      WHERE c.user_id = of_user AND c.voice = new_voice ORDER BY c.vendor_id LIMIT 1)
    UNION ALL SELECT 4, substr(new_voice, 12), new_type WHERE new_voice LIKE 'elevenlabs:%'
    UNION ALL SELECT 5, new_voice, new_type) each (rank, voice, type)
  CROSS JOIN LATERAL legacy_sync.voice_of(of_user, each.voice, each.type) named
  WHERE each.rank = 5 OR (each.voice IS NOT NULL AND named.voice = new_voice AND named.type = new_type)
  ORDER BY each.rank LIMIT 1 $$;
