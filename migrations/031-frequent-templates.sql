-- The templates of an analysis, the most frequent first. A list reads only its page, and not the table.
-- transaction: none
SET lock_timeout = '500ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS story_modulation_occurrences_frequent ON reference.story_modulation_occurrences
  (analysis_id, occurrences DESC, template_id DESC) INCLUDE (strength, example_position);
