-- OFFSET 0 keeps PostgreSQL from calculating a value once for each of its uses.
-- The facts of every file, and the row of each user who has a link to the file.
SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, e AS expected, f AS found
FROM l CROSS JOIN legacy_sync.settings g LEFT JOIN legacy_sync.sounds t ON t.id = l.id
CROSS JOIN LATERAL (SELECT legacy_sync.decoded(l.audio_data) AS bytes OFFSET 0) d
CROSS JOIN LATERAL (SELECT encode(substr(d.bytes, 1, 12), 'hex') AS head,
  lower(regexp_replace(l.mime_type, '^\s+|\s*(;.*)?$', '', 'g')) AS said OFFSET 0) h
CROSS JOIN LATERAL (SELECT encode(sha256(d.bytes), 'hex') AS sha256,
  coalesce((SELECT CASE WHEN h.said = known.video THEN known.video ELSE known.audio END FROM (VALUES
      ('52494646________57415645%', 'audio/wav', ''), ('494433%', 'audio/mpeg', ''), ('664c6143%', 'audio/flac', ''),
      ('4f676753%', 'audio/ogg', 'video/ogg'), ('1a45dfa3%', 'audio/webm', 'video/webm'),
      ('________66747970%', 'audio/mp4', 'video/mp4')) known (head, audio, video) WHERE h.head LIKE known.head LIMIT 1),
    (SELECT known.type FROM (VALUES ('audio/mpeg', '{audio/mp3,audio/x-mp3,audio/x-mpeg,audio/mpeg3}'::text[]),
      ('audio/wav', '{audio/x-wav,audio/wave,audio/vnd.wave}')) known (type, words) WHERE h.said = ANY (known.words)),
    substring(h.said FROM '^(?:audio|video)/[a-z0-9.+-]{1,60}$'), 'application/octet-stream') AS content_type,
  length(d.bytes)::bigint AS size_bytes, nullif(greatest(l.duration, 0), 0) AS duration_ms,
  (SELECT jsonb_object_agg(copy.name, copy.value) FROM (VALUES ('fileName', to_jsonb(l.file_name)),
    ('mimeType', to_jsonb(l.mime_type)), ('fileSize', to_jsonb(l.file_size)), ('duration', to_jsonb(l.duration)),
    ('metadata', l.metadata)) copy (name, value) WHERE copy.value IS NOT NULL) AS legacy_original,
  l.created_at AT TIME ZONE g.time_zone AS "legacy_original.createdAt") e
CROSS JOIN LATERAL (SELECT t.sha256, t.content_type, t.size_bytes, t.duration_ms, t.legacy_original - 'createdAt' AS legacy_original,
  legacy_sync.time_in(t.legacy_original ->> 'createdAt') AS "legacy_original.createdAt") f
UNION ALL
SELECT l.id::text, format('owner %s.', u.public_id), true, e, f
FROM l JOIN legacy_sync.sounds s ON s.id = l.id
JOIN instances.user_legacy_sounds t ON t.id = l.id JOIN platform.users u ON u.id = t.user_id
CROSS JOIN LATERAL (SELECT concat_ws('/', 'owned', u.public_id, s.sha256) AS blob_key, s.content_type, s.size_bytes, s.duration_ms,
  s.legacy_original) e
CROSS JOIN LATERAL (SELECT t.blob_key, t.content_type, t.size_bytes, t.duration_ms, t.legacy_original) f
