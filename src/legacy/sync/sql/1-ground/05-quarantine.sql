-- Why a legacy row has no place in the new model. A mapping says so in a sentence. An error of PostgreSQL gets a sentence
-- here, which a person can act on. A correction in the old application maps the row again.

-- role: sync
-- The reason and the sentence for a SQLSTATE. Other reasons stay as they are.
CREATE FUNCTION legacy_sync.reason_of(why text, more text) RETURNS TABLE (reason text, detail text)
  LANGUAGE sql IMMUTABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT coalesce(s.reason, why), coalesce(s.sentence || ' PostgreSQL says: ' || left(more, 500), more)
  FROM (SELECT) one LEFT JOIN LATERAL (SELECT * FROM (VALUES
    ('40001|40P01|55P03|57014', 'busy', 'Another transaction worked on what the row needs. The end of a backfill maps the row again.'),
    ('54001', 'too_deep', 'A value of the row is nested too deeply.'),
    ('54...|22001', 'too_long', 'A value of the row is too long for our tables. Shorten the value in the old application.'),
    ('22003|22008', 'out_of_range', 'A number or a date of the row is out of the range of our tables. Correct it in the old application.'),
    ('22...', 'unreadable', 'A value of the row has a form that our tables cannot hold. Correct it in the old application.'),
    ('23505', 'double', 'Another row of ours has a value of this row, which only one row may have.'),
    ('23503', 'no_reference', 'The row refers to a row that our tables do not have.'),
    ('23...', 'not_allowed', 'Our tables do not allow a value of the row. Correct the value in the old application.'),
    ('[0-9A-Z]{5}', 'error', 'The row could not be mapped.')) all_of (states, reason, sentence)
    WHERE why ~ ('^(' || all_of.states || ')$') LIMIT 1) s ON true $$;

CREATE FUNCTION legacy_sync.refuse(of_table text, of_id text, of_user text, why text, more text) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  INSERT INTO legacy_sync.quarantine (source_table, source_id, user_id, reason, detail)
  SELECT of_table, of_id, of_user, r.reason, r.detail FROM legacy_sync.reason_of(why, more) r
  ON CONFLICT (source_table, source_id) DO UPDATE
    SET user_id = EXCLUDED.user_id, reason = EXCLUDED.reason, detail = EXCLUDED.detail, created_at = now() $$;

-- The old application emptied a table, and ours could not follow. A verification finds the rows that are left.
CREATE FUNCTION legacy_sync.refuse_truncate(of_table text, more text) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT legacy_sync.refuse(of_table, 'TRUNCATE', NULL, 'not_emptied', 'The old application emptied the table, and ours is not empty ('
    || left(more, 500) || '). Run `npm run migrate -- quarantine retry --all`, then `npm run migrate -- verify --repair`.') $$;

CREATE FUNCTION legacy_sync.release(of_table text, of_id text) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ DELETE FROM legacy_sync.quarantine q WHERE q.source_table = of_table AND q.source_id = of_id $$;

-- Why a key or a label means no template. Null if it means one.
CREATE FUNCTION legacy_sync.name_obstacle(what text, key text) RETURNS TABLE (reason text, detail text)
  LANGUAGE sql IMMUTABLE ROWS 1 SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT o.reason, o.detail FROM (VALUES
    (key IS NULL, 'no_' || what, format('The %s is blank. Give the row one in the old application.', what)),
    (length(key) > 200, 'long_' || what,
      format('The %s has %s characters, and at most 200 fit. Shorten it in the old application.', what, length(key)))
    ) o (applies, reason, detail) WHERE o.applies LIMIT 1 $$;
