-- A row also gets its number if the change comes from logical replication or from a session with
-- session_replication_role = replica. Such changes skip ordinary triggers, so servers would keep the old row.
SET lock_timeout = '500ms';

ALTER TABLE reference.stories ENABLE ALWAYS TRIGGER row_version;
ALTER TABLE reference.story_analyses ENABLE ALWAYS TRIGGER row_version;
ALTER TABLE reference.voice_modulation_templates ENABLE ALWAYS TRIGGER row_version;
