-- The backfill of narrations.

-- role: sync
-- Takes one page in one statement. Quarantines the narrations of the page that cannot be mapped. JIT compilation
-- would take longer than the page.
CREATE FUNCTION legacy_sync.backfill_narrations(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
  AS $$
DECLARE previous text := legacy_sync.enter('legacy'); refused_rows integer;
BEGIN
  WITH page AS MATERIALIZED (
    SELECT l.id AS key, l.segments, m.*, m.id IS NOT NULL AND u.id IS NOT NULL AND s.id IS NOT NULL AS is_mapped,
      CASE WHEN m.id IS NULL OR u.id IS NULL OR s.id IS NULL THEN l END AS unmapped
    FROM legacy_sync.read_narrations(after, size) l CROSS JOIN legacy_sync.time_zone() zone
    LEFT JOIN LATERAL legacy_sync.map_narration(l, zone) m ON true
    LEFT JOIN platform.users u ON u.id = l.user_id LEFT JOIN reference.stories s ON s.id = l.story_id),
  made AS (
    INSERT INTO instances.user_story_narrations (user_id, id, reference_story_id, narrator_voice, narrator_voice_name,
      narrator_voice_type, segment_count, status, duration_ms, legacy_original, created_at, updated_at)
    SELECT p.user_id, p.id, p.reference_story_id, p.narrator_voice, p.narrator_voice_name, p.narrator_voice_type,
      p.segment_count, p.status, p.duration_ms, p.legacy_original, p.created_at, p.updated_at
    FROM page p WHERE p.is_mapped
    ON CONFLICT DO NOTHING RETURNING id),
  lines AS (
    INSERT INTO instances.user_narration_segments
      (user_id, narration_id, position, kind, text, speaker_id, emotion, intensity, extra)
    SELECT p.user_id, p.id, s.place, s.kind, s.text, s.speaker_id, s.emotion, s.intensity, s.extra
    FROM page p JOIN made ON made.id = p.id CROSS JOIN LATERAL legacy_sync.map_segments(p.segments) s),
  released AS (
    DELETE FROM legacy_sync.quarantine q USING page p
    WHERE p.is_mapped AND q.source_table = 'story_narrations' AND q.source_id = p.key::text),
  refused AS (
    SELECT legacy_sync.refuse('story_narrations', p.key::text, (p.unmapped).user_id, o.reason, o.detail)
    FROM page p CROSS JOIN LATERAL legacy_sync.narration_obstacle(p.unmapped) o WHERE NOT p.is_mapped)
  SELECT max(p.key)::text, count(*), (SELECT count(*) FROM made), (SELECT count(*) FROM refused)
  INTO last_key, taken, written, refused_rows FROM page p;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;
