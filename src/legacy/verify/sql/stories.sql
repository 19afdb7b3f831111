-- OFFSET 0 keeps PostgreSQL from calculating a value once for each of its uses.
-- Every story with its text. A story that became a draft in the old application stays archived with its text here
-- while someone narrates it. The slug ends with a hash, unless our side chose another slug.
SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, e AS expected, f AS found
FROM l CROSS JOIN legacy_sync.settings g
LEFT JOIN reference.stories t ON t.id = l.id
LEFT JOIN reference.story_texts x ON x.content_hash = t.content_hash
LEFT JOIN legacy_sync.choices o ON o.target_table = 'stories' AND o.target_id = l.id::text AND o.column_name = 'slug'
CROSS JOIN LATERAL (SELECT btrim(normalize(replace(replace(
  CASE WHEN left(l.content, 1) = U&'\FEFF' THEN substr(l.content, 2) ELSE l.content END, E'\r\n', E'\n'), E'\r', E'\n')),
  U&'\0009\000A\000B\000C\000D\0020\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000\FEFF')
  AS stored OFFSET 0) written
CROSS JOIN LATERAL (SELECT CASE WHEN legacy_sync.has_letter(written.stored) THEN written.stored END AS text OFFSET 0) c
CROSS JOIN LATERAL (SELECT lower(coalesce(legacy_sync.trimmed(l.status), '')) AS status) s
CROSS JOIN LATERAL (SELECT CASE
    WHEN c.text IS NOT NULL AND s.status = 'archived' THEN 'archived'
    WHEN c.text IS NOT NULL AND s.status <> 'draft' AND l.is_published THEN 'public'
    ELSE 'draft' END AS visibility) v
CROSS JOIN LATERAL (SELECT v.visibility = 'draft' AND t.visibility = 'archived' AND (
    EXISTS (SELECT FROM instances.user_story_narrations n
      WHERE n.reference_story_id = l.id AND n.user_id <> coalesce(t.original_author_id, ''))
    OR EXISTS (SELECT FROM reference.published_narrations p WHERE p.reference_story_id = l.id)) AS in_archive OFFSET 0) kept
LEFT JOIN reference.story_analyses a0 ON a0.content_hash = t.content_hash AND a0.language = t.language
  AND a0.analysis_type = 'narrative' AND a0.analyzer_id = 'legacy' AND a0.schema_version = 0
CROSS JOIN LATERAL (SELECT ARRAY['[]', '{}', 'null', '""']::jsonb[] AS nothing) n
CROSS JOIN LATERAL (SELECT CASE WHEN t.content_hash IS NOT NULL
    AND (l.extracted_characters <> ALL (n.nothing) OR l.extracted_emotions <> ALL (n.nothing)) THEN jsonb_build_object(
  'story_id', l.id, 'characters', l.extracted_characters, 'emotions', l.extracted_emotions) END AS item OFFSET 0) x0
CROSS JOIN LATERAL (SELECT replace(lower(coalesce(legacy_sync.trimmed(l.age_rating), 'general')), '_', ' ') AS written) r
CROSS JOIN LATERAL (SELECT CASE WHEN l.is_adult_content THEN 'adult' ELSE coalesce((
  SELECT known.rating FROM (VALUES
    ('general', '{general,g,pg,all,"all ages",everyone,kids,children}'::text[]),
    ('teen', '{teen,teens,pg-13,12,12+,13,13+,ya,"young adult"}'),
    ('adult', '{adult,adults,18,18+,nc-17,x,explicit}')) known (rating, words)
  WHERE r.written = ANY (known.words)), 'mature') END AS rating OFFSET 0) a
CROSS JOIN LATERAL (SELECT replace(legacy_sync.trimmed(l.language), '_', '-') AS tag) w
CROSS JOIN LATERAL (SELECT CASE WHEN w.tag ~* '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'
  THEN lower(split_part(w.tag, '-', 1)) || substr(w.tag, length(split_part(w.tag, '-', 1)) + 1) ELSE 'en' END AS tag OFFSET 0) language
CROSS JOIN LATERAL (SELECT '-' || left(encode(sha256(convert_to(concat(g.salt, ' ', l.id), 'UTF8')), 'hex'), 10) AS tail) h
CROSS JOIN LATERAL (SELECT
  coalesce(left(legacy_sync.trimmed(regexp_replace(l.title, '[[:cntrl:]]+', ' ', 'g')), 200), 'Untitled') AS title,
  coalesce(o.value, CASE WHEN t.slug LIKE '_%' || h.tail THEN t.slug ELSE '…' || h.tail END) AS slug,
  left(legacy_sync.trimmed(l.summary), 100000) AS summary,
  CASE WHEN c.text IS NULL AND kept.in_archive THEN t.content_hash
    ELSE encode(sha256(convert_to(c.text, 'UTF8')), 'hex') END AS content_hash,
  CASE WHEN c.text IS NULL AND kept.in_archive THEN x.content ELSE c.text END AS "text.content",
  l.author_id::text AS original_author_id,
  CASE WHEN kept.in_archive THEN 'archived' ELSE v.visibility END AS visibility,
  coalesce(legacy_sync.trimmed(l.category), 'fiction') AS category,
  legacy_sync.trimmed(l.genre) AS genre, legacy_sync.trimmed(l.sub_genre) AS sub_genre,
  ARRAY(SELECT lower(legacy_sync.trimmed(u.tag)) FROM unnest(l.tags) WITH ORDINALITY u (tag, place)
    WHERE legacy_sync.trimmed(u.tag) <> '' GROUP BY 1 ORDER BY min(u.place)) AS tags,
  coalesce(l.emotional_tags, ARRAY[]::text[]) AS emotional_tags,
  legacy_sync.trimmed(l.mood_category) AS mood, a.rating AS age_rating, a.rating = 'adult' AS is_adult,
  CASE WHEN length(t.language) > 10 AND starts_with(t.language, language.tag || '-') THEN t.language
    ELSE language.tag END AS language,
  CASE WHEN lower(ltrim(l.cover_image_url, E' \t\n\r\f\v')) SIMILAR TO 'https?://%'
    THEN legacy_sync.trimmed(l.cover_image_url) END AS cover_image_url,
  coalesce((SELECT known.license FROM (VALUES ('public_domain', '{public_domain}'::text[]), ('CC0-1.0', '{cc0,cc0_1.0}'),
      ('CC-BY-4.0', '{cc_by,cc_by_4.0}'), ('CC-BY-SA-4.0', '{cc_by_sa,cc_by_sa_4.0}'),
      ('CC-BY-NC-4.0', '{cc_by_nc,cc_by_nc_4.0}')) known (license, words)
    WHERE translate(lower(legacy_sync.trimmed(l.license_type)), '- ', '__') = ANY (known.words)),
    'all_rights_reserved') AS license,
  legacy_sync.trimmed(l.copyright_info) AS copyright_notice,
  NULL::text AS author_name, NULL::text AS cover_blob_key, NULL::text AS cover_content_type,
  CASE WHEN kept.in_archive THEN t.published_at WHEN v.visibility <> 'draft' THEN legacy_sync.expected_time(
    coalesce(l.published_at, l.updated_at, l.created_at, '1970-01-01'), t.published_at, g.time_zone) END AS published_at,
  -- Without a date of its own, a story keeps the first date that it got.
  CASE WHEN l.created_at IS NULL AND t.created_at < l.updated_at AT TIME ZONE g.time_zone THEN t.created_at
    ELSE legacy_sync.expected_time(coalesce(l.created_at, l.updated_at, '1970-01-01'), t.created_at, g.time_zone) END AS created_at,
  legacy_sync.expected_time(coalesce(l.updated_at, l.created_at, '1970-01-01'), t.updated_at, g.time_zone) AS updated_at,
  (SELECT jsonb_object_agg(copy.name, copy.value) FROM (VALUES
    ('uploadType', to_jsonb(l.upload_type)), ('processingStatus', to_jsonb(l.processing_status)),
    ('originalAudioUrl', to_jsonb(l.original_audio_url)), ('voiceSampleUrl', to_jsonb(l.voice_sample_url)),
    ('narratorVoice', to_jsonb(l.narrator_voice)), ('narratorVoiceType', to_jsonb(l.narrator_voice_type)),
    ('status', to_jsonb(l.status)), ('isPublished', to_jsonb(l.is_published)), ('isPublic', to_jsonb(l.is_public)),
    ('viewCount', to_jsonb(l.view_count)), ('likes', to_jsonb(l.likes)), ('readingTime', to_jsonb(l.reading_time)),
    ('ageRating', to_jsonb(l.age_rating)), ('isAdultContent', to_jsonb(l.is_adult_content)),
    ('license', to_jsonb(l.license_type)), ('language', to_jsonb(l.language)), ('tags', to_jsonb(l.tags)),
    ('coverImageUrl', to_jsonb(l.cover_image_url)), ('title', to_jsonb(l.title)), ('category', to_jsonb(l.category)),
    ('summary', CASE WHEN length(l.summary) > 100000 THEN to_jsonb(l.summary) END),
    ('content', CASE WHEN c.text IS NULL THEN to_jsonb(l.content) END),
    ('extractedCharacters', CASE WHEN c.text IS NULL AND l.extracted_characters <> '[]' THEN l.extracted_characters END),
    ('extractedEmotions', CASE WHEN c.text IS NULL AND l.extracted_emotions <> '[]' THEN l.extracted_emotions END)
    ) copy (name, value) WHERE copy.value <> 'null') AS "source.legacy",
  l.published_at AT TIME ZONE g.time_zone AS "source.legacy.publishedAt", x0.item AS "extracted, in the analysis",
  legacy_sync.linked_sounds(l.author_id, ARRAY[l.voice_sample_url, l.original_audio_url], false) AS sounds) e
CROSS JOIN LATERAL (SELECT t.title, t.slug, t.summary, t.content_hash, x.content AS "text.content", t.original_author_id,
  t.visibility, t.category, t.genre, t.sub_genre, t.tags, t.emotional_tags, t.mood, t.age_rating, t.is_adult, t.language,
  t.cover_image_url, t.license, t.copyright_notice, t.author_name, t.cover_blob_key, t.cover_content_type,
  t.published_at, t.created_at, t.updated_at,
  (t.source -> 'legacy') - 'publishedAt' AS "source.legacy",
  legacy_sync.time_in(t.source #>> '{legacy,publishedAt}') AS "source.legacy.publishedAt",
  (SELECT i.item FROM jsonb_array_elements(CASE jsonb_typeof(a0.legacy_data -> 'extracted') WHEN 'array'
    THEN a0.legacy_data -> 'extracted' ELSE '[]' END) i (item)
    WHERE i.item ->> 'story_id' = l.id::text LIMIT 1) AS "extracted, in the analysis",
  legacy_sync.linked_sounds(l.author_id, ARRAY[l.voice_sample_url, l.original_audio_url], true) AS sounds) f
