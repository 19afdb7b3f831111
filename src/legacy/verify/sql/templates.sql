-- Every template. Of the legacy rows with one type and key, the active row with the lowest id counts; the others are
-- merged into its template.
SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, e AS expected, f AS found
FROM l CROSS JOIN legacy_sync.settings g
CROSS JOIN LATERAL (SELECT legacy_sync.template_named(l.modulation_type, l.modulation_key) AS name) k
LEFT JOIN reference.voice_modulation_templates t
  ON t.modulation_type = split_part(k.name, '/', 1) AND t.modulation_key = split_part(k.name, '/', 2)
LEFT JOIN legacy_sync.id_map m ON m.source_table = 'voice_modulation_templates' AND m.source_id = l.id::text
LEFT JOIN LATERAL (SELECT a.* FROM legacy_sync.page_of_voice_modulation_templates(NULL, 1000000) a
  WHERE legacy_sync.template_named(a.modulation_type, a.modulation_key) = k.name
  ORDER BY a.is_active IS FALSE, a.id LIMIT 1) w ON true
CROSS JOIN LATERAL (SELECT coalesce(legacy_sync.trimmed(w.display_name), initcap(replace(t.modulation_key, '_', ' '))) AS name) n
CROSS JOIN LATERAL (SELECT
  CASE WHEN m.source_id IS NOT NULL THEN m.target_id WHEN w.id = l.id THEN l.id::text END AS id, k.name AS "type and key",
  n.name AS display_name, coalesce(legacy_sync.trimmed(w.description), n.name) AS description,
  coalesce(legacy_sync.trimmed(w.sample_text), n.name) AS sample_text,
  CASE WHEN w.target_duration >= 1 THEN w.target_duration ELSE 10 END AS target_duration_seconds,
  coalesce(legacy_sync.trimmed(w.category), 'basic') AS category,
  CASE WHEN jsonb_typeof(w.voice_settings) = 'object' THEN w.voice_settings
    WHEN w.voice_settings <> 'null' THEN jsonb_build_object('legacy', w.voice_settings) END AS voice_settings,
  w.is_active IS NOT FALSE OR k.name = 'emotion/neutral' AS is_active, coalesce(w.sort_order, 0) AS sort_order,
  legacy_sync.expected_time(coalesce(w.created_at, w.updated_at, '1970-01-01'), t.created_at, g.time_zone) AS created_at,
  legacy_sync.expected_time(coalesce(w.updated_at, w.created_at, '1970-01-01'), t.updated_at, g.time_zone) AS updated_at) e
CROSS JOIN LATERAL (SELECT t.id::text, t.modulation_type || '/' || t.modulation_key AS "type and key", t.display_name,
  t.description, t.sample_text, t.target_duration_seconds, t.category, t.voice_settings, t.is_active, t.sort_order,
  t.created_at, t.updated_at) f
