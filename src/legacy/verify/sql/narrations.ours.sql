-- A narration of ours has a legacy row, unless it is derived from its story and nobody has used it, or the old
-- application deleted it and it is public.
SELECT jsonb_build_array(n.user_id, n.id) AS place, n.id::text AS key, l.id IS NULL
  AND NOT EXISTS (SELECT FROM legacy_sync.id_map i WHERE i.source_table = 'stories' AND i.kind = 'derived'
    AND i.target_table = 'instances.user_story_narrations' AND i.source_id = n.reference_story_id::text AND i.target_id = n.id::text)
  AND NOT EXISTS (SELECT FROM legacy_sync.kept k WHERE k.source_table = 'story_narrations' AND k.source_id = n.id::text)
  AS is_extra
FROM (SELECT n.user_id, n.id, n.reference_story_id FROM instances.user_story_narrations n
  WHERE $1::jsonb IS NULL OR (n.user_id, n.id) > ($1 ->> 0, ($1 ->> 1)::bigint) ORDER BY n.user_id, n.id LIMIT $2) n
LEFT JOIN LATERAL legacy_sync.rows_of_story_narrations(ARRAY[n.id::text]) l ON l.user_id = n.user_id
