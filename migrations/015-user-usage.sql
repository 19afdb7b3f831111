-- What each user used of the daily quotas. A day is a day in UTC. Rows of earlier days are deleted.
SET lock_timeout = '500ms';

CREATE TABLE platform.user_usage (
  user_id text NOT NULL,
  day date NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL CONSTRAINT user_usage_amount_check CHECK (amount >= 0),
  CONSTRAINT user_usage_pkey PRIMARY KEY (user_id, day, kind));
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.user_usage TO fabula_app;
ALTER TABLE platform.user_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.user_usage FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON platform.user_usage
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- The characters of paid speech that a render has counted and not spoken yet.
ALTER TABLE instances.user_narration_renders ADD COLUMN reserved_characters integer NOT NULL DEFAULT 0;
