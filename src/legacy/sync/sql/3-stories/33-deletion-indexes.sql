-- Without these indexes, each story or analysis that the old application deletes reads all narrations: our tables
-- never delete one. `uninstall.ts` drops the indexes.

-- role: owner
CREATE INDEX legacy_sync_narrations_story ON instances.user_story_narrations (reference_story_id);
CREATE INDEX legacy_sync_narrations_analysis ON instances.user_story_narrations (analysis_id) WHERE analysis_id IS NOT NULL;
