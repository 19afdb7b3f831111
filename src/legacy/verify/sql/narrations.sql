-- OFFSET 0 keeps PostgreSQL from calculating a value once for each of its uses.
-- Every narration with its script. Sound that our application made has a status and a length of its own. A segment
-- that our application wrote repeats no part of the legacy item, so only the other parts are compared.
SELECT h.key, h.part, h.is_there, h.expected, h.found FROM (
  SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, e AS expected, f AS found
  FROM l CROSS JOIN legacy_sync.settings g
  LEFT JOIN instances.user_story_narrations t ON t.user_id = l.user_id AND t.id = l.id
  LEFT JOIN legacy_sync.clones own ON own.user_id = l.user_id AND own.vendor_id = btrim(l.narrator_voice, E' \t\n\r')
  LEFT JOIN legacy_sync.choices o ON o.target_table = 'user_story_narrations' AND o.target_id = l.id::text
    AND o.column_name = 'narrator_voice_name'
  CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(l.segments) WHEN 'array' THEN l.segments ELSE legacy_sync.listed(l.segments) END AS list,
    CASE WHEN jsonb_typeof(l.segments) <> 'array' THEN legacy_sync.around(l.segments) END AS around OFFSET 0) s
  CROSS JOIN LATERAL (SELECT CASE WHEN btrim(l.narrator_voice, E' \t\n\r') = '' THEN 'alloy'
    ELSE btrim(l.narrator_voice, E' \t\n\r') END AS voice, btrim(lower(l.narrator_voice_type)) = 'user' AS is_user) w
  CROSS JOIN LATERAL (SELECT lower(w.voice) = ANY ('{alloy,ash,ballad,coral,echo,fable,nova,onyx,sage,shimmer,verse}')
    OR (NOT w.is_user AND w.voice ~ '^[A-Z]?[a-z]{2,15}$') AS is_openai OFFSET 0) k
  CROSS JOIN LATERAL (SELECT CASE WHEN own.voice IS NOT NULL THEN own.voice
      WHEN w.voice ~ '^[a-z0-9_-]{1,40}:\S+$' THEN w.voice
      WHEN k.is_openai THEN concat('openai:', lower(w.voice)) ELSE concat('elevenlabs:', w.voice) END AS id,
    coalesce(own.name, w.voice) AS name,
    CASE WHEN own.voice IS NULL AND (k.is_openai OR NOT w.is_user) THEN 'ai' ELSE 'user' END AS type OFFSET 0) v
  CROSS JOIN LATERAL (SELECT t.audio IS NOT NULL OR t.rendered_script_hash IS NOT NULL OR EXISTS (
    SELECT FROM instances.user_narration_renders r WHERE r.user_id = t.user_id AND r.narration_id = t.id) AS is_ours OFFSET 0) sound
  CROSS JOIN LATERAL (SELECT count(*) AS items, count(*) FILTER (WHERE btrim(i.item ->> 'audioUrl', E' \t\n\r') <> '') AS heard,
    array_agg(i.item ->> 'audioUrl') FILTER (WHERE i.item ->> 'audioUrl' LIKE '%audio://%') || l.audio_file_url AS links
    FROM jsonb_array_elements(s.list) i (item)) n
  CROSS JOIN LATERAL (SELECT l.story_id AS reference_story_id, v.id AS narrator_voice,
    CASE WHEN t.narrator_voice_name = o.value THEN o.value ELSE v.name END AS narrator_voice_name,
    v.type AS narrator_voice_type, n.items::int AS segment_count, n.items AS segments,
    CASE WHEN sound.is_ours THEN t.status
      WHEN btrim(l.audio_file_url, E' \t\n\r') <> '' OR (n.items > 0 AND n.heard = n.items) THEN 'ready'
      ELSE 'draft' END AS status,
    CASE WHEN sound.is_ours THEN t.duration_ms ELSE nullif(greatest(l.total_duration, 0), 0) END AS duration_ms,
    (SELECT jsonb_object_agg(copy.name, copy.value) FROM (VALUES
      ('narratorVoice', CASE WHEN l.narrator_voice_type <> v.type
        OR l.narrator_voice NOT IN (v.id, substring(v.id FROM ':(.*)$')) THEN to_jsonb(l.narrator_voice) END),
      ('narratorVoiceType', CASE WHEN l.narrator_voice_type <> v.type THEN to_jsonb(l.narrator_voice_type) END),
      ('narratorProfile', CASE WHEN l.narrator_profile IS NULL THEN 'null'
        WHEN l.narrator_profile <> 'neutral' THEN to_jsonb(l.narrator_profile) END),
      ('conversationStyle', to_jsonb(l.conversation_style)), ('relationshipId', to_jsonb(l.relationship_id)),
      ('sharedWithIdentifier', to_jsonb(l.shared_with_identifier)), ('audioFileUrl', to_jsonb(l.audio_file_url)),
      ('totalDuration', CASE WHEN l.total_duration < 0 THEN to_jsonb(l.total_duration) END),
      ('segments', s.around)) copy (name, value)
      WHERE copy.value IS NOT NULL) AS legacy_original,
    legacy_sync.expected_time(coalesce(l.created_at, l.updated_at, '1970-01-01'), t.created_at, g.time_zone) AS created_at,
    legacy_sync.expected_time(coalesce(l.updated_at, l.created_at, '1970-01-01'), t.updated_at, g.time_zone) AS updated_at,
    legacy_sync.linked_sounds(l.user_id, n.links, false) AS sounds) e
  CROSS JOIN LATERAL (SELECT t.reference_story_id, t.narrator_voice, t.narrator_voice_name, t.narrator_voice_type,
    t.segment_count, (SELECT count(*) FROM instances.user_narration_segments c
      WHERE c.user_id = t.user_id AND c.narration_id = t.id) AS segments,
    t.status, t.duration_ms, t.legacy_original, t.created_at, t.updated_at,
    legacy_sync.linked_sounds(l.user_id, n.links, true) AS sounds) f) h
UNION ALL
SELECT h.key, h.part, h.is_there, h.expected, h.found FROM (
  SELECT l.id::text AS key, format('segments[%s].', i.nr - 1) AS part, t.position IS NOT NULL AS is_there, e AS expected, f AS found
  FROM l CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(l.segments) WHEN 'array' THEN l.segments ELSE legacy_sync.listed(l.segments) END) WITH ORDINALITY i (item, nr)
  -- OFFSET 0: otherwise each item of a long script is compared with each of its segments.
  LEFT JOIN LATERAL (SELECT c AS segment, c.position, c.text, c.kind, c.speaker_id, c.emotion, c.intensity, c.extra
    FROM instances.user_narration_segments c
    WHERE c.user_id = l.user_id AND c.narration_id = l.id AND c.position = (i.nr - 1)::int OFFSET 0) t ON true
  CROSS JOIN LATERAL (SELECT jsonb_typeof(i.item) AS is, CASE WHEN jsonb_typeof(i.item) = 'object' THEN i.item ELSE '{}' END AS members,
    jsonb_typeof(i.item -> 'text') = 'string' AS has_text) o
  CROSS JOIN LATERAL (SELECT CASE WHEN o.has_text THEN i.item - 'text' WHEN o.is = 'string' THEN '[]'
    ELSE jsonb_build_array(i.item) END AS extra OFFSET 0) plain
  CROSS JOIN LATERAL (SELECT left(coalesce(
    nullif(btrim(coalesce(o.members #>> '{speaker,name}', o.members ->> 'speaker'), E' \t\n\r'), ''),
    nullif(btrim(coalesce(o.members #>> '{character,name}', o.members ->> 'character'), E' \t\n\r'), '')), 200) AS name OFFSET 0) speaker
  CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(o.members -> 'intensity') = 'number'
    THEN (o.members ->> 'intensity')::numeric END AS intensity) m
  CROSS JOIN LATERAL (SELECT
    CASE WHEN o.has_text THEN i.item ->> 'text' WHEN o.is = 'string' THEN i.item #>> '{}' ELSE '' END AS text,
    CASE WHEN o.members ->> 'kind' IN ('narration', 'dialogue') THEN o.members ->> 'kind'
      WHEN speaker.name IS NULL THEN 'narration' ELSE 'dialogue' END AS kind,
    speaker.name AS speaker_id,
    CASE WHEN length(btrim(o.members ->> 'emotion', E' \t\n\r')) BETWEEN 1 AND 60
      THEN lower(btrim(o.members ->> 'emotion', E' \t\n\r')) ELSE 'neutral' END AS emotion,
    CASE WHEN m.intensity >= 0 AND m.intensity <= 10 THEN round(m.intensity / 10, 12)::real ELSE 0 END AS intensity,
    CASE WHEN plain.extra = t.extra THEN plain.extra ELSE legacy_sync.expected_extra(i.item, plain.extra, t.segment) END AS extra) e
  CROSS JOIN LATERAL (SELECT t.text, t.kind, t.speaker_id, t.emotion, t.intensity, t.extra) f) h
