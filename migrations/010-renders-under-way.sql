-- The list of renders under way. A worker reads this list to find renders without a job, and queues
-- these renders again. Row-level security hides the renders themselves from a transaction without an
-- owner.
SET lock_timeout = '500ms';

CREATE TABLE platform.renders_under_way (
  user_id text NOT NULL,
  narration_id bigint NOT NULL,
  attempt integer NOT NULL,
  CONSTRAINT renders_under_way_pkey PRIMARY KEY (user_id, narration_id, attempt));
GRANT SELECT, INSERT, DELETE ON platform.renders_under_way TO fabula_app;
ALTER TABLE platform.renders_under_way ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.renders_under_way FORCE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON platform.renders_under_way FOR SELECT USING (true);
CREATE POLICY anyone_removes ON platform.renders_under_way FOR DELETE USING (true);
CREATE POLICY owner_adds ON platform.renders_under_way FOR INSERT
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- NO FORCE lets the role that owns the tables read and write the rows of all users. FORCE follows in
-- the same transaction.
ALTER TABLE instances.user_narration_renders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.renders_under_way NO FORCE ROW LEVEL SECURITY;
INSERT INTO platform.renders_under_way (user_id, narration_id, attempt)
SELECT user_id, narration_id, attempt FROM instances.user_narration_renders WHERE finished_at IS NULL;
ALTER TABLE platform.renders_under_way FORCE ROW LEVEL SECURITY;
ALTER TABLE instances.user_narration_renders FORCE ROW LEVEL SECURITY;
