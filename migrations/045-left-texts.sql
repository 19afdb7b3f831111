-- A text goes when its last story takes another text, if nobody analysed the text: the text of a draft.
SET lock_timeout = '500ms';

-- Deletes a text that no story has and nobody analysed. A text with an analysis stays: narrations and places in the
-- story refer to the analysis, and row-level security hides them here. If another transaction is storing the same
-- text, the text stays for it. To wait would be a deadlock between two stories that exchange their texts.
CREATE FUNCTION reference.forget_text(of_text text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(7301971, hashtext(of_text)) THEN RETURN; END IF;
  DELETE FROM reference.story_texts t WHERE t.content_hash = of_text
    AND NOT EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = of_text)
    AND NOT EXISTS (SELECT FROM reference.story_analyses a WHERE a.content_hash = of_text);
EXCEPTION WHEN foreign_key_violation THEN
  NULL; -- A statement that is not ours has taken the text for a story.
END $$;

REVOKE ALL ON FUNCTION reference.forget_text(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.forget_text(text) TO fabula_app;
