-- A row of ours has a file whose bytes can be read.
SELECT jsonb_build_array(t.user_id, t.id) AS place, t.id::text AS key, s.id IS NULL OR l.id IS NULL AS is_extra
FROM (SELECT t.user_id, t.id FROM instances.user_legacy_sounds t
  WHERE $1::jsonb IS NULL OR (t.user_id, t.id) > ($1 ->> 0, ($1 ->> 1)::bigint) ORDER BY t.user_id, t.id LIMIT $2) t
LEFT JOIN legacy_sync.sounds s ON s.id = t.id
LEFT JOIN LATERAL legacy_sync.rows_of_audio_files(ARRAY[t.id::text]) l ON true
