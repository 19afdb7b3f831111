-- A story that becomes public while its author takes another name is found by the new name. Without the lock, each of the
-- two transactions does not see what the other one writes.
SET lock_timeout = '500ms';

-- The lock of an author's name. 64 locks serve all authors, because one transaction can write stories of many authors.
CREATE FUNCTION reference.name_lock(of_author text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT hashtext(of_author) & 63 $$;

CREATE OR REPLACE FUNCTION reference.list_story() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF NEW.visibility = 'public' AND NEW.original_author_id IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock_shared(7301973, reference.name_lock(NEW.original_author_id));
  END IF;
  PERFORM reference.list_stories(ARRAY[NEW.id]);
  RETURN NULL;
END $$;

CREATE FUNCTION reference.claim_name() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7301973, reference.name_lock(NEW.id));
  RETURN NULL;
END $$;
-- Triggers run in the order of their names: this one before listed_when_renamed.
CREATE TRIGGER claimed_when_renamed AFTER UPDATE ON platform.users FOR EACH ROW
  WHEN (OLD.display_name IS DISTINCT FROM NEW.display_name OR OLD.erased_at IS DISTINCT FROM NEW.erased_at)
  EXECUTE FUNCTION reference.claim_name();

REVOKE ALL ON FUNCTION reference.name_lock(text), reference.claim_name() FROM PUBLIC;
