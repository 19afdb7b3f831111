-- An emotion voice has one row for each training (revision).
-- transaction: none
SET lock_timeout = '500ms';
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS user_emotion_voices_revision ON instances.user_emotion_voices (user_id, voice_id, template_id, revision);
