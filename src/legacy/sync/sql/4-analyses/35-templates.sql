-- Voice-modulation templates, from the legacy table to ours. Our templates never go back. Doubles of one type and
-- key become one template: the active legacy row with the lowest id gives it its id and values.

-- role: legacy
CREATE FUNCTION legacy_sync.next_template_id() RETURNS integer
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nextval(pg_get_serial_sequence('public.voice_modulation_templates', 'id'))::integer $$;
GRANT EXECUTE ON FUNCTION legacy_sync.next_template_id() TO fabula_app, fabula_worker;

-- Returns null for an unknown type. 'description' is the earlier name of 'modulation'.
CREATE FUNCTION legacy_sync.template_type(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE t.type WHEN 'description' THEN 'modulation' ELSE t.type END
  FROM (SELECT lower(btrim(value, E' \t\r\n')) AS type) t
  WHERE t.type IN ('emotion', 'sound', 'modulation', 'description') $$;

-- Returns null for a blank key.
CREATE FUNCTION legacy_sync.template_key(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT nullif(btrim(regexp_replace(lower(value), '[\s\u00a0\ufeff]+', '_', 'g'), '_'), '') $$;

-- Returns the rows that mean one template, first the row that counts.
CREATE FUNCTION legacy_sync.templates_like(of_type text, of_key text) RETURNS SETOF public.voice_modulation_templates
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT t.* FROM public.voice_modulation_templates t
  WHERE legacy_sync.template_type(t.modulation_type) = of_type AND legacy_sync.template_key(t.modulation_key) = of_key
  ORDER BY coalesce(t.is_active, true) DESC, t.id $$;

-- role: owner
ALTER TABLE reference.voice_modulation_templates ALTER id SET DEFAULT legacy_sync.next_template_id();

-- role: sync
-- Templates of ours give way to the legacy templates, which keep their ids. A template in use keeps its id.
DO $$
DECLARE ours integer;
BEGIN
  FOR ours IN SELECT t.id FROM reference.voice_modulation_templates t WHERE t.id < 2000000000 ORDER BY t.id LOOP
    BEGIN
      UPDATE reference.voice_modulation_templates SET id = legacy_sync.next_template_id() WHERE id = ours;
    EXCEPTION WHEN foreign_key_violation THEN NULL;
    END;
  END LOOP;
END $$;

-- True for a template that is always there and active, because people can ask for it. Every voice needs neutral.
CREATE FUNCTION legacy_sync.is_given_template(of_type text, of_key text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE of_type WHEN 'emotion' THEN of_key IN ('neutral', 'joy', 'sadness', 'anger', 'fear', 'surprise', 'disgust',
      'excitement', 'tenderness', 'calm', 'suspense', 'boredom')
    ELSE (of_type, of_key) = ('modulation', 'whisper') END $$;

CREATE FUNCTION legacy_sync.map_template(l public.voice_modulation_templates, zone text)
  RETURNS TABLE (id integer, modulation_type text, modulation_key text, display_name text, description text,
    sample_text text, target_duration_seconds integer, category text, voice_settings jsonb, is_active boolean,
    sort_order integer, created_at timestamptz, updated_at timestamptz)
  LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT l.id, k.type, k.key, n.name, coalesce(legacy_sync.filled(l.description), n.name),
    coalesce(legacy_sync.filled(l.sample_text), n.name), CASE WHEN l.target_duration > 0 THEN l.target_duration ELSE 10 END,
    coalesce(legacy_sync.filled(l.category), 'basic'),
    CASE WHEN jsonb_typeof(l.voice_settings) = 'object' THEN l.voice_settings
      WHEN jsonb_typeof(l.voice_settings) <> 'null' THEN jsonb_build_object('legacy', l.voice_settings) END,
    coalesce(l.is_active, true) OR legacy_sync.is_given_template(k.type, k.key), coalesce(l.sort_order, 0),
    legacy_sync.moment(coalesce(l.created_at, l.updated_at, 'epoch'), zone),
    legacy_sync.moment(coalesce(l.updated_at, l.created_at, 'epoch'), zone)
  FROM (SELECT legacy_sync.template_type(l.modulation_type) AS type, legacy_sync.template_key(l.modulation_key) AS key) k
    CROSS JOIN LATERAL (SELECT coalesce(legacy_sync.filled(l.display_name), initcap(translate(k.key, '_', ' '))) AS name) n
  WHERE k.type IS NOT NULL AND k.key IS NOT NULL $$;

-- Returns the id of a free row for a legacy template: its own id, unless a template of ours that is in use has it.
CREATE FUNCTION legacy_sync.free_template_id(wanted integer) RETURNS integer
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM reference.voice_modulation_templates t WHERE t.id = wanted)
    THEN legacy_sync.next_template_id() ELSE wanted END $$;

-- Gives a template the id of the legacy row that counts. A template in use keeps its id.
CREATE FUNCTION legacy_sync.rename_template(present integer, wanted integer) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF present = wanted THEN RETURN present; END IF;
  UPDATE reference.voice_modulation_templates t SET id = wanted WHERE t.id = present;
  RETURN wanted;
EXCEPTION WHEN foreign_key_violation OR unique_violation THEN RETURN present;
END $$;

-- Writes the template of a type and key from the legacy rows that mean it. Returns true if a row changed.
CREATE FUNCTION legacy_sync.merge_templates(of_type text, of_key text, zone text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  doubles public.voice_modulation_templates[] := ARRAY(SELECT t FROM legacy_sync.templates_like(of_type, of_key) t);
  m record;
  present integer := (SELECT t.id FROM reference.voice_modulation_templates t
    WHERE t.modulation_type = of_type AND t.modulation_key = of_key);
  is_changed boolean;
BEGIN
  SELECT * INTO m FROM legacy_sync.map_template(doubles[1], zone);
  IF m.id IS NULL THEN RETURN false; END IF;
  m.id := CASE WHEN present IS NULL THEN legacy_sync.free_template_id(m.id) ELSE legacy_sync.rename_template(present, m.id) END;
  INSERT INTO reference.voice_modulation_templates AS t (id, modulation_type, modulation_key, display_name, description,
    sample_text, target_duration_seconds, category, voice_settings, is_active, sort_order, created_at, updated_at)
  VALUES (m.id, m.modulation_type, m.modulation_key, m.display_name, m.description, m.sample_text,
    m.target_duration_seconds, m.category, m.voice_settings, m.is_active, m.sort_order, m.created_at, m.updated_at)
  ON CONFLICT (modulation_type, modulation_key) DO UPDATE SET display_name = EXCLUDED.display_name,
    description = EXCLUDED.description, sample_text = EXCLUDED.sample_text,
    target_duration_seconds = EXCLUDED.target_duration_seconds, category = EXCLUDED.category,
    voice_settings = EXCLUDED.voice_settings, is_active = EXCLUDED.is_active, sort_order = EXCLUDED.sort_order,
    created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at
  WHERE (t.display_name, t.description, t.sample_text, t.target_duration_seconds, t.category, t.voice_settings, t.is_active,
      t.sort_order, t.created_at, t.updated_at)
    IS DISTINCT FROM (EXCLUDED.display_name, EXCLUDED.description, EXCLUDED.sample_text, EXCLUDED.target_duration_seconds,
      EXCLUDED.category, EXCLUDED.voice_settings, EXCLUDED.is_active, EXCLUDED.sort_order, EXCLUDED.created_at, EXCLUDED.updated_at);
  is_changed := FOUND OR present <> m.id;
  DELETE FROM legacy_sync.id_map i USING unnest(doubles) d
  WHERE i.source_table = 'voice_modulation_templates' AND i.source_id = d.id::text AND d.id = m.id;
  INSERT INTO legacy_sync.id_map AS i (source_table, source_id, target_table, target_id, kind)
  SELECT 'voice_modulation_templates', d.id::text, 'reference.voice_modulation_templates', m.id::text, 'merged'
  FROM unnest(doubles) d WHERE d.id <> m.id
  ON CONFLICT (source_table, source_id, target_table) DO UPDATE SET target_id = EXCLUDED.target_id
  WHERE i.target_id <> EXCLUDED.target_id;
  RETURN is_changed;
END $$;

-- Returns why a row is no template. Zero rows if it is one.
CREATE FUNCTION legacy_sync.template_obstacle(l public.voice_modulation_templates) RETURNS TABLE (reason text, detail text)
  LANGUAGE sql IMMUTABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT 'no_type', format('The type "%s" is none of emotion, sound, modulation and description. Correct it in the old application.',
    left(l.modulation_type, 60))
  WHERE legacy_sync.template_type(l.modulation_type) IS NULL
  UNION ALL
  SELECT o.reason, o.detail FROM legacy_sync.name_obstacle('key', legacy_sync.template_key(l.modulation_key)) o LIMIT 1 $$;

CREATE FUNCTION legacy_sync.put_template(l public.voice_modulation_templates, zone text) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  of_type text := legacy_sync.template_type(l.modulation_type);
  of_key text := legacy_sync.template_key(l.modulation_key);
  obstacle record;
BEGIN
  SELECT * INTO obstacle FROM legacy_sync.template_obstacle(l);
  IF FOUND THEN
    PERFORM legacy_sync.refuse('voice_modulation_templates', l.id::text, NULL, obstacle.reason, obstacle.detail);
    RETURN 0;
  END IF;
  PERFORM legacy_sync.release('voice_modulation_templates', l.id::text);
  RETURN legacy_sync.merge_templates(of_type, of_key, zone)::integer;
END $$;

-- Called when a legacy row no longer means its template. Another row may still mean it. Without one, the template
-- goes, unless recordings, voices or analyses use it, or it is given.
CREATE FUNCTION legacy_sync.drop_template(key bigint) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE t reference.voice_modulation_templates;
BEGIN
  SELECT o.* INTO t FROM reference.voice_modulation_templates o WHERE o.id = coalesce(
    (SELECT i.target_id::integer FROM legacy_sync.id_map i
      WHERE i.source_table = 'voice_modulation_templates' AND i.source_id = key::text), key);
  DELETE FROM legacy_sync.id_map i WHERE i.source_table = 'voice_modulation_templates' AND i.source_id = key::text;
  PERFORM legacy_sync.merge_templates(t.modulation_type, t.modulation_key, legacy_sync.time_zone());
  IF EXISTS (SELECT FROM legacy_sync.templates_like(t.modulation_type, t.modulation_key)) THEN RETURN; END IF;
  DELETE FROM reference.voice_modulation_templates o
  WHERE o.modulation_type = t.modulation_type AND o.modulation_key = t.modulation_key
    AND NOT legacy_sync.is_given_template(o.modulation_type, o.modulation_key);
EXCEPTION WHEN foreign_key_violation THEN NULL;
END $$;

-- frame: one-way
-- row: template
-- rows: templates
-- table: voice_modulation_templates
-- moved: (OLD.id, OLD.modulation_type, OLD.modulation_key) IS DISTINCT FROM (NEW.id, NEW.modulation_type, NEW.modulation_key)
-- truncated: PERFORM legacy_sync.drop_template(t.id) FROM reference.voice_modulation_templates t;
