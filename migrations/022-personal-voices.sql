-- A personal voice: its owner's voice at one speech provider. An emotion voice belongs to one personal voice.
-- Rows of an earlier version have no personal voice.
SET lock_timeout = '500ms';

CREATE TABLE instances.user_voices (
  user_id text NOT NULL CONSTRAINT user_voices_user_fkey REFERENCES platform.users,
  id bigint NOT NULL DEFAULT nextval('instances.voice_ids'),
  -- The voice's id for narrations and clients: the provider, a colon, and a random name.
  voice text NOT NULL,
  provider text NOT NULL,
  kind text NOT NULL CONSTRAINT user_voices_kind_check CHECK (kind IN ('adapted', 'cloned')),
  display_name text NOT NULL,
  language text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_voices_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT user_voices_voice UNIQUE (user_id, voice),
  CONSTRAINT user_voices_voice_check CHECK (starts_with(voice, provider || ':own-')));
GRANT SELECT, INSERT, UPDATE, DELETE ON instances.user_voices TO fabula_app;
ALTER TABLE instances.user_voices ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_voices FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_voices
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- Several personal voices may use one provider, so 023 makes revisions unique within a personal voice.
ALTER TABLE instances.user_emotion_voices
  ADD COLUMN voice_id bigint,
  -- The unique name of the training, which a vendor stores with the clone.
  ADD COLUMN label text,
  DROP CONSTRAINT user_emotion_voices_once;
ALTER TABLE instances.user_emotion_voices
  ADD CONSTRAINT user_emotion_voices_voice FOREIGN KEY (user_id, voice_id)
    REFERENCES instances.user_voices (user_id, id) NOT VALID;

-- The list of personal voices in training. A worker reads this list to find trainings without a job.
-- Row-level security hides the emotion voices themselves from a transaction without an owner.
CREATE TABLE platform.voices_in_training (
  user_id text NOT NULL,
  voice_id bigint NOT NULL,
  CONSTRAINT voices_in_training_pkey PRIMARY KEY (user_id, voice_id));
GRANT SELECT, INSERT, DELETE ON platform.voices_in_training TO fabula_app;
ALTER TABLE platform.voices_in_training ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.voices_in_training FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON platform.voices_in_training
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY jobs_read ON platform.voices_in_training FOR SELECT TO fabula_worker USING (true);

-- The voices that vendors keep. The row is written before the vendor is asked to clone, and deleted after the
-- vendor has deleted the clone. So a clone is found and deleted also after a crash, and after its owner's rows
-- are gone.
CREATE TABLE platform.vendor_voices (
  label text NOT NULL CONSTRAINT vendor_voices_pkey PRIMARY KEY,
  user_id text NOT NULL,
  provider text NOT NULL,
  -- The vendor's id. NULL until the vendor has answered.
  model text,
  -- False if a job must delete the clone.
  is_wanted boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX vendor_voices_unwanted ON platform.vendor_voices (label) WHERE NOT is_wanted;
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.vendor_voices TO fabula_app;
ALTER TABLE platform.vendor_voices ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.vendor_voices FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON platform.vendor_voices
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY jobs_read ON platform.vendor_voices FOR SELECT TO fabula_worker USING (true);
