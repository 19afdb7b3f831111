-- Deactivated and erased users, and the media of unpublished narrations.
SET lock_timeout = '500ms';

-- Every transaction of a user calls this function before any statement. An error ends the transaction, so
-- no later statement of the transaction runs. A user without a row is new and may act.
-- The function has a schema of its own, because the schemas of tables tell which statements use tables.
-- The function is plpgsql, because PostgreSQL then keeps the plan of its query for the session.
CREATE SCHEMA access;
CREATE FUNCTION access.require_active(of_user text) RETURNS void
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE barred record;
BEGIN
  SELECT u.erased_at INTO barred FROM platform.users u
  WHERE u.id = of_user AND (u.erased_at IS NOT NULL OR NOT u.is_active);
  IF NOT FOUND THEN RETURN; END IF;
  IF barred.erased_at IS NULL THEN
    RAISE EXCEPTION 'The user is deactivated' USING ERRCODE = 'FB001';
  END IF;
  RAISE EXCEPTION 'The user is erased' USING ERRCODE = 'FB002';
END $$;
REVOKE ALL ON FUNCTION access.require_active(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA access TO fabula_app;
GRANT EXECUTE ON FUNCTION access.require_active(text) TO fabula_app;

-- Nobody reads an edition of an erased user, also before the rows are deleted.
ALTER POLICY readable ON reference.published_narrations
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), ''))
    OR ((visibility = 'public'
        OR share_token_hash = ANY (SELECT unnest(string_to_array(current_setting('app.share_token_hashes', true), ','))))
      AND NOT EXISTS (SELECT FROM platform.users u
        WHERE u.id = published_narrations.user_id AND u.erased_at IS NOT NULL)));

-- The signed URLs of the sound of a narration contain this number. So an unpublish ends all earlier URLs.
ALTER TABLE instances.user_story_narrations ADD COLUMN unpublished_count integer NOT NULL DEFAULT 0;
ALTER TABLE reference.published_narrations ADD COLUMN unpublished_count integer NOT NULL DEFAULT 0;
