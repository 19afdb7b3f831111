-- Fills the legacy tables with rows as the running platform has them, oddities included. The settings demo.seed
-- and demo.narrations choose the rows: the same settings give the same rows, on every server.

-- Returns a number from 0 to 1 (without 1) for row n.
CREATE OR REPLACE FUNCTION pg_temp.draw(what text, n bigint) RETURNS double precision LANGUAGE sql IMMUTABLE
AS $$ SELECT ('x' || substr(md5(current_setting('demo.seed') || what || n), 1, 8))::bit(32)::bigint / 4294967296.0 $$;

CREATE OR REPLACE FUNCTION pg_temp.pick(options text[], what text, n bigint) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT options[1 + floor(pg_temp.draw(what, n) * cardinality(options))::int] $$;

CREATE OR REPLACE FUNCTION pg_temp.day(what text, n bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE
AS $$ SELECT timestamp '2024-01-01 08:00' + make_interval(mins => floor(pg_temp.draw(what, n) * 900000)::int) $$;

CREATE OR REPLACE FUNCTION pg_temp.how_many(share double precision) RETURNS integer LANGUAGE sql STABLE
AS $$ SELECT greatest(6, ceil(current_setting('demo.narrations')::int * share))::int $$;

CREATE OR REPLACE FUNCTION pg_temp.sentence(what text, n bigint) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT format(pg_temp.pick(ARRAY[
  'The lamp in the %s went out, and nobody moved.', '“Is anyone in the %s?” asked Mara.', 'Rain fell on the %s all night.',
  'Old Teo laughed. “The %s has waited long enough!”', 'She whispered, “Do not go near the %s.”',
  'Far below the %s, the river began to rise.', 'By noon the whole village stood around the %s.',
  '“I lost the key of the %s,” said Teo, and he wept.'], what, n),
  pg_temp.pick(ARRAY['mill', 'harbour', 'orchard', 'chapel', 'granary', 'ferry', 'signal box', 'well'], what || 'place', n)) $$;

INSERT INTO public.users (id, email, first_name, last_name, display_name, profile_image_url, external_id, language, locale,
  native_language, is_admin, is_active, last_login_at, created_at, updated_at)
SELECT 'user-' || n,
  CASE WHEN pg_temp.draw('mail', n) > 0.03 THEN 'user' || n || '@example.org' END,
  pg_temp.pick(ARRAY['Ada', 'Ben', 'Cleo', 'Dora', ' Emil ', '', NULL], 'first', n),
  pg_temp.pick(ARRAY['Byron', 'Okafor', 'Ström', 'Nakamura', NULL], 'last', n),
  CASE WHEN pg_temp.draw('named', n) < 0.5 THEN 'Reader ' || n END,
  CASE WHEN pg_temp.draw('face', n) < 0.3 THEN 'https://img.example.org/' || n || '.png' END,
  CASE WHEN pg_temp.draw('external', n) < 0.4 THEN 'ext-' || n END,
  pg_temp.pick(ARRAY['en', 'en', 'de', 'EN', 'pt-BR', NULL], 'language', n), pg_temp.pick(ARRAY['en-US', NULL], 'locale', n),
  pg_temp.pick(ARRAY['sv', NULL], 'native', n), pg_temp.draw('admin', n) < 0.01,
  CASE WHEN pg_temp.draw('active', n) < 0.02 THEN NULL ELSE pg_temp.draw('active', n) > 0.04 END,
  CASE WHEN pg_temp.draw('login', n) < 0.6 THEN pg_temp.day('login', n) END,
  CASE WHEN pg_temp.draw('born', n) > 0.01 THEN pg_temp.day('born', n) END, pg_temp.day('touched', n)
FROM generate_series(1, pg_temp.how_many(0.1)) n;

INSERT INTO public.stories (title, content, summary, category, genre, tags, emotional_tags, mood_category, age_rating,
  reading_time, extracted_characters, extracted_emotions, cover_image_url, author_id, narrator_voice,
  narrator_voice_type, upload_type, original_audio_url, processing_status, status, is_published, is_public, published_at,
  copyright_info, license_type, is_adult_content, view_count, likes, language, created_at, updated_at)
SELECT
  pg_temp.pick(ARRAY['The Ferry', 'Harbour Lights', 'A Key for Teo', 'Ærø in Winter', 'Dust & Rain', ' Untidy  Title '], 'title', n)
    || CASE WHEN pg_temp.draw('numbered', n) < 0.9 THEN ' ' || n ELSE '' END,
  CASE WHEN c.odd < 0.03 THEN NULL WHEN c.odd < 0.05 THEN E' \n ' ELSE
    CASE WHEN c.odd < 0.06 THEN E'\ufeff' ELSE '' END
    || (SELECT string_agg(pg_temp.sentence('text' || s, n), CASE WHEN c.odd < 0.08 THEN E'\r\n\r\n' WHEN c.odd < 0.09 THEN E'\r' ELSE E'\n\n' END
        ORDER BY s) FROM generate_series(1, 3 + floor(pg_temp.draw('long', n) * 9)::int) s)
    || CASE WHEN c.odd < 0.10 THEN ' It was a cafÃ© near the river.' ELSE '' END END,
  CASE WHEN c.odd < 0.05 OR pg_temp.draw('summed', n) < 0.5 THEN pg_temp.sentence('summary', n) END,
  pg_temp.pick(ARRAY['fiction', 'Children', 'memoir'], 'category', n), pg_temp.pick(ARRAY['fantasy', 'Mystery', NULL], 'genre', n),
  CASE WHEN pg_temp.draw('tagged', n) < 0.7 THEN ARRAY['river', 'Night', NULL]::text[] END, ARRAY['joy', 'fear'],
  pg_temp.pick(ARRAY['eerie', 'warm', NULL], 'mood', n), pg_temp.pick(ARRAY['general', 'teen', 'PG-13', NULL], 'age', n),
  floor(pg_temp.draw('minutes', n) * 20)::int,
  CASE WHEN pg_temp.draw('characters', n) < 0.3 THEN '[{"name": "Mara", "role": "lead", "traits": ["brave"]}, {"name": " Teo "}]'::jsonb ELSE '[]' END,
  CASE WHEN pg_temp.draw('characters', n) < 0.2 THEN '[{"emotion": "Joy ", "intensity": 7, "quote": "at last"}]'::jsonb ELSE NULL END,
  pg_temp.pick(ARRAY['https://img.example.org/cover.jpg', '/covers/7.jpg', NULL], 'cover', n),
  CASE WHEN pg_temp.draw('author', n) > 0.08 THEN 'user-' || (1 + floor(pg_temp.draw('author', n) * pg_temp.how_many(0.1)))::int END,
  CASE WHEN pg_temp.draw('voiced', n) < 0.2 THEN pg_temp.pick(ARRAY['alloy', 'nova', 'vendor-3'], 'voice', n) END,
  CASE WHEN pg_temp.draw('voiced', n) < 0.2 THEN pg_temp.pick(ARRAY['ai', 'user', NULL], 'kind', n) END,
  pg_temp.pick(ARRAY['text', 'voice', 'manual', 'file'], 'upload', n), pg_temp.pick(ARRAY['audio://1', NULL, NULL], 'origin', n),
  pg_temp.pick(ARRAY['pending', 'completed', 'failed'], 'processing', n),
  CASE WHEN p.kind < 0.6 THEN 'published' WHEN p.kind < 0.62 THEN ' Published' WHEN p.kind < 0.66 THEN 'archived'
    WHEN p.kind < 0.7 THEN 'analyzed' WHEN p.kind < 0.72 THEN NULL ELSE 'draft' END,
  CASE WHEN p.kind < 0.58 THEN true WHEN p.kind < 0.6 THEN false WHEN p.kind < 0.66 THEN true WHEN p.kind < 0.68 THEN NULL
    WHEN p.kind > 0.97 THEN true ELSE false END,
  p.kind < 0.5 OR p.kind > 0.98, CASE WHEN p.kind < 0.4 THEN pg_temp.day('published', n) END,
  pg_temp.pick(ARRAY['© the author', NULL], 'copyright', n), pg_temp.pick(ARRAY['all_rights_reserved', 'CC-BY-4.0', 'cc-by', NULL], 'license', n),
  pg_temp.draw('adult', n) < 0.02, floor(pg_temp.draw('views', n) * 1000)::int, floor(pg_temp.draw('likes', n) * 50)::int,
  pg_temp.pick(ARRAY['en-US', 'en-US', 'en', 'de-DE', 'English', NULL], 'tongue', n),
  CASE WHEN pg_temp.draw('made', n) > 0.01 THEN pg_temp.day('made', n) END, pg_temp.day('changed', n)
FROM generate_series(1, pg_temp.how_many(0.1)) n, LATERAL (SELECT pg_temp.draw('odd', n) AS odd) c,
  LATERAL (SELECT pg_temp.draw('published?', n) AS kind) p ORDER BY n;

INSERT INTO public.story_analyses (story_id, analysis_type, analysis_data, content_hash, generated_by, created_at, updated_at)
SELECT s.id, CASE WHEN pg_temp.draw('type', n) < 0.9 THEN 'narrative' ELSE 'roleplay' END,
  CASE WHEN pg_temp.draw('shape', n) < 0.9 THEN jsonb_build_object('characters', '[{"name": "Mara", "description": "A ferrywoman", "personality": "calm", "role": "lead", "traits": ["brave"]}, {"name": "Teo"}]'::jsonb,
    'emotions', '[{"emotion": "Fear", "intensity": 8, "context": "the river", "quote": "rise"}]'::jsonb, 'summary', 'A night at the ' || n || 'th ferry.', 'themes', '["loss"]'::jsonb, 'moodCategory', 'eerie', 'genre', 'mystery')
    WHEN pg_temp.draw('shape', n) < 0.95 THEN to_jsonb('not what was asked'::text) ELSE '[{"name": "Mara"}]'::jsonb END,
  CASE WHEN pg_temp.draw('hashed', n) < 0.5 THEN encode(sha256(convert_to(coalesce(s.content, ''), 'UTF8')), 'hex')
    WHEN pg_temp.draw('hashed', n) < 0.6 THEN encode(sha256(convert_to('an earlier text ' || n, 'UTF8')), 'hex') END,
  'user-' || (1 + n % pg_temp.how_many(0.1)), pg_temp.day('analysed', n), pg_temp.day('again', n)
FROM generate_series(1, pg_temp.how_many(0.06)) n
JOIN public.stories s ON s.id = 1 + (n * 7) % pg_temp.how_many(0.05) ORDER BY n;

INSERT INTO public.voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text,
  category, voice_settings, is_active, sort_order, created_at, updated_at)
SELECT type, key, initcap(btrim(key)), 'Of the earlier platform.', 'Say it as you feel it.', 'basic',
  CASE WHEN n % 3 = 0 THEN '{"stability": 0.4}'::jsonb END, CASE WHEN n % 11 = 0 THEN NULL ELSE n % 7 <> 0 END, n, pg_temp.day(key, n), pg_temp.day(type, n)
FROM (VALUES ('emotion', 'happy'), ('emotion', 'Happy '), ('emotion', 'sad'), ('emotion', 'neutral'), ('emotion', 'fear'),
  ('sound', 'cat_sound'), ('sound', 'Thunder'), ('description', 'slow_description'), ('description', 'whisper'),
  ('modulation', 'Whisper'), ('emotion', 'very angry'), ('emotion', 'sad')) t (type, key)
  CROSS JOIN LATERAL (SELECT length(key) + length(type) AS n) x;

CREATE OR REPLACE FUNCTION pg_temp.segments(n bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$
  SELECT jsonb_agg(CASE
    WHEN pg_temp.draw('item' || s, n) < 0.01 THEN to_jsonb('only a text'::text)
    WHEN pg_temp.draw('item' || s, n) < 0.02 THEN '{"text": null, "emotion": "joy"}'::jsonb
    ELSE jsonb_strip_nulls(jsonb_build_object('text', pg_temp.sentence('line' || s, n),
      'emotion', pg_temp.pick(ARRAY['neutral', 'Happy ', 'joy', 'fear', '', NULL], 'feel' || s, n),
      'audioUrl', CASE WHEN n % 3 = 0 THEN pg_temp.pick(ARRAY['/audio/1.mp3', 'https://cdn.example.org/2.mp3', 'audio://1', NULL], 'sound' || s, n) END,
      'voiceUsed', pg_temp.pick(ARRAY['alloy', 'nova', NULL], 'used' || s, n),
      'speaker', pg_temp.pick(ARRAY['Mara', 'Teo', NULL, NULL], 'speaker' || s, n), 'intensity', CASE WHEN s % 4 = 0 THEN 7 END)) END ORDER BY s)
  FROM generate_series(1, 10) s $$;

INSERT INTO public.story_narrations (story_id, user_id, narrator_voice, narrator_voice_type, narrator_profile,
  conversation_style, relationship_id, shared_with_identifier, segments, total_duration, audio_file_url, created_at, updated_at)
SELECT 1 + floor(pg_temp.draw('of', n) * pg_temp.how_many(0.1))::int,
  CASE WHEN o.odd < 0.02 THEN 'gone-' || n ELSE 'user-' || (1 + floor(pg_temp.draw('by', n) * pg_temp.how_many(0.1))::int) END,
  pg_temp.pick(ARRAY['alloy', 'nova', 'Shimmer', 'vendor-3', 'vendor-unknown'], 'reads', n),
  pg_temp.pick(ARRAY['ai', 'ai', 'user'], 'reader', n), pg_temp.pick(ARRAY['neutral', 'energetic', NULL], 'profile', n),
  pg_temp.pick(ARRAY['respectful', NULL], 'style', n), CASE WHEN n % 17 = 0 THEN n::int END, CASE WHEN n % 19 = 0 THEN 'friend-' || n END,
  CASE WHEN o.odd < 0.80 THEN pg_temp.segments(n) WHEN o.odd < 0.86 THEN jsonb_build_object('segments', pg_temp.segments(n))
    WHEN o.odd < 0.92 THEN to_jsonb(pg_temp.segments(n)::text) WHEN o.odd < 0.95 THEN '[]'
    WHEN o.odd < 0.955 THEN to_jsonb('[{"text": "cut o'::text) WHEN o.odd < 0.96 THEN '{"lines": 3}' ELSE pg_temp.segments(n) END,
  CASE WHEN pg_temp.draw('length', n) < 0.03 THEN 0 WHEN pg_temp.draw('length', n) < 0.05 THEN -1 ELSE floor(pg_temp.draw('length', n) * 90000)::int END,
  CASE WHEN n % 3 = 0 THEN pg_temp.pick(ARRAY['audio://1', '/audio/whole.mp3', 'https://cdn.example.org/whole.mp3', 'data:audio/wav;base64,UklGRg=='], 'file', n) END,
  CASE WHEN pg_temp.draw('told', n) > 0.01 THEN pg_temp.day('told', n) END, pg_temp.day('retold', n)
FROM generate_series(1, current_setting('demo.narrations')::int) n, LATERAL (SELECT pg_temp.draw('narration', n) AS odd) o ORDER BY n;

INSERT INTO public.user_voice_samples (user_id, sample_type, label, audio_url, duration, is_completed, is_locked, locked_at, recorded_at)
SELECT CASE WHEN pg_temp.draw('who', n) > 0.04 THEN 'user-' || (1 + n % pg_temp.how_many(0.1)) END,
  pg_temp.pick(ARRAY['emotion', 'emotion', 'sound', 'description'], 'sample', n),
  pg_temp.pick(ARRAY['happy', 'Happy ', 'sad', 'cat_sound', 'slow_description', 'grandmother'], 'label', n),
  pg_temp.pick(ARRAY['audio://' || (1 + n % 3), '/samples/1.webm', 'https://cdn.example.org/s.mp3', 'data:audio/wav;base64,UklGRg=='], 'at', n),
  CASE WHEN n % 5 > 0 THEN (n * 137) % 9000 END, n % 4 > 0, n % 9 = 0, CASE WHEN n % 9 = 0 THEN pg_temp.day('locked', n) END, pg_temp.day('recorded', n)
FROM generate_series(1, pg_temp.how_many(0.05)) n ORDER BY n;

INSERT INTO public.user_voice_profiles (user_id, profile_name, elevenlabs_voice_id, language, base_voice, training_status, is_active, metadata, provider, created_at, updated_at)
SELECT 'user-' || (1 + n % pg_temp.how_many(0.1)), 'Voice ' || n, CASE WHEN n % 3 > 0 THEN 'vendor-' || n END,
  pg_temp.pick(ARRAY['en', 'de', 'English'], 'spoken', n), 'alloy', pg_temp.pick(ARRAY['pending', 'completed'], 'trained', n), n % 8 > 0,
  CASE WHEN n % 2 = 0 THEN '{"app": 3}'::jsonb END, pg_temp.pick(ARRAY['elevenlabs', NULL], 'maker', n), pg_temp.day('voice', n), pg_temp.day('voice+', n)
FROM generate_series(1, pg_temp.how_many(0.02)) n ORDER BY n;

INSERT INTO public.user_emotion_voices (user_voice_profile_id, emotion, elevenlabs_voice_id, training_status, sample_count,
  quality_score, voice_settings, training_metadata, training_cost, last_used_at, usage_count, never_delete, created_at, updated_at)
SELECT 1 + n % pg_temp.how_many(0.02), pg_temp.pick(ARRAY['happy', 'Happy ', 'sad', 'neutral', 'very angry'], 'trains', n),
  CASE WHEN n % 4 > 0 THEN 'vendor-' || (1 + n % pg_temp.how_many(0.02)) END,
  pg_temp.pick(ARRAY['pending', 'collecting', 'training', 'completed', 'completed', 'failed'], 'training', n), (n % 6)::int,
  CASE WHEN n % 3 = 0 THEN pg_temp.draw('quality', n) END, CASE WHEN n % 4 = 0 THEN '{"style": 0.5}'::jsonb END,
  CASE WHEN n % 5 = 0 THEN '{"run": 1}'::jsonb END, CASE WHEN n % 5 = 0 THEN 0.25 END,
  CASE WHEN n % 7 = 0 THEN pg_temp.day('used', n) END, (n % 12)::int, n % 13 = 0, pg_temp.day('taught', n), pg_temp.day('taught+', n)
FROM generate_series(1, pg_temp.how_many(0.04)) n ORDER BY n;

INSERT INTO public.audio_files (file_name, mime_type, audio_data, file_size, duration, metadata, created_at)
SELECT 'sound-' || n || '.wav', pg_temp.pick(ARRAY['audio/wav', 'audio/mpeg'], 'mime', n), w.wave,
  CASE WHEN n % 5 = 0 THEN 1 ELSE length(decode(w.wave, 'base64')) END, 10, CASE WHEN n % 2 = 0 THEN '{"source": "upload"}'::jsonb END, pg_temp.day('kept', n)
FROM generate_series(1, pg_temp.how_many(0.01)) n, LATERAL (SELECT encode(
  decode('52494646' || '84000000' || '57415645666d742010000000010001008000000000010000020010006461746160000000', 'hex')
  || substring(sha256(n::text::bytea) || sha256((n + 1)::text::bytea) || sha256((n + 2)::text::bytea) FROM 1 FOR 96), 'base64') AS wave) w ORDER BY n;
