-- A user of ours has a legacy row, unless the user is erased.
SELECT jsonb_build_array(u.id) AS place, u.id AS key, l.id IS NULL AND u.erased_at IS NULL AS is_extra
FROM (SELECT u.id, u.erased_at FROM platform.users u
  WHERE $1::jsonb IS NULL OR u.id > $1 ->> 0 ORDER BY u.id LIMIT $2) u
LEFT JOIN LATERAL legacy_sync.rows_of_users(ARRAY[u.id]) l ON true
