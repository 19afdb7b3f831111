-- A consent ends once: its owner revokes it, it expires, or a newer consent of its owner replaces it.
-- The constraints are NOT VALID, because rows of an earlier version may violate them.
SET lock_timeout = '500ms';

ALTER TABLE instances.voice_consents ADD COLUMN language text NOT NULL DEFAULT 'en';

-- The server can only end a consent. All other columns are the record of what the owner agreed to.
REVOKE UPDATE ON instances.voice_consents FROM fabula_app;
GRANT UPDATE (is_live, revoked_at) ON instances.voice_consents TO fabula_app;

CREATE FUNCTION instances.keep_consent_ended() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF NEW.is_live THEN
    RAISE EXCEPTION 'A consent that ended cannot become live again; grant a new consent.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'voice_consents_ended', TABLE = 'voice_consents';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consent_stays_ended BEFORE UPDATE ON instances.voice_consents
  FOR EACH ROW WHEN (NOT OLD.is_live) EXECUTE FUNCTION instances.keep_consent_ended();

-- Only a recording of the legacy platform may wait for a consent. A suspended row names the consent that
-- ended. Only a usable row demands a live consent.
ALTER TABLE instances.user_voice_samples
  ADD CONSTRAINT user_voice_samples_awaiting
    CHECK (state <> 'awaiting_consent' OR (legacy_audio IS NOT NULL AND consent_id IS NULL)) NOT VALID,
  ADD CONSTRAINT user_voice_samples_suspended
    CHECK (state <> 'suspended' OR (consent_id IS NOT NULL AND consent_live IS NULL)) NOT VALID,
  ADD CONSTRAINT user_voice_samples_known_consent FOREIGN KEY (user_id, consent_id)
    REFERENCES instances.voice_consents (user_id, id) NOT VALID;
ALTER TABLE instances.user_emotion_voices
  ADD CONSTRAINT user_emotion_voices_suspended
    CHECK (state <> 'suspended' OR (consent_id IS NOT NULL AND consent_live IS NULL)) NOT VALID,
  ADD CONSTRAINT user_emotion_voices_known_consent FOREIGN KEY (user_id, consent_id)
    REFERENCES instances.voice_consents (user_id, id) NOT VALID;

-- The list of live consents that expire. A job reads this list to find expired consents, because
-- row-level security hides the consents themselves from a transaction without an owner.
CREATE TABLE platform.expiring_consents (
  user_id text NOT NULL CONSTRAINT expiring_consents_pkey PRIMARY KEY,
  expires_at timestamptz NOT NULL);
CREATE INDEX expiring_consents_due ON platform.expiring_consents (expires_at);
GRANT SELECT, INSERT, DELETE ON platform.expiring_consents TO fabula_app;
ALTER TABLE platform.expiring_consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.expiring_consents FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON platform.expiring_consents
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
CREATE POLICY jobs_read ON platform.expiring_consents FOR SELECT TO fabula_worker USING (true);
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA instances FROM PUBLIC;
