-- Every recording. A recording that its owner adopted keeps what was measured here, and needs no file any more.
SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, e AS expected, f AS found
FROM l CROSS JOIN legacy_sync.settings g
LEFT JOIN instances.user_voice_samples t ON t.user_id = l.user_id AND t.id = l.id
LEFT JOIN reference.voice_modulation_templates m ON m.id = t.template_id
CROSS JOIN LATERAL (SELECT t.consent_id IS NOT NULL AS is_ours) w
CROSS JOIN LATERAL (SELECT CASE WHEN w.is_ours THEN m.modulation_type || '/' || m.modulation_key
    ELSE legacy_sync.label_named(l.sample_type, l.label) END AS template,
  CASE WHEN w.is_ours THEN t.state ELSE 'awaiting_consent' END AS state,
  CASE WHEN w.is_ours THEN t.legacy_audio ELSE l.audio_url END AS legacy_audio,
  CASE WHEN w.is_ours THEN t.duration_ms WHEN l.duration > 0 THEN l.duration END AS duration_ms,
  CASE WHEN w.is_ours THEN t.is_locked ELSE l.is_locked IS TRUE END AS is_locked,
  CASE WHEN w.is_ours THEN t.recorded_at ELSE legacy_sync.expected_time(
    coalesce(l.recorded_at, l.locked_at, '1970-01-01'), t.recorded_at, g.time_zone) END AS recorded_at,
  CASE WHEN w.is_ours THEN t.legacy_original ELSE to_jsonb(l) - 'id' - 'user_id' - 'audio_url' END AS legacy_original,
  legacy_sync.linked_sounds(l.user_id, ARRAY[l.audio_url], w.is_ours) AS sounds) e
CROSS JOIN LATERAL (SELECT m.modulation_type || '/' || m.modulation_key AS template, t.state, t.legacy_audio,
  t.duration_ms, t.is_locked, t.recorded_at, t.legacy_original, legacy_sync.linked_sounds(l.user_id, ARRAY[l.audio_url], true) AS sounds) f
