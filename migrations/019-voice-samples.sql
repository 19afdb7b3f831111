-- A recording is processed by a job, which accepts or rejects the recording. Recordings of the legacy
-- platform count as accepted until their owner adopts them.
-- The constraints are NOT VALID, because rows of an earlier version may violate them.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_voice_samples
  ADD COLUMN processing_status text NOT NULL DEFAULT 'accepted',
  ADD COLUMN upload_id bigint,
  ADD COLUMN original_blob_key text;
ALTER TABLE instances.user_voice_samples
  ADD CONSTRAINT user_voice_samples_processing_check
    CHECK (processing_status IN ('processing', 'accepted', 'rejected')) NOT VALID,
  -- The file as it was uploaded exists exactly while the recording is processed.
  ADD CONSTRAINT user_voice_samples_original
    CHECK ((processing_status = 'processing') = (original_blob_key IS NOT NULL)) NOT VALID,
  ADD CONSTRAINT user_voice_samples_rejected
    CHECK (processing_status <> 'rejected' OR (blob_key IS NULL AND NOT is_preferred)) NOT VALID;
