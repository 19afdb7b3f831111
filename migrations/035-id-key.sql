-- Public ids no longer count rows: each server encrypts the integers with this key.
SET lock_timeout = '500ms';

CREATE TABLE platform.id_key (
  is_only boolean DEFAULT true CONSTRAINT id_key_pkey PRIMARY KEY CONSTRAINT id_key_one CHECK (is_only),
  key bytea NOT NULL CONSTRAINT id_key_length CHECK (octet_length(key) = 32),
  -- By GraphQL type: the last integer that was given out as it is. Public ids with such integers go on working.
  last_plain jsonb NOT NULL);
-- A request can read the key. Every process reads the key when it starts, and no statement of a request does.
GRANT SELECT ON platform.id_key TO fabula_app;

-- Returns the last id that a table gave to a row. While a database is moved from the earlier platform, the ids come
-- from there and not from the table's own sequence. Then the rows themselves tell, without their row-level security.
CREATE FUNCTION pg_temp.last_id(of_table regclass) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  is_forced boolean := (SELECT c.relforcerowsecurity FROM pg_class c WHERE c.oid = of_table);
  counter text;
  last bigint;
BEGIN
  SELECT substring(pg_get_expr(d.adbin, d.adrelid) FROM '^nextval\(''(.+)''::regclass\)') INTO STRICT counter
  FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = of_table AND a.attname = 'id';
  IF counter IS NOT NULL THEN
    last := pg_sequence_last_value(counter::regclass);
  ELSE
    IF is_forced THEN EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', of_table); END IF;
    EXECUTE format('SELECT max(id) FROM %s', of_table) INTO last;
    IF is_forced THEN EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', of_table); END IF;
  END IF;
  RETURN coalesce(last, 0);
END $$;

INSERT INTO platform.id_key (key, last_plain)
SELECT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')),
  jsonb_object_agg(t.type, pg_temp.last_id(t.of_table))
FROM (VALUES
  ('ReferenceStory', 'reference.stories'::regclass),
  ('StoryAnalysis', 'reference.story_analyses'),
  ('VoiceModulationTemplate', 'reference.voice_modulation_templates'),
  ('UserStoryNarration', 'instances.user_story_narrations'),
  ('UserVoiceSample', 'instances.user_voice_samples'),
  ('UserEmotionVoice', 'instances.user_emotion_voices'),
  ('Upload', 'instances.user_uploads')) AS t (type, of_table);

DROP FUNCTION pg_temp.last_id(regclass);
