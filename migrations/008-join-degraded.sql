-- What joining could not do of a segment's delivery, as its rendition tells what the voice could not.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_narration_segments ADD COLUMN join_degraded jsonb;          -- with start_ms; null where it did everything
