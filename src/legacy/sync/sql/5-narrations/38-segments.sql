-- The segments of narrations: free-form items of a jsonb column, which may be a list, {"segments": [...]}, or a
-- text that holds JSON. Each item becomes a row. `extra` keeps what the row's text does not say: the item without
-- its text; [] if the item is the text itself; [item] if the item has no text. It is NULL if our side made the row.

-- role: sync
CREATE FUNCTION legacy_sync.unwrapped(segments jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  RETURN CASE jsonb_typeof(segments)
    WHEN 'array' THEN segments
    WHEN 'object' THEN legacy_sync.unwrapped(segments -> 'segments')
    WHEN 'string' THEN legacy_sync.unwrapped(legacy_sync.try_jsonb(segments #>> '{}')) END;
END $$;

-- Returns the list of items. NULL if the column holds no list.
-- The functions without a SET clause are inlined into the statements that call them. A backfill needs that
-- speed. Each caller sets the search path.
CREATE FUNCTION legacy_sync.segment_list(segments jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE jsonb_typeof(segments) WHEN 'array' THEN segments ELSE legacy_sync.unwrapped(segments) END $$;

-- Returns what is around the list: NULL for a bare list, the other members of an object, [...] for a text that
-- holds JSON.
CREATE FUNCTION legacy_sync.around_segments(segments jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  RETURN CASE jsonb_typeof(segments)
    WHEN 'string' THEN
      jsonb_build_array(legacy_sync.around_segments(legacy_sync.try_jsonb(segments #>> '{}')))
    WHEN 'object' THEN (segments - 'segments') || CASE jsonb_typeof(segments -> 'segments') WHEN 'array' THEN '{}'
      ELSE jsonb_build_object('segments', legacy_sync.around_segments(segments -> 'segments')) END END;
END $$;

-- Puts a list where around_segments found one.
CREATE FUNCTION legacy_sync.wrapped(around jsonb, list jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  RETURN CASE jsonb_typeof(around)
    WHEN 'array' THEN to_jsonb(legacy_sync.wrapped(around -> 0, list)::text)
    WHEN 'object' THEN
      around || jsonb_build_object('segments', legacy_sync.wrapped(around -> 'segments', list))
    ELSE list END;
END $$;

-- What an item says. Each function takes any item and gives the value of a column.
CREATE FUNCTION legacy_sync.item_emotion(item jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE WHEN length(btrim(item ->> 'emotion', E' \t\n\r')) BETWEEN 1 AND 60
    THEN lower(btrim(item ->> 'emotion', E' \t\n\r')) ELSE 'neutral' END $$;

CREATE FUNCTION legacy_sync.item_speaker(item jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE WHEN item ? 'speaker' OR item ? 'character' THEN left(coalesce(
    nullif(btrim(coalesce(item #>> '{speaker,name}', item ->> 'speaker'), E' \t\n\r'), ''),
    nullif(btrim(coalesce(item #>> '{character,name}', item ->> 'character'), E' \t\n\r'), '')), 200) END $$;

CREATE FUNCTION legacy_sync.item_kind(item jsonb, speaker text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE
    WHEN item ->> 'kind' IN ('narration', 'dialogue') THEN item ->> 'kind'
    WHEN speaker IS NULL THEN 'narration'
    ELSE 'dialogue' END $$;

-- The old application counts from 1 to 10, and ours from 0 to 1.
CREATE FUNCTION legacy_sync.item_intensity(item jsonb) RETURNS real
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE WHEN jsonb_typeof(item -> 'intensity') = 'number' THEN
    CASE WHEN (item ->> 'intensity')::numeric BETWEEN 0 AND 10
      THEN round((item ->> 'intensity')::numeric / 10, 12)::real ELSE 0 END
    ELSE 0 END $$;

CREATE FUNCTION legacy_sync.map_segments(segments jsonb)
  RETURNS TABLE (place integer, kind text, text text, speaker_id text, emotion text, intensity real, extra jsonb)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
  AS $$
  SELECT (e.nr - 1)::integer, legacy_sync.item_kind(e.item, e.speaker),
    CASE WHEN e.has_text THEN e.item ->> 'text' WHEN e.type = 'string' THEN e.item #>> '{}' ELSE '' END,
    e.speaker, legacy_sync.item_emotion(e.item), legacy_sync.item_intensity(e.item),
    CASE WHEN e.has_text THEN e.item - 'text' WHEN e.type = 'string' THEN '[]' ELSE jsonb_build_array(e.item) END
  FROM (
    SELECT i.nr, i.item, jsonb_typeof(i.item) AS type, jsonb_typeof(i.item -> 'text') = 'string' AS has_text,
      legacy_sync.item_speaker(i.item) AS speaker
    FROM jsonb_array_elements(legacy_sync.segment_list(segments)) WITH ORDINALITY i (item, nr) OFFSET 0) e $$;

-- Returns the item of a segment: the original item, with what our side changed.
CREATE FUNCTION legacy_sync.item_of(s instances.user_narration_segments) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  original jsonb := CASE
    WHEN jsonb_typeof(s.extra) = 'object' THEN s.extra || jsonb_build_object('text', s.text)
    WHEN s.extra = '[]' THEN to_jsonb(s.text)
    ELSE s.extra -> 0 END;
  is_object boolean := coalesce(jsonb_typeof(original) = 'object', false);
  item jsonb := CASE WHEN is_object THEN original ELSE jsonb_build_object('text', s.text) END;
BEGIN
  IF original IS NOT NULL AND NOT is_object AND (s.extra = '[]' OR s.text = '')
    AND (s.kind, s.speaker_id, s.emotion, s.intensity) IS NOT DISTINCT FROM ('narration', NULL, 'neutral', 0::real)
  THEN RETURN original; END IF;
  IF s.text <> '' THEN item := item || jsonb_build_object('text', s.text); END IF;
  IF original IS NULL OR legacy_sync.item_emotion(item) <> s.emotion THEN
    item := item || jsonb_build_object('emotion', s.emotion);
  END IF;
  IF legacy_sync.item_speaker(item) IS DISTINCT FROM s.speaker_id THEN
    item := (item - 'speaker' - 'character') || jsonb_strip_nulls(jsonb_build_object('speaker', s.speaker_id));
  END IF;
  IF legacy_sync.item_intensity(item) <> s.intensity THEN
    item := item || jsonb_build_object('intensity', trim_scale(s.intensity::numeric * 10));
  END IF;
  IF legacy_sync.item_kind(item, legacy_sync.item_speaker(item)) <> s.kind THEN item := item || jsonb_build_object('kind', s.kind); END IF;
  RETURN item;
END $$;

-- Returns the list of a narration's items.
CREATE FUNCTION legacy_sync.items_of(of_user text, of_narration bigint) RETURNS jsonb
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce(jsonb_agg(legacy_sync.item_of(s) ORDER BY s.position), '[]')
  FROM instances.user_narration_segments s WHERE s.user_id = of_user AND s.narration_id = of_narration $$;
