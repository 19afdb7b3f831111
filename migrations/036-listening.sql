-- Listening: a person's place in a story, whoever narrates.
SET lock_timeout = '500ms';

ALTER TABLE instances.listening_positions
  ADD COLUMN part double precision,                        -- how much of the story's segment was heard, from 0 to 1
  ADD COLUMN narration_id bigint,                          -- what the person listened to: an own narration, or an edition
  ADD COLUMN share_token_hash text,                        -- of the link by which the person may read the edition
  ADD COLUMN aside_position integer,                       -- the narration's segment, if it was not copied from the story
  ADD COLUMN aside_offset_ms integer,
  ADD COLUMN is_finished boolean NOT NULL DEFAULT false;

-- A place does not keep a story or an analysis. NOT VALID, so that no row is read: the keys were checked before.
ALTER TABLE instances.listening_positions DROP CONSTRAINT listening_positions_story_fkey;
ALTER TABLE instances.listening_positions ADD CONSTRAINT listening_positions_story_fkey
  FOREIGN KEY (reference_story_id) REFERENCES reference.stories ON DELETE CASCADE NOT VALID;
ALTER TABLE instances.listening_positions DROP CONSTRAINT listening_positions_analysis_fkey;
ALTER TABLE instances.listening_positions ADD CONSTRAINT listening_positions_analysis_fkey
  FOREIGN KEY (analysis_id) REFERENCES reference.story_analyses ON DELETE SET NULL NOT VALID;

-- Returns the segment of an analysis that contains an offset of the text. Halves the range at each step, because no
-- index has the offsets: 15 steps for a long book.
CREATE FUNCTION reference.segment_at(of_analysis integer, segment_count integer, text_offset double precision)
  RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  low integer := 0;
  high integer := segment_count - 1;
  middle integer;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT s.utf16_start > text_offset FROM reference.story_segments s
        WHERE s.analysis_id = of_analysis AND s.position = middle)
    THEN high := middle - 1; ELSE low := middle; END IF;
  END LOOP;
  RETURN low;
END $$;

-- Returns the segment of another text that continues where the segment `of_position` was: the sentence itself, or what
-- follows the same sentences as before. Each equal sentence near the old place votes for how far the text has moved,
-- and the sentence itself has nine votes. Without votes, the place moves as far as the text has grown.
CREATE FUNCTION reference.moved_segment(from_analysis integer, of_position integer, from_count integer,
    to_analysis integer, to_count integer) RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  expected integer := (of_position::bigint * to_count) / greatest(from_count, 1);
  moved_by integer := (
    SELECT n.position - o.position
    FROM reference.story_segments o JOIN reference.story_segments n ON n.text = o.text
    WHERE o.analysis_id = from_analysis AND o.position BETWEEN of_position - 8 AND of_position + 8
      AND n.analysis_id = to_analysis AND n.position BETWEEN expected - 5000 AND expected + 5000
    GROUP BY n.position - o.position
    ORDER BY count(*) + CASE WHEN bool_or(o.position = of_position) THEN 8 ELSE 0 END DESC,
      abs(n.position - o.position - (expected - of_position)), 1
    LIMIT 1);
BEGIN
  RETURN least(greatest(coalesce(of_position + moved_by, expected), 0), to_count - 1);
END $$;

-- The segments of a narration as the viewer may read them, with the times of their sound: the owner's segments if
-- `is_own`, else those of the edition. Without SET, so that PostgreSQL reads only the columns that a caller uses.
CREATE FUNCTION instances.narration_lines(owner text, of_narration bigint, is_own boolean, from_position integer,
    to_position integer) RETURNS TABLE (line integer, story_position integer, start_ms integer, duration_ms integer)
  LANGUAGE sql STABLE ROWS 10
  AS $$
  SELECT g.position, g.story_position, g.start_ms, coalesce(
    (SELECT r.duration_ms FROM reference.renditions r WHERE r.recipe_key = g.recipe_key),
    (SELECT r.duration_ms FROM instances.user_renditions r WHERE r.user_id = owner AND r.recipe_key = g.recipe_key))
  FROM instances.user_narration_segments g
  WHERE is_own AND g.user_id = owner AND g.narration_id = of_narration AND g.position BETWEEN from_position AND to_position
  UNION ALL
  SELECT g.position, g.story_position, (g.audio ->> 'startMs')::integer, (g.audio ->> 'durationMs')::integer
  FROM reference.edition_segments(CASE WHEN is_own THEN '{}' ELSE ARRAY[of_narration] END, from_position - 1,
    to_position - from_position + 1) g
  WHERE g.user_id = owner AND g.position <= to_position $$;

-- Returns the position of the last segment of a script that tells the story's segment `of_story`, or an earlier one if
-- the script has none of it. Returns null if the script has neither. Scripts tell a story in its order, so the search
-- halves the range at each step. Segments that are not in the story have no place in this order.
CREATE FUNCTION instances.last_line(owner text, of_narration bigint, is_own boolean, segment_count integer, of_story integer)
  RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  low integer := 0;
  high integer := segment_count - 1;
  middle integer := of_story;
  found_at integer;
  line record;
BEGIN
  WHILE low <= high LOOP
    middle := least(greatest(middle, low), high);
    IF is_own THEN
      SELECT g.position, g.story_position INTO line FROM instances.user_narration_segments g
      WHERE g.user_id = owner AND g.narration_id = of_narration AND g.position BETWEEN low AND middle
        AND g.story_position IS NOT NULL
      ORDER BY g.position DESC LIMIT 1;
    ELSE
      SELECT g.position, g.story_position INTO line FROM reference.published_narration_segments g
      WHERE g.user_id = owner AND g.narration_id = of_narration AND g.position BETWEEN low AND middle
        AND g.story_position IS NOT NULL
      ORDER BY g.position DESC LIMIT 1;
    END IF;
    IF line.position IS NULL THEN
      low := middle + 1;
    ELSIF line.story_position <= of_story THEN
      found_at := line.position;
      low := middle + 1;
    ELSE
      high := line.position - 1;
    END IF;
    -- In a script as it was copied, the first step finds the segment, and the second finds the one behind.
    middle := CASE WHEN found_at = of_story AND low = of_story + 1 THEN low ELSE (low + high) / 2 END;
  END LOOP;
  RETURN found_at;
END $$;

-- Where a narration tells the story's segment `of_story`: its lines, with their times, and the segments of the analysis
-- that these lines tell. A line can tell a part of a segment, or several segments. No row if the script tells nothing
-- up to there.
CREATE FUNCTION instances.lines_telling(owner text, of_narration bigint, is_own boolean, segment_count integer,
    of_analysis integer, of_story integer) RETURNS TABLE (lines jsonb, told jsonb)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp ROWS 1
  AS $$
DECLARE
  last_position integer := instances.last_line(owner, of_narration, is_own, segment_count, of_story);
  first_told integer;
  next_told integer;
BEGIN
  IF last_position IS NULL THEN RETURN; END IF;
  SELECT l.story_position INTO first_told
  FROM instances.narration_lines(owner, of_narration, is_own, last_position, last_position) l;
  SELECT min(l.story_position) INTO next_told
  FROM instances.narration_lines(owner, of_narration, is_own, last_position + 1, last_position + 50) l;
  RETURN QUERY SELECT
    (SELECT jsonb_agg(jsonb_build_object('position', l.line, 'startMs', l.start_ms, 'durationMs', l.duration_ms)
       ORDER BY l.line)
     FROM instances.narration_lines(owner, of_narration, is_own, last_position - 50, last_position) l
     WHERE l.story_position = first_told),
    (SELECT jsonb_agg(jsonb_build_object('position', s.position, 'start', s.utf16_start, 'end', s.utf16_end)
       ORDER BY s.position)
     FROM reference.story_segments s
     WHERE s.analysis_id = of_analysis AND s.position >= first_told
       AND s.position < coalesce(greatest(next_told, first_told + 1), first_told + 1) AND s.position < first_told + 50);
END $$;

REVOKE ALL ON FUNCTION reference.segment_at(integer, integer, double precision),
  reference.moved_segment(integer, integer, integer, integer, integer),
  instances.narration_lines(text, bigint, boolean, integer, integer),
  instances.last_line(text, bigint, boolean, integer, integer),
  instances.lines_telling(text, bigint, boolean, integer, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.segment_at(integer, integer, double precision),
  reference.moved_segment(integer, integer, integer, integer, integer),
  instances.narration_lines(text, bigint, boolean, integer, integer),
  instances.last_line(text, bigint, boolean, integer, integer),
  instances.lines_telling(text, bigint, boolean, integer, integer, integer) TO fabula_app;
