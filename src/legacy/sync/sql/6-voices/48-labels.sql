-- The templates that the labels of recordings and voices mean.

-- role: sync
-- A label says what it is at its end: cat_sound is a sound. Otherwise its type counts.
CREATE FUNCTION legacy_sync.label_type(of_type text, label text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT CASE
    WHEN legacy_sync.template_key(label) ~ '._sound$' THEN 'sound'
    WHEN legacy_sync.template_key(label) ~ '._description$' THEN 'modulation'
    ELSE coalesce(legacy_sync.template_type(of_type), 'emotion') END $$;

-- Returns the id of the template, and makes the template if there is none. NULL for a blank label.
CREATE FUNCTION legacy_sync.template_of(of_type text, label text) RETURNS integer
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  key text := legacy_sync.template_key(label);
  type text := legacy_sync.label_type(of_type, label);
  words text := replace(key, '_', ' ');
  template integer;
BEGIN
  IF key IS NULL THEN RETURN NULL; END IF;
  SELECT t.id INTO template FROM reference.voice_modulation_templates t
  WHERE t.modulation_type = type AND t.modulation_key = key;
  IF FOUND THEN RETURN template; END IF;
  INSERT INTO reference.voice_modulation_templates AS t
    (modulation_type, modulation_key, display_name, description, sample_text, category)
  VALUES (type, key, upper(left(words, 1)) || substr(words, 2), 'A label of the earlier platform.',
    'I turned the corner, and there was the house again.', 'legacy')
  ON CONFLICT (modulation_type, modulation_key) DO UPDATE SET modulation_key = t.modulation_key
  RETURNING t.id INTO template;
  RETURN template;
END $$;
