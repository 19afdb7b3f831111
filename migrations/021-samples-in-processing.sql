-- The list of voice samples whose recordings are not processed yet. A worker reads this list to find
-- recordings without a job, and queues these recordings again. Row-level security hides the voice samples
-- themselves from a transaction without an owner.
SET lock_timeout = '500ms';

CREATE TABLE platform.samples_in_processing (
  user_id text NOT NULL,
  sample_id bigint NOT NULL,
  CONSTRAINT samples_in_processing_pkey PRIMARY KEY (user_id, sample_id));
GRANT SELECT, INSERT, DELETE ON platform.samples_in_processing TO fabula_app;
ALTER TABLE platform.samples_in_processing ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON platform.samples_in_processing
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY jobs_read ON platform.samples_in_processing FOR SELECT TO fabula_worker USING (true);

-- NO FORCE lets the role that owns the tables read the rows of all users. FORCE follows in the same
-- transaction.
ALTER TABLE instances.user_voice_samples NO FORCE ROW LEVEL SECURITY;
INSERT INTO platform.samples_in_processing (user_id, sample_id)
SELECT user_id, id FROM instances.user_voice_samples WHERE processing_status = 'processing';
ALTER TABLE instances.user_voice_samples FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.samples_in_processing FORCE ROW LEVEL SECURITY;
