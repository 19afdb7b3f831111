-- A story of ours has a legacy row, unless the old application deleted the story and others narrate it.
SELECT jsonb_build_array(s.id) AS place, s.id::text AS key,
  l.id IS NULL AND NOT EXISTS (SELECT FROM legacy_sync.kept k WHERE k.source_table = 'stories' AND k.source_id = s.id::text)
  AS is_extra
FROM (SELECT s.id FROM reference.stories s
  WHERE s.id > coalesce(($1::jsonb -> 0)::int, -2147483648) ORDER BY s.id LIMIT $2) s
LEFT JOIN LATERAL legacy_sync.rows_of_stories(ARRAY[s.id::text]) l ON true
