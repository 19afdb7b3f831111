-- The script of an edition can be read from its end, and filtered. edition_segments stays for servers of the
-- earlier version.
SET lock_timeout = '500ms';

-- Returns segments of editions from from_position to to_position, each edition's in reading order, or in reverse
-- order with from_end. Returns at most up_to segments of each edition. NULL filters nothing. Each of the two parts
-- reads the index in its own direction; PostgreSQL runs only one of them.
CREATE FUNCTION reference.find_edition_segments(of_narrations bigint[], from_position integer,
    to_position integer, of_speaker text, of_kinds text[], from_end boolean, up_to integer)
  RETURNS SETOF reference.published_narration_segments
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT g.* FROM reference.published_narrations e CROSS JOIN LATERAL (
    (SELECT t.* FROM reference.published_narration_segments t
     WHERE NOT from_end AND t.user_id = e.user_id AND t.narration_id = e.narration_id
       AND t.position >= from_position AND t.position <= to_position
       AND (of_speaker IS NULL OR t.speaker_id = of_speaker) AND (of_kinds IS NULL OR t.kind = ANY (of_kinds))
     ORDER BY t.position LIMIT up_to)
    UNION ALL
    (SELECT t.* FROM reference.published_narration_segments t
     WHERE from_end AND t.user_id = e.user_id AND t.narration_id = e.narration_id
       AND t.position >= from_position AND t.position <= to_position
       AND (of_speaker IS NULL OR t.speaker_id = of_speaker) AND (of_kinds IS NULL OR t.kind = ANY (of_kinds))
     ORDER BY t.position DESC LIMIT up_to)) g
  WHERE e.narration_id = ANY (of_narrations) $$;

CREATE FUNCTION reference.count_edition_segments(of_narrations bigint[], from_position integer,
    to_position integer, of_speaker text, of_kinds text[])
  RETURNS TABLE (narration bigint, segments bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT e.narration_id, count(*) FROM reference.published_narrations e
  JOIN reference.published_narration_segments t ON t.user_id = e.user_id AND t.narration_id = e.narration_id
  WHERE e.narration_id = ANY (of_narrations) AND t.position >= from_position AND t.position <= to_position
    AND (of_speaker IS NULL OR t.speaker_id = of_speaker) AND (of_kinds IS NULL OR t.kind = ANY (of_kinds))
  GROUP BY e.narration_id $$;

REVOKE ALL ON FUNCTION
  reference.find_edition_segments(bigint[], integer, integer, text, text[], boolean, integer),
  reference.count_edition_segments(bigint[], integer, integer, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  reference.find_edition_segments(bigint[], integer, integer, text, text[], boolean, integer),
  reference.count_edition_segments(bigint[], integer, integer, text, text[]) TO fabula_app;
