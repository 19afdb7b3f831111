-- Sound: the files of a narration, and where a render stands.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_story_narrations ADD COLUMN audio jsonb;   -- blob keys by format, and the chapters
ALTER TABLE reference.published_narrations ADD COLUMN audio jsonb;

ALTER TABLE instances.user_narration_renders ADD COLUMN failure jsonb;
ALTER TABLE instances.user_narration_renders ADD COLUMN script_hash text;
