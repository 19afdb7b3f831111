-- Rows of the legacy platform keep what no column holds.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_voices ADD COLUMN legacy_original jsonb;
ALTER TABLE instances.user_emotion_voices ADD COLUMN legacy_original jsonb;
ALTER TABLE instances.user_voice_samples ADD COLUMN legacy_original jsonb;
