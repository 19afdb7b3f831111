-- Every voice profile: a personal voice, and its clone as the neutral emotion voice. A name and a language that our
-- side chose stay while the profile is as it was. A neutral voice that its owner adopted stays as it was.
SELECT h.key, h.part, h.is_there, h.expected, h.found FROM (
  SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, e AS expected, f AS found
  FROM l CROSS JOIN legacy_sync.settings g
  LEFT JOIN instances.user_voices t ON t.user_id = l.user_id AND t.id = l.id
  LEFT JOIN legacy_sync.choices o ON o.target_table = 'user_voices' AND o.target_id = l.id::text AND o.column_name = 'display_name'
  LEFT JOIN legacy_sync.clones c ON c.user_id = l.user_id AND c.vendor_id = legacy_sync.trimmed(l.elevenlabs_voice_id)
  LEFT JOIN instances.user_emotion_voices n ON n.user_id = l.user_id AND n.id = (1::bigint << 40) + l.id
  CROSS JOIN LATERAL (SELECT legacy_sync.trimmed(l.elevenlabs_voice_id) AS vendor) v
  CROSS JOIN LATERAL (SELECT legacy_sync.own_voice(g.salt, l.id) AS voice, 'elevenlabs'::text AS provider, 'cloned'::text AS kind,
    CASE WHEN t.display_name = o.value THEN o.value ELSE coalesce(legacy_sync.trimmed(l.profile_name), 'My voice') END AS display_name,
    coalesce((regexp_match(lower(l.language), '^\s*([a-z]{2,3})($|[^a-z])'))[1], 'en') AS language,
    legacy_sync.expected_time(coalesce(l.created_at, l.updated_at, '1970-01-01'), t.created_at, g.time_zone) AS created_at,
    to_jsonb(l) - 'id' - 'user_id' AS legacy_original, v.vendor IS NOT NULL OR n.label IS NOT NULL AS "has a neutral voice",
    CASE WHEN v.vendor IS NOT NULL THEN legacy_sync.own_voice(g.salt, least(c.profile_id, l.id)) END AS "voice of the clone") e
  CROSS JOIN LATERAL (SELECT t.voice, t.provider, t.kind, t.display_name, t.language, t.created_at, t.legacy_original,
    n.id IS NOT NULL AS "has a neutral voice", c.voice AS "voice of the clone") f) h
UNION ALL
SELECT h.key, h.part, h.is_there, h.expected, h.found FROM (
  SELECT l.id::text AS key, 'neutral voice: ' AS part, t.id IS NOT NULL AS is_there,
    CASE WHEN t.label IS NOT NULL THEN f ELSE e END AS expected, f AS found
  FROM l CROSS JOIN legacy_sync.settings g
  LEFT JOIN instances.user_emotion_voices t ON t.user_id = l.user_id AND t.id = (1::bigint << 40) + l.id
  LEFT JOIN reference.voice_modulation_templates m ON m.id = t.template_id
  CROSS JOIN LATERAL (SELECT legacy_sync.expected_time(
    coalesce(l.updated_at, l.created_at, '1970-01-01'), t.updated_at, g.time_zone) AS updated) w
  CROSS JOIN LATERAL (SELECT 'emotion/neutral'::text AS template, l.id::bigint AS voice_id, 1 AS revision, 'cloned'::text AS kind,
    'elevenlabs'::text AS provider, legacy_sync.trimmed(l.elevenlabs_voice_id) AS provider_voice_id,
    'ready'::text AS training_status, CASE WHEN t.consent_id IS NULL THEN 'awaiting_consent' ELSE t.state END AS state,
    NULL::jsonb AS failure, w.updated AS trained_at,
    legacy_sync.expected_time(coalesce(l.created_at, l.updated_at, '1970-01-01'), t.created_at, g.time_zone) AS created_at,
    CASE WHEN t.consent_id IS NULL THEN w.updated ELSE t.updated_at END AS updated_at) e
  CROSS JOIN LATERAL (SELECT m.modulation_type || '/' || m.modulation_key AS template, t.voice_id, t.revision, t.kind,
    t.provider, t.provider_voice_id, t.training_status, t.state, t.failure, t.trained_at, t.created_at, t.updated_at) f
  WHERE legacy_sync.trimmed(l.elevenlabs_voice_id) IS NOT NULL) h
