-- A user has at most one live consent.
-- transaction: none
SET lock_timeout = '500ms';
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS voice_consents_one_live ON instances.voice_consents (user_id) WHERE is_live;
