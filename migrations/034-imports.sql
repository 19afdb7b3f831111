-- Stories that were read from files: who wrote them, and the picture of their cover.
SET lock_timeout = '500ms';

ALTER TABLE reference.stories
  ADD COLUMN author_name text,                             -- a credit; original_author_id is the account that brought the story
  ADD COLUMN cover_blob_key text,                          -- a picture in the storage, owned by that account
  ADD COLUMN cover_content_type text;
-- NOT VALID, so that no row is read. The columns are new, and the purposes of earlier uploads were checked before.
ALTER TABLE reference.stories ADD CONSTRAINT stories_cover_check
  CHECK ((cover_blob_key IS NULL) = (cover_content_type IS NULL)) NOT VALID;
ALTER TABLE instances.user_uploads DROP CONSTRAINT user_uploads_purpose_check;
ALTER TABLE instances.user_uploads ADD CONSTRAINT user_uploads_purpose_check
  CHECK (purpose IN ('voice_sample', 'story_file')) NOT VALID;
