-- Sound of the legacy platform keeps what no column holds.
SET lock_timeout = '500ms';

ALTER TABLE instances.user_legacy_sounds ADD COLUMN legacy_original jsonb;
