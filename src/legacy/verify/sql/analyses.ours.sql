-- An analysis of the old application has a legacy row, or was made of what its stories held.
SELECT jsonb_build_array(a.id) AS place, a.id::text AS key,
  a.analyzer_id = 'legacy' AND a.legacy_data ->> 'id' IS NOT NULL AND l.id IS NULL AS is_extra
FROM (SELECT a.id, a.analyzer_id, a.legacy_data FROM reference.story_analyses a
  WHERE a.id > coalesce(($1::jsonb -> 0)::int, -2147483648) ORDER BY a.id LIMIT $2) a
LEFT JOIN LATERAL legacy_sync.rows_of_story_analyses(ARRAY[substring(a.legacy_data ->> 'id' FROM '^-?\d{1,9}$')]) l ON true
