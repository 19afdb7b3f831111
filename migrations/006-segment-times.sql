-- Where each segment stands in the joined sound, and what others hear of one.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_narration_segments ADD COLUMN start_ms integer;             -- with recipe_key: written by a render, forgotten by an edit
ALTER TABLE reference.published_narration_segments ADD COLUMN audio jsonb;             -- copied on publishing: others cannot read an owner's renditions
