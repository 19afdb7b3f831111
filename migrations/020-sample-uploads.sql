-- An upload becomes at most one voice sample.
-- transaction: none
SET lock_timeout = '500ms';
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS user_voice_samples_upload ON instances.user_voice_samples (user_id, upload_id) WHERE upload_id IS NOT NULL;
