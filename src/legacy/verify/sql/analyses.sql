-- Every analysis, found through the present text of its story. legacy_data holds each legacy row of the text as it is.
-- The row that counts says what our analysis shows.
SELECT l.id::text AS key, '' AS part, a.id IS NOT NULL AS is_there, e AS expected, f AS found
FROM l CROSS JOIN legacy_sync.settings g
LEFT JOIN reference.stories s ON s.id = l.story_id
LEFT JOIN reference.story_analyses a ON a.content_hash = s.content_hash AND a.language = s.language
  AND a.analysis_type = lower(substr(btrim(l.analysis_type), 1, 200)) AND a.analyzer_id = 'legacy' AND a.schema_version = 0
LEFT JOIN legacy_sync.id_map m ON m.source_table = 'story_analyses' AND m.source_id = l.id::text
CROSS JOIN LATERAL (SELECT (a.legacy_data - 'merged') - 'extracted' AS main, a.legacy_data #> '{extracted,0,characters}' AS extracted,
  jsonb_typeof(a.legacy_data -> 'extracted') = 'array' AS is_extracted,
  CASE jsonb_typeof(a.legacy_data -> 'merged') WHEN 'array' THEN a.legacy_data -> 'merged' ELSE '[]' END AS merged) d
CROSS JOIN LATERAL (SELECT ARRAY(SELECT i.id FROM (SELECT d.main ->> 'id' AS id
    UNION ALL SELECT x ->> 'id' FROM jsonb_array_elements(d.merged) x) i WHERE i.id ~ '^-?\d{1,10}$') AS ids) present
LEFT JOIN LATERAL (SELECT y.id::text AS id, y.content_hash IS NULL
    OR lower(y.content_hash) IN (a.content_hash, encode(sha256(convert_to(o.content, 'UTF8')), 'hex')) IS TRUE AS is_current
  FROM legacy_sync.rows_of_story_analyses(present.ids) y
  LEFT JOIN LATERAL legacy_sync.rows_of_stories(ARRAY[y.story_id::text]) o ON true
  ORDER BY 2 DESC, coalesce(y.updated_at, y.created_at, '-infinity') DESC, y.id DESC LIMIT 1) best ON true
LEFT JOIN LATERAL (SELECT legacy_sync.said_by(l.analysis_data) AS data WHERE best.id = l.id::text) w ON true
CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(w.data) WHEN 'array' THEN w.data ELSE w.data -> 'characters' END AS own) c
CROSS JOIN LATERAL (SELECT legacy_sync.expected_characters(c.own) AS own,
  legacy_sync.expected_characters(legacy_sync.said_by(d.extracted)) AS extracted) h
CROSS JOIN LATERAL (SELECT
  CASE WHEN m.source_id IS NOT NULL THEN m.target_id WHEN best.id = l.id::text THEN l.id::text END AS id,
  best.id AS "row that counts", to_jsonb(l) AS "row in legacy_data", '0 ready 0'::text AS "version, status, rank",
  NULL::jsonb AS failure) always
CROSS JOIN LATERAL (SELECT always.*,
  CASE WHEN w.data IS NULL AND best.id <> l.id::text THEN a.summary ELSE legacy_sync.string_in(w.data -> 'summary') END AS summary,
  CASE WHEN best.id <> l.id::text THEN a.mood WHEN legacy_sync.string_in(w.data -> 'moodCategory') IS NOT NULL
    THEN jsonb_build_object('label', lower(legacy_sync.string_in(w.data -> 'moodCategory')), 'valence', 0, 'arousal', 0) END AS mood,
  CASE WHEN best.id <> l.id::text THEN a.characters
    WHEN d.is_extracted AND a.analysis_type = 'narrative' AND (NOT best.is_current OR h.own = '[]') THEN h.extracted
    ELSE h.own END AS characters,
  CASE WHEN best.is_current THEN '[]'::jsonb ELSE '[{"reason": "earlier_text"}]' END AS degraded,
  CASE WHEN best.id <> l.id::text THEN a.created_at ELSE legacy_sync.expected_time(
    coalesce(l.created_at, l.updated_at, '1970-01-01'), a.created_at, g.time_zone) END AS created_at,
  CASE WHEN best.id <> l.id::text THEN a.completed_at ELSE legacy_sync.expected_time(
    coalesce(l.updated_at, l.created_at, '1970-01-01'), a.completed_at, g.time_zone) END AS completed_at) e
CROSS JOIN LATERAL (SELECT a.id::text, d.main ->> 'id' AS "row that counts",
  CASE WHEN d.main ->> 'id' = l.id::text THEN d.main ELSE (SELECT x FROM jsonb_array_elements(d.merged) x
    WHERE x ->> 'id' = l.id::text LIMIT 1) END AS "row in legacy_data",
  concat_ws(' ', a.analyzer_version, a.status, a.rank) AS "version, status, rank", a.failure,
  a.summary, a.mood, a.characters, a.degraded, a.created_at, a.completed_at) f
