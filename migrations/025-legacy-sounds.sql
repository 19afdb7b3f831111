-- Sound of the legacy platform that a row's link audio://N means. The links stay in the rows that have
-- them: narrations, segments and voice samples.
SET lock_timeout = '500ms';

CREATE TABLE instances.user_legacy_sounds (
  user_id text NOT NULL CONSTRAINT user_legacy_sounds_user_fkey REFERENCES platform.users,
  id bigint NOT NULL,                                      -- the N of audio://N
  blob_key text NOT NULL,                                  -- final, also before the blob is stored
  content_type text NOT NULL,
  size_bytes bigint NOT NULL,
  duration_ms integer,                                     -- null if the legacy platform did not know it
  stored_at timestamptz,                                   -- null until the blob storage has the bytes
  CONSTRAINT user_legacy_sounds_pkey PRIMARY KEY (user_id, id));
-- A changed or deleted file of the legacy platform finds its rows.
CREATE INDEX user_legacy_sounds_id ON instances.user_legacy_sounds (id);
-- Rows are moved in this order.
CREATE INDEX user_legacy_sounds_unstored ON instances.user_legacy_sounds (user_id, id) WHERE stored_at IS NULL;

-- Only the migration makes these rows.
GRANT SELECT, UPDATE (stored_at), DELETE ON instances.user_legacy_sounds TO fabula_app;
ALTER TABLE instances.user_legacy_sounds ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_legacy_sounds FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_legacy_sounds
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
