-- Uploads: files that a user sends to the server before a mutation uses them.
SET lock_timeout = '500ms';

CREATE SEQUENCE instances.upload_ids;
CREATE TABLE instances.user_uploads (
  user_id text NOT NULL CONSTRAINT user_uploads_user_fkey REFERENCES platform.users,
  id bigint NOT NULL DEFAULT nextval('instances.upload_ids'),
  purpose text NOT NULL CONSTRAINT user_uploads_purpose_check CHECK (purpose IN ('voice_sample')),
  content_type text NOT NULL,
  size_bytes integer NOT NULL,                             -- declared before the file is sent
  blob_key text,                                           -- null before the file arrives, and after the use
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  received_at timestamptz,
  used_at timestamptz,
  CONSTRAINT user_uploads_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT user_uploads_received CHECK (blob_key IS NULL OR received_at IS NOT NULL),
  CONSTRAINT user_uploads_used CHECK (used_at IS NULL OR (received_at IS NOT NULL AND blob_key IS NULL)));

GRANT SELECT, INSERT, UPDATE (blob_key, received_at, used_at), DELETE ON instances.user_uploads TO fabula_app;
GRANT USAGE ON SEQUENCE instances.upload_ids TO fabula_app;
ALTER TABLE instances.user_uploads ENABLE ROW LEVEL SECURITY;
ALTER TABLE instances.user_uploads FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON instances.user_uploads
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')));
