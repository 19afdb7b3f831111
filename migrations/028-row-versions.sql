-- Every state of a story, an analysis and a template gets a number that no other state ever has. A server
-- keeps such rows in its memory under this number. A statement that lists rows also reads their numbers,
-- so the server notices every change. Rows from before this migration have the number 0 until they change.
SET lock_timeout = '500ms';

CREATE SEQUENCE reference.row_versions;

ALTER TABLE reference.stories ADD COLUMN row_version bigint NOT NULL DEFAULT 0;
ALTER TABLE reference.story_analyses ADD COLUMN row_version bigint NOT NULL DEFAULT 0;
ALTER TABLE reference.voice_modulation_templates ADD COLUMN row_version bigint NOT NULL DEFAULT 0;

CREATE FUNCTION reference.give_row_version() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  NEW.row_version := nextval('reference.row_versions');
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION reference.give_row_version() FROM PUBLIC;

CREATE TRIGGER row_version BEFORE INSERT OR UPDATE ON reference.stories
  FOR EACH ROW EXECUTE FUNCTION reference.give_row_version();
CREATE TRIGGER row_version BEFORE INSERT OR UPDATE ON reference.story_analyses
  FOR EACH ROW EXECUTE FUNCTION reference.give_row_version();
CREATE TRIGGER row_version BEFORE INSERT OR UPDATE ON reference.voice_modulation_templates
  FOR EACH ROW EXECUTE FUNCTION reference.give_row_version();
