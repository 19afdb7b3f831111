-- The backfill of narrations.

-- role: sync
-- Takes one page row by row, and quarantines each row that fails.
CREATE FUNCTION legacy_sync.backfill_narrations_singly(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE l public.story_narrations; is_known boolean;
BEGIN
  taken := 0;
  written := 0;
  FOR l IN SELECT * FROM legacy_sync.read_narrations(after, size) LOOP
    last_key := l.id;
    taken := taken + 1;
    is_known := EXISTS (SELECT FROM instances.user_story_narrations n WHERE n.user_id = l.user_id AND n.id = l.id);
    BEGIN
      PERFORM legacy_sync.put_narration(l, legacy_sync.time_zone());
      IF NOT is_known AND EXISTS (SELECT FROM instances.user_story_narrations n WHERE n.user_id = l.user_id AND n.id = l.id)
      THEN written := written + 1; END IF;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
      PERFORM legacy_sync.refuse('story_narrations', l.id::text, l.user_id, SQLSTATE, SQLERRM);
    END;
  END LOOP;
  RETURN NEXT;
END $$;

-- Takes one page in one statement. Quarantines the narrations of the page that cannot be mapped. A row that our
-- tables refuse fails the statement, so the page is then taken row by row.
CREATE FUNCTION legacy_sync.backfill_narrations(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := legacy_sync.enter('legacy'); refused_rows integer;
BEGIN
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
  EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    SELECT p.* INTO last_key, taken, written FROM legacy_sync.backfill_narrations_singly(after, size) p;
  END;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;
