-- An author can delete a story that nobody else narrates, and can take the own name off every other story.
SET lock_timeout = '500ms';

-- The functions below change only stories of the viewer.
CREATE POLICY leaving ON reference.stories FOR UPDATE TO fabula_owner
  USING (original_author_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (original_author_id IS NULL);
CREATE POLICY deleting ON reference.stories FOR DELETE TO fabula_owner
  USING (original_author_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY orphans ON reference.story_texts TO fabula_owner USING (true);

-- Tells the author of a story only whether others narrate the story. Returns null to everybody else. Row-level
-- security hides the narrations of others also here. So the function deletes the story and the author's own
-- narrations, in a part of the transaction that it undoes: foreign keys see all narrations.
CREATE FUNCTION reference.is_narrated_by_others(of_story integer) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE author text := nullif(current_setting('app.user_id', true), '');
BEGIN
  DELETE FROM reference.published_narrations e WHERE e.reference_story_id = of_story AND e.user_id = author;
  DELETE FROM instances.user_story_narrations n WHERE n.reference_story_id = of_story AND n.user_id = author;
  DELETE FROM reference.stories s WHERE s.id = of_story AND s.original_author_id = author;
  IF FOUND THEN RAISE EXCEPTION 'The story can be deleted' USING ERRCODE = 'FB003'; END IF;
  RAISE EXCEPTION 'The story belongs to another author' USING ERRCODE = 'FB004';
EXCEPTION
  WHEN foreign_key_violation THEN RETURN true;
  WHEN SQLSTATE 'FB003' THEN RETURN false;
  WHEN SQLSTATE 'FB004' THEN RETURN NULL;
END $$;

-- Archives a story of the viewer and takes the author off. The cover is a file of the author and goes, too.
CREATE FUNCTION reference.leave_story(of_story integer) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  UPDATE reference.stories s SET visibility = 'archived', original_author_id = NULL, author_name = NULL,
    cover_blob_key = NULL, cover_content_type = NULL, version = s.version + 1, updated_at = now()
  WHERE s.id = of_story AND s.original_author_id = nullif(current_setting('app.user_id', true), '') $$;

-- Deletes a story of the viewer, with everybody's place in the story. If no other story has the text, also deletes the
-- analyses that no narration was made from, and the text if it has no analysis left. Templates stay. The lock
-- makes a transaction that stores the same text wait (storyStore.putText).
CREATE FUNCTION reference.delete_story(of_story integer) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  of_text text;
  orphan integer;
BEGIN
  DELETE FROM reference.stories s
  WHERE s.id = of_story AND s.original_author_id = nullif(current_setting('app.user_id', true), '')
  RETURNING s.content_hash INTO of_text;
  IF of_text IS NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(7301971, hashtext(of_text));
  IF EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = of_text) THEN RETURN; END IF;
  FOR orphan IN SELECT a.id FROM reference.story_analyses a WHERE a.content_hash = of_text ORDER BY a.id LOOP
    BEGIN
      UPDATE reference.voice_modulation_templates t SET source_analysis_id = NULL WHERE t.source_analysis_id = orphan;
      DELETE FROM reference.story_analyses a WHERE a.id = orphan;
    EXCEPTION WHEN foreign_key_violation THEN
      NULL; -- A narration was made from the analysis.
    END;
  END LOOP;
  DELETE FROM reference.story_texts t WHERE t.content_hash = of_text
    AND NOT EXISTS (SELECT FROM reference.story_analyses a WHERE a.content_hash = of_text);
END $$;

REVOKE ALL ON FUNCTION reference.is_narrated_by_others(integer), reference.leave_story(integer),
  reference.delete_story(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.is_narrated_by_others(integer), reference.leave_story(integer),
  reference.delete_story(integer) TO fabula_app;
