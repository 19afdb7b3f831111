-- There are three roles. fabula_app serves requests, fabula_worker runs jobs, and fabula_queue manages
-- the queue. fabula_worker has the rights of fabula_app and the rights below. fabula_queue has rights
-- only in the schema jobs.
SET lock_timeout = '500ms';

-- Others can read only the columns that identify a user. The column id contains the user's subject.
-- This column stays readable, because foreign keys contain the subject anyway.
REVOKE ALL ON platform.users FROM fabula_app;
GRANT SELECT (id, public_id, display_name, avatar_url, is_active, erased_at),
  INSERT (id, email, display_name, avatar_url),
  UPDATE (email, display_name, avatar_url, profile, language, updated_at)
  ON platform.users TO fabula_app;
ALTER TABLE platform.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.users FORCE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON platform.users FOR SELECT USING (true);
CREATE POLICY oneself_inserts ON platform.users FOR INSERT
  WITH CHECK (id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY oneself_updates ON platform.users FOR UPDATE
  USING (id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- Returns the viewer's own row, with the columns that others cannot read.
CREATE FUNCTION platform.own_user() RETURNS SETOF platform.users
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT u.* FROM platform.users u WHERE u.id = nullif(current_setting('app.user_id', true), '') $$;

-- Only a signed-in user can store a text.
DROP POLICY anyone_adds ON reference.story_texts;
CREATE POLICY users_add ON reference.story_texts FOR INSERT
  WITH CHECK ((SELECT nullif(current_setting('app.user_id', true), '')) IS NOT NULL);

-- Only jobs write analyses. A request can only ask for an analysis, or ask again after the analysis
-- failed.
REVOKE INSERT, UPDATE ON reference.story_analyses, reference.voice_modulation_templates FROM fabula_app;
REVOKE INSERT ON reference.story_segments, reference.story_modulation_occurrences FROM fabula_app;
REVOKE ALL ON SEQUENCE reference.story_analyses_id_seq, reference.voice_modulation_templates_id_seq FROM fabula_app;
GRANT UPDATE ON reference.story_analyses TO fabula_worker;
GRANT INSERT ON reference.story_segments, reference.story_modulation_occurrences,
  reference.voice_modulation_templates TO fabula_worker;
GRANT USAGE ON SEQUENCE reference.voice_modulation_templates_id_seq TO fabula_worker;
GRANT INSERT, DELETE ON reference.renditions TO fabula_worker;

-- Returns the id of the analysis if a job must make the analysis, otherwise null. Only the text of a
-- story that is no draft is analysed. lock_analysis waits for a job that marks the analysis as failed at
-- this moment. The caller then sees the failure and starts the analysis again.
CREATE FUNCTION reference.request_analysis(
    of_text text, in_language text, by_analyzer text, by_version text, by_schema integer, with_rank integer)
  RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE requested integer;
BEGIN
  INSERT INTO reference.story_analyses (content_hash, language, analyzer_id, analyzer_version, schema_version, rank)
  SELECT of_text, in_language, by_analyzer, by_version, by_schema, with_rank
  WHERE EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = of_text AND s.visibility <> 'draft')
  ON CONFLICT DO NOTHING RETURNING id INTO requested;
  IF requested IS NOT NULL THEN RETURN requested; END IF;
  SELECT a.id INTO requested FROM reference.lock_analysis(of_text, in_language, by_analyzer, by_version, by_schema) a
  WHERE a.status = 'failed';
  UPDATE reference.story_analyses SET status = 'pending', failure = NULL WHERE id = requested;
  RETURN requested;
END $$;

-- Locks an analysis. Then either a request sees that the analysis is ready, or the job that stores the
-- analysis sees the narration of the request.
CREATE FUNCTION reference.lock_analysis(
    of_text text, in_language text, by_analyzer text, by_version text, by_schema integer)
  RETURNS SETOF reference.story_analyses
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT a.* FROM reference.story_analyses a
  WHERE a.content_hash = of_text AND a.language = in_language AND a.analyzer_id = by_analyzer
    AND a.analyzer_version = by_version AND a.schema_version = by_schema
  FOR UPDATE $$;

-- Only the owner can read and remove a waiting narration. The transaction that stores an analysis calls
-- take_pending_scripts, which removes and returns all narrations that wait for this analysis.
DROP POLICY anyone_takes ON platform.pending_scripts;
DROP POLICY taken ON platform.pending_scripts;
CREATE POLICY owner_reads ON platform.pending_scripts FOR SELECT
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY owner_removes ON platform.pending_scripts FOR DELETE
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY taken ON platform.pending_scripts TO fabula_owner USING (true);
CREATE FUNCTION platform.take_pending_scripts(of_analysis integer)
  RETURNS TABLE (owner_id text, narration bigint)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DELETE FROM platform.pending_scripts p USING reference.stories s, reference.story_analyses a
  WHERE a.id = of_analysis AND a.status = 'ready'
    AND s.id = p.reference_story_id AND s.content_hash = a.content_hash AND s.language = a.language
  RETURNING p.user_id, p.narration_id $$;

-- Only the owner can read and remove a render under way. Jobs can read all renders under way, to find
-- renders that lost their jobs.
DROP POLICY anyone_reads ON platform.renders_under_way;
DROP POLICY anyone_removes ON platform.renders_under_way;
CREATE POLICY owner_reads ON platform.renders_under_way FOR SELECT
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY owner_removes ON platform.renders_under_way FOR DELETE
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY jobs_read ON platform.renders_under_way FOR SELECT TO fabula_worker USING (true);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA platform, reference FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.own_user(), platform.take_pending_scripts(integer),
  reference.request_analysis(text, text, text, text, integer, integer),
  reference.lock_analysis(text, text, text, text, integer) TO fabula_app;
