-- A personal voice that came from the old application has a legacy row, unless a rule keeps it here alone.
SELECT jsonb_build_array(t.user_id, t.id) AS place, t.id::text AS key, t.legacy_original IS NOT NULL AND l.id IS NULL
  AND NOT EXISTS (SELECT FROM legacy_sync.kept k WHERE k.source_table = 'user_voice_profiles' AND k.source_id = t.id::text) AS is_extra
FROM (SELECT t.user_id, t.id, t.legacy_original FROM instances.user_voices t
  WHERE $1::jsonb IS NULL OR (t.user_id, t.id) > ($1 ->> 0, ($1 ->> 1)::bigint) ORDER BY t.user_id, t.id LIMIT $2) t
LEFT JOIN LATERAL legacy_sync.rows_of_user_voice_profiles(ARRAY[t.id::text]) l ON true
