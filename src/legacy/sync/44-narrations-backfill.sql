-- The backfill of narrations.

-- role: sync
-- Takes one page in one statement. Quarantines the narrations of the page that cannot be mapped.
CREATE FUNCTION legacy_sync.backfill_narrations(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy'); refused_rows integer;
BEGIN
  WITH page AS MATERIALIZED (SELECT l FROM legacy_sync.read_narrations(after, size) l),
  mapped AS MATERIALIZED (
    SELECT (page.l).segments AS segments, m.*
    FROM page CROSS JOIN legacy_sync.time_zone() zone CROSS JOIN LATERAL legacy_sync.map_narration(page.l, zone) m
    WHERE EXISTS (SELECT FROM platform.users u WHERE u.id = m.user_id)
      AND EXISTS (SELECT FROM reference.stories s WHERE s.id = m.reference_story_id)),
  made AS (
    INSERT INTO instances.user_story_narrations (user_id, id, reference_story_id, narrator_voice, narrator_voice_name,
      narrator_voice_type, segment_count, status, duration_ms, legacy_original, created_at, updated_at)
    SELECT m.user_id, m.id, m.reference_story_id, m.narrator_voice, m.narrator_voice_name, m.narrator_voice_type,
      m.segment_count, m.status, m.duration_ms, m.legacy_original, m.created_at, m.updated_at
    FROM mapped m
    ON CONFLICT DO NOTHING RETURNING id),
  lines AS (
    INSERT INTO instances.user_narration_segments
      (user_id, narration_id, position, kind, text, speaker_id, emotion, intensity, extra)
    SELECT mapped.user_id, mapped.id, s.place, s.kind, s.text, s.speaker_id, s.emotion, s.intensity, s.extra
    FROM mapped JOIN made ON made.id = mapped.id CROSS JOIN LATERAL legacy_sync.map_segments(mapped.segments) s),
  released AS (
    DELETE FROM legacy_sync.quarantine q USING mapped m
    WHERE q.source_table = 'story_narrations' AND q.source_id = m.id::text),
  refused AS (
    SELECT legacy_sync.refuse('story_narrations', (page.l).id::text, (page.l).user_id, o.reason, o.detail)
    FROM page CROSS JOIN LATERAL legacy_sync.narration_obstacle(page.l) o
    WHERE (SELECT count(*) FROM mapped) < (SELECT count(*) FROM page))
  SELECT (SELECT max((page.l).id)::text FROM page), (SELECT count(*) FROM page), (SELECT count(*) FROM made),
    (SELECT count(*) FROM refused)
  INTO last_key, taken, written, refused_rows;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;
