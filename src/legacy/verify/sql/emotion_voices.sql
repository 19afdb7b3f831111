-- Every emotion voice. A voice that our side trained or adopted, which then has a label, stays as it was.
SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, CASE WHEN w.is_ours THEN f ELSE e END AS expected, f AS found
FROM l CROSS JOIN legacy_sync.settings g
LEFT JOIN LATERAL legacy_sync.rows_of_user_voice_profiles(ARRAY[l.user_voice_profile_id::text]) p ON true
LEFT JOIN instances.user_emotion_voices t ON t.user_id = p.user_id AND t.id = l.id
LEFT JOIN reference.voice_modulation_templates m ON m.id = t.template_id
CROSS JOIN LATERAL (SELECT lower(trim(E' \t\n\r' FROM l.training_status)) AS status,
  legacy_sync.trimmed(l.elevenlabs_voice_id) AS vendor, t.label IS NOT NULL AS is_ours) w
CROSS JOIN LATERAL (SELECT CASE
    WHEN w.status = 'failed' THEN 'failed' WHEN w.status = 'completed' AND w.vendor IS NULL THEN 'lost'
    WHEN w.status IN ('pending', 'collecting', 'training') THEN 'open' WHEN w.status = 'completed' OR w.vendor IS NOT NULL THEN 'done'
    ELSE 'open' END AS training) k
CROSS JOIN LATERAL (SELECT legacy_sync.expected_time(
  coalesce(l.updated_at, l.created_at, '1970-01-01'), t.updated_at, g.time_zone) AS updated) u
CROSS JOIN LATERAL (SELECT legacy_sync.label_named('emotion', l.emotion) AS template,
  l.user_voice_profile_id::bigint AS voice_id, (CASE l.id WHEN 2147483647 THEN 2147483647 ELSE l.id + 1 END) AS revision, 'cloned'::text AS kind, 'elevenlabs'::text AS provider,
  w.vendor AS provider_voice_id, CASE k.training WHEN 'done' THEN 'ready' WHEN 'open' THEN 'collecting' ELSE 'failed' END AS training_status,
  CASE WHEN t.consent_id IS NULL THEN 'awaiting_consent' ELSE t.state END AS state,
  CASE k.training WHEN 'failed' THEN jsonb_build_object('message', 'The training failed on the earlier platform; train the voice again.')
    WHEN 'lost' THEN jsonb_build_object('message', 'The earlier platform lost this voice; train the voice again.') END AS failure,
  CASE WHEN l.sample_count > 0 THEN l.sample_count ELSE 0 END AS sample_count,
  CASE WHEN l.quality_score >= 0 AND l.quality_score <= 1 THEN l.quality_score
    WHEN l.quality_score > 1 AND l.quality_score <= 100 THEN l.quality_score / 100 END AS quality_score,
  l.never_delete IS TRUE AS never_delete, CASE WHEN k.training = 'done' THEN u.updated END AS trained_at,
  legacy_sync.expected_time(coalesce(l.created_at, l.updated_at, '1970-01-01'), t.created_at, g.time_zone) AS created_at,
  CASE WHEN t.consent_id IS NULL THEN u.updated ELSE t.updated_at END AS updated_at,
  to_jsonb(l) - 'id' AS legacy_original) e
CROSS JOIN LATERAL (SELECT m.modulation_type || '/' || m.modulation_key AS template, t.voice_id, t.revision, t.kind,
  t.provider, t.provider_voice_id, t.training_status, t.state, t.failure, t.sample_count, t.quality_score, t.never_delete,
  t.trained_at, t.created_at, t.updated_at, t.legacy_original) f
