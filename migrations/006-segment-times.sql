-- Where each segment stands in the joined sound, what others hear of one, and how fast a render is.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_narration_segments ADD COLUMN start_ms integer;             -- with recipe_key: of the last render, also after an edit
ALTER TABLE instances.user_narration_segments ADD COLUMN rendered_gain double precision;
ALTER TABLE instances.user_narration_renders ADD COLUMN working_since timestamptz;     -- null while no worker has it
ALTER TABLE reference.published_narration_segments ADD COLUMN audio jsonb;             -- copied on publishing: others cannot read an owner's renditions
