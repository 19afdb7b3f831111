-- Who may touch what. The server, the workers and the queue run as fabula_app, which owns nothing.
-- app.user_id is set locally in each transaction; without it the policies let no owned row through.
SET lock_timeout = '500ms';

GRANT USAGE ON SCHEMA platform, reference, instances TO fabula_app;
-- Not id, is_admin or is_active: those are not the server's to give.
GRANT SELECT, INSERT (id, email, display_name, avatar_url), UPDATE (email, display_name, avatar_url, profile, language, updated_at)
  ON platform.users TO fabula_app;
GRANT SELECT, INSERT, DELETE ON platform.pending_scripts TO fabula_app;
GRANT SELECT, INSERT ON reference.story_texts TO fabula_app;
GRANT SELECT, INSERT, UPDATE ON reference.stories, reference.story_analyses, reference.voice_modulation_templates TO fabula_app;
GRANT SELECT, INSERT ON reference.story_segments, reference.story_modulation_occurrences, reference.renditions TO fabula_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON reference.published_narrations TO fabula_app;
GRANT SELECT, INSERT, DELETE ON reference.published_narration_segments TO fabula_app; -- no UPDATE: an edition is immutable
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA instances TO fabula_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA reference, instances TO fabula_app;

-- Instances: exactly the owner's rows, read or written.
ALTER TABLE instances.user_story_narrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_story_narrations FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_story_narrations
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.user_narration_segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_narration_segments FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_narration_segments
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.user_renditions ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_renditions FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_renditions
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.user_narration_renders ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_narration_renders FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_narration_renders
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.voice_consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.voice_consents FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.voice_consents
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.user_voice_samples ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_voice_samples FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_voice_samples
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.user_emotion_voices ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_emotion_voices FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_emotion_voices
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.listening_positions ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.listening_positions FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.listening_positions
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE instances.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.idempotency_keys
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- Waiting narrations: added by their owner, taken by whichever transaction stores the analysis.
ALTER TABLE platform.pending_scripts ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.pending_scripts FORCE ROW LEVEL SECURITY;
CREATE POLICY anyone_takes ON platform.pending_scripts FOR SELECT USING (true);
CREATE POLICY taken ON platform.pending_scripts FOR DELETE USING (true);
CREATE POLICY owner_adds ON platform.pending_scripts FOR INSERT
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- A draft is its author's alone; only its author writes a story.
ALTER TABLE reference.stories ENABLE ROW LEVEL SECURITY;
ALTER TABLE reference.stories FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON reference.stories FOR SELECT
  USING (visibility <> 'draft' OR original_author_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY author_inserts ON reference.stories FOR INSERT
  WITH CHECK (original_author_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY author_updates ON reference.stories FOR UPDATE
  USING (original_author_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- A text is readable where a story that holds it is: a hash alone opens nothing.
ALTER TABLE reference.story_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE reference.story_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON reference.story_texts FOR SELECT
  USING (EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = story_texts.content_hash));
CREATE POLICY anyone_adds ON reference.story_texts FOR INSERT WITH CHECK (true);

-- An edition is readable when it is public, by its owner, or by who presents its link; its owner alone writes it.
ALTER TABLE reference.published_narrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE reference.published_narrations FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON reference.published_narrations FOR SELECT
  USING (visibility = 'public'
    OR user_id = (SELECT nullif(current_setting('app.user_id', true), ''))
    OR share_token_hash = ANY (SELECT unnest(string_to_array(current_setting('app.share_token_hashes', true), ','))));
CREATE POLICY owner_inserts ON reference.published_narrations FOR INSERT
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY owner_updates ON reference.published_narrations FOR UPDATE
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY owner_deletes ON reference.published_narrations FOR DELETE
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
ALTER TABLE reference.published_narration_segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE reference.published_narration_segments FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON reference.published_narration_segments FOR SELECT
  USING (EXISTS (SELECT FROM reference.published_narrations e
    WHERE e.user_id = published_narration_segments.user_id
      AND e.narration_id = published_narration_segments.narration_id));
CREATE POLICY owner_inserts ON reference.published_narration_segments FOR INSERT
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY owner_deletes ON reference.published_narration_segments FOR DELETE
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- The TypeORM command line shows the migrations as the app's role.
GRANT SELECT ON platform.migrations TO fabula_app;
