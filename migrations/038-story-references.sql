-- A story and an analysis can be deleted. Without these indexes, each deletion reads all narrations.
-- transaction: none
SET lock_timeout = '500ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS user_story_narrations_of_story ON instances.user_story_narrations (reference_story_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS user_story_narrations_analysis ON instances.user_story_narrations (analysis_id)
  WHERE analysis_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS published_narrations_of_story ON reference.published_narrations (reference_story_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS listening_positions_story ON instances.listening_positions (reference_story_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS listening_positions_analysis ON instances.listening_positions (analysis_id)
  WHERE analysis_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS voice_modulation_templates_source ON reference.voice_modulation_templates (source_analysis_id)
  WHERE source_analysis_id IS NOT NULL;
