-- A server keeps the lists of templates of analyses. Such a list is right as long as its analysis has the same
-- row_version and the number of changes of templates is the same.
SET lock_timeout = '500ms';

-- The number of changes is the sum of all rows. A transaction that changes templates counts in a row that no
-- other transaction is changing, so that none waits for another.
CREATE TABLE reference.template_changes (
  slot serial CONSTRAINT template_changes_pkey PRIMARY KEY,
  changes bigint NOT NULL);
GRANT SELECT ON reference.template_changes TO fabula_app;

CREATE FUNCTION reference.note_template_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE free integer;
BEGIN
  -- A new template is in no list yet. Only a restored template can be.
  IF TG_OP = 'INSERT' THEN
    PERFORM FROM reference.story_modulation_occurrences o WHERE o.template_id = NEW.id LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;
  END IF;
  -- At other isolation levels, the update of a row that changed in the meantime would fail.
  IF current_setting('transaction_isolation') = 'read committed' THEN
    SELECT c.slot INTO free FROM reference.template_changes c ORDER BY c.slot LIMIT 1 FOR UPDATE SKIP LOCKED;
  END IF;
  IF free IS NULL THEN
    INSERT INTO reference.template_changes (changes) VALUES (1);
  ELSE
    UPDATE reference.template_changes c SET changes = c.changes + 1 WHERE c.slot = free;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER template_change AFTER INSERT OR UPDATE OR DELETE ON reference.voice_modulation_templates
  FOR EACH ROW EXECUTE FUNCTION reference.note_template_change();
CREATE TRIGGER template_truncate AFTER TRUNCATE ON reference.voice_modulation_templates
  FOR EACH STATEMENT EXECUTE FUNCTION reference.note_template_change();

-- The analyses whose occurrences change get a new row_version. The trigger of story_analyses gives the number,
-- whatever an update sets.
CREATE FUNCTION reference.note_occurrences() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  UPDATE reference.story_analyses a SET row_version = 0
  WHERE a.id IN (SELECT o.analysis_id FROM changed o);
  RETURN NULL;
END $$;

CREATE FUNCTION reference.note_no_occurrences() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  UPDATE reference.story_analyses SET row_version = 0;
  RETURN NULL;
END $$;

CREATE TRIGGER occurrences_added AFTER INSERT ON reference.story_modulation_occurrences
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.note_occurrences();
CREATE TRIGGER occurrences_changed AFTER UPDATE ON reference.story_modulation_occurrences
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.note_occurrences();
CREATE TRIGGER occurrences_moved AFTER UPDATE ON reference.story_modulation_occurrences
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.note_occurrences();
CREATE TRIGGER occurrences_removed AFTER DELETE ON reference.story_modulation_occurrences
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reference.note_occurrences();
CREATE TRIGGER occurrences_truncated AFTER TRUNCATE ON reference.story_modulation_occurrences
  FOR EACH STATEMENT EXECUTE FUNCTION reference.note_no_occurrences();

REVOKE ALL ON FUNCTION reference.note_template_change(), reference.note_occurrences(),
  reference.note_no_occurrences() FROM PUBLIC;

-- Also for changes that come from logical replication.
ALTER TABLE reference.voice_modulation_templates ENABLE ALWAYS TRIGGER template_change;
ALTER TABLE reference.voice_modulation_templates ENABLE ALWAYS TRIGGER template_truncate;
ALTER TABLE reference.story_modulation_occurrences ENABLE ALWAYS TRIGGER occurrences_added;
ALTER TABLE reference.story_modulation_occurrences ENABLE ALWAYS TRIGGER occurrences_changed;
ALTER TABLE reference.story_modulation_occurrences ENABLE ALWAYS TRIGGER occurrences_moved;
ALTER TABLE reference.story_modulation_occurrences ENABLE ALWAYS TRIGGER occurrences_removed;
ALTER TABLE reference.story_modulation_occurrences ENABLE ALWAYS TRIGGER occurrences_truncated;
