-- What all trigger functions have in common. A session keeps the plans that it made while our tables were small, so no
-- trigger reads a whole table. A transaction at SERIALIZABLE that reads a whole table conflicts with each writer of the
-- table; one that reads an index conflicts with writers of the same page of the index.

-- role: sync
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'legacy_sync'::regnamespace
    AND p.prorettype = 'trigger'::regtype
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off', f);
  END LOOP;
END $$;
