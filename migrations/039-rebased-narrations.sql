-- A narration can take up a new text of its story. What its owner changed and the new text has no place for is kept.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_story_narrations ADD COLUMN unplaced_edits jsonb;
