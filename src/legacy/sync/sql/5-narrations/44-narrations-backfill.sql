-- The backfill of narrations.

-- role: sync
-- Takes one page of a part in one statement. Quarantines the narrations of the page that cannot be mapped. JIT compilation
-- would take longer than the page.
CREATE FUNCTION legacy_sync.backfill_narrations(after text, size integer, until text DEFAULT NULL)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
  AS $$
DECLARE previous text := legacy_sync.enter('legacy'); run_rows integer;
BEGIN
  -- A join would read all users and all stories for each page.
  WITH page AS MATERIALIZED (
    SELECT l.id AS key, l.segments, m.*, is_mapped, CASE WHEN NOT is_mapped THEN l END AS unmapped,
      (SELECT true FROM legacy_sync.quarantine q
        WHERE q.source_table = 'story_narrations' AND q.source_id = l.id::text) AS was_refused
    FROM legacy_sync.read_narrations(after, size, until) l CROSS JOIN legacy_sync.time_zone() zone
    LEFT JOIN LATERAL legacy_sync.map_narration(l, zone) m ON true
    CROSS JOIN LATERAL (SELECT m.id IS NOT NULL AND coalesce((SELECT true FROM platform.users u WHERE u.id = l.user_id), false)
      AND coalesce((SELECT true FROM reference.stories s WHERE s.id = l.story_id), false) AS is_mapped OFFSET 0) e),
  made AS (
    INSERT INTO instances.user_story_narrations (user_id, id, reference_story_id, narrator_voice, narrator_voice_name,
      narrator_voice_type, segment_count, status, duration_ms, legacy_original, created_at, updated_at)
    SELECT p.user_id, p.id, p.reference_story_id, p.narrator_voice, p.narrator_voice_name, p.narrator_voice_type,
      p.segment_count, p.status, p.duration_ms, p.legacy_original, p.created_at, p.updated_at
    FROM page p WHERE p.is_mapped
    ON CONFLICT DO NOTHING RETURNING user_id, id, legacy_original ->> 'audioFileUrl' AS link),
  lines AS (
    INSERT INTO instances.user_narration_segments
      (user_id, narration_id, position, kind, text, speaker_id, emotion, intensity, extra)
    SELECT p.user_id, p.id, s.place, s.kind, s.text, s.speaker_id, s.emotion, s.intensity, s.extra
    FROM page p JOIN made ON made.id = p.id CROSS JOIN LATERAL legacy_sync.map_segments(p.segments) s
    RETURNING user_id, extra ->> 'audioUrl' AS link),
  linked AS (
    SELECT legacy_sync.take_links(array_agg(s.user_id), array_agg(s.link))
    FROM (SELECT m.user_id, m.link FROM made m UNION ALL SELECT i.user_id, i.link FROM lines i) s
    WHERE s.link LIKE '%audio://%'),
  released AS (
    DELETE FROM legacy_sync.quarantine q USING page p
    WHERE p.was_refused AND p.is_mapped AND q.source_table = 'story_narrations' AND q.source_id = p.key::text),
  refused AS (
    SELECT legacy_sync.refuse('story_narrations', p.key::text, (p.unmapped).user_id, o.reason, o.detail)
    FROM page p CROSS JOIN LATERAL legacy_sync.narration_obstacle(p.unmapped) o WHERE NOT p.is_mapped)
  SELECT max(p.key)::text, count(*), (SELECT count(*) FROM made), (SELECT count(*) FROM refused) + (SELECT count(*) FROM linked)
  INTO last_key, taken, written, run_rows FROM page p;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;
