-- Indexes for lists.
-- transaction: none
SET lock_timeout = '500ms';

-- The list of public stories with any filters. Replaces an index on the words alone.
CREATE INDEX CONCURRENTLY IF NOT EXISTS stories_found ON reference.stories USING gin
  (search, reference.story_facets(category, genre, language, original_author_id, tags)) WHERE visibility = 'public';
DROP INDEX CONCURRENTLY IF EXISTS reference.stories_search;

-- The stories of an author, newest first. Replaces an index in the order of ids.
CREATE INDEX CONCURRENTLY IF NOT EXISTS stories_authored ON reference.stories
  (original_author_id, visibility, created_at DESC, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS reference.stories_author;

-- The narrations of an owner, of all or of some statuses. Replaces an index without the status.
CREATE INDEX CONCURRENTLY IF NOT EXISTS user_story_narrations_status ON instances.user_story_narrations
  (user_id, status, created_at DESC, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS instances.user_story_narrations_recent;

-- The segments that a character speaks.
CREATE INDEX CONCURRENTLY IF NOT EXISTS story_segments_speaker ON reference.story_segments
  (analysis_id, speaker_id, position) WHERE speaker_id IS NOT NULL;

-- The catalogue in its order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS voice_modulation_templates_order ON reference.voice_modulation_templates
  ((modulation_type || ' ' || modulation_key), id) WHERE is_active;

-- Erased users are few, and the policy of editions looks for them.
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_erased ON platform.users (id) WHERE erased_at IS NOT NULL;
