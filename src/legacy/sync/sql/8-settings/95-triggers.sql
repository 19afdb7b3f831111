-- What all trigger functions have in common. A session keeps the plans that it made while our tables were small, so no
-- trigger reads a whole table. A transaction at SERIALIZABLE that reads a whole table conflicts with each writer of the
-- table; one that reads an index conflicts with writers of the same page of the index. What the session of the writer
-- is set to changes no row of ours: a script of pg_dump, for example, turns row_security off.

-- role: sync
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'legacy_sync'::regnamespace
    AND p.prorettype = 'trigger'::regtype
  LOOP
    EXECUTE format('ALTER FUNCTION %1$s SET enable_seqscan = off; ALTER FUNCTION %1$s SET row_security = on; '
      'ALTER FUNCTION %1$s SET TimeZone = ''UTC''; ALTER FUNCTION %1$s SET extra_float_digits = 1; '
      'ALTER FUNCTION %1$s SET standard_conforming_strings = on', f);
  END LOOP;
END $$;
