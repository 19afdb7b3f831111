-- The earlier texts of stories. A published text stays when its story takes another text, because narrations and
-- listeners' places refer to its analysis. It goes with the story.
SET lock_timeout = '500ms';

CREATE TABLE reference.earlier_texts (
  story_id integer CONSTRAINT earlier_texts_story_fkey REFERENCES reference.stories ON DELETE CASCADE,
  content_hash text CONSTRAINT earlier_texts_text_fkey REFERENCES reference.story_texts,
  CONSTRAINT earlier_texts_pkey PRIMARY KEY (story_id, content_hash));
CREATE INDEX earlier_texts_text ON reference.earlier_texts (content_hash);

-- Ends what a text was for a story of the viewer. Deletes the text if nothing needs it. Remembers a text with an analysis.
CREATE FUNCTION reference.leave_text(of_story integer, of_text text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM reference.forget_text(of_text);
  INSERT INTO reference.earlier_texts (story_id, content_hash)
  SELECT s.id, t.content_hash FROM reference.stories s, reference.story_texts t
  WHERE s.id = of_story AND s.original_author_id = nullif(current_setting('app.user_id', true), '')
    AND t.content_hash = of_text AND EXISTS (SELECT FROM reference.story_analyses a WHERE a.content_hash = of_text)
  ON CONFLICT DO NOTHING;
END $$;

-- Deletes a story of the viewer, with everybody's place in the story. Of each text that the story had and that no other
-- story has or had, also deletes the analyses that no narration was made from, and the text if it has no analysis left.
-- Templates stay. The lock makes a transaction that stores the same text wait (storyStore.putText).
CREATE OR REPLACE FUNCTION reference.delete_story(of_story integer) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  texts text[] := ARRAY(SELECT e.content_hash FROM reference.earlier_texts e WHERE e.story_id = of_story
    UNION SELECT s.content_hash FROM reference.stories s WHERE s.id = of_story AND s.content_hash IS NOT NULL ORDER BY 1);
  of_text text;
  orphan integer;
BEGIN
  DELETE FROM reference.stories s
  WHERE s.id = of_story AND s.original_author_id = nullif(current_setting('app.user_id', true), '');
  IF NOT FOUND THEN RETURN; END IF;
  FOREACH of_text IN ARRAY texts LOOP
    PERFORM pg_advisory_xact_lock(7301971, hashtext(of_text));
    CONTINUE WHEN EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = of_text)
      OR EXISTS (SELECT FROM reference.earlier_texts e WHERE e.content_hash = of_text);
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
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION reference.leave_text(integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.leave_text(integer, text) TO fabula_app;
