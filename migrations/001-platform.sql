-- Users and the tables that belong to one installation. Local tables carry no foreign keys.
SET lock_timeout = '500ms';

CREATE TABLE platform.users (
  id text CONSTRAINT users_pkey PRIMARY KEY,               -- the identity provider's subject; never leaves the server
  public_id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT users_public_id_key UNIQUE,
  email text,
  display_name text,
  avatar_url text,
  profile jsonb NOT NULL DEFAULT '{}',
  language text NOT NULL DEFAULT 'en',
  is_admin boolean NOT NULL DEFAULT false,
  is_active boolean NOT NULL DEFAULT true,
  erased_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now());

-- Narrations made before their story's analysis is ready. The transaction that stores the analysis
-- finds their owners here: row-level security hides the narrations themselves from it.
CREATE TABLE platform.pending_scripts (
  user_id text NOT NULL,
  narration_id bigint NOT NULL,
  reference_story_id integer NOT NULL,
  CONSTRAINT pending_scripts_pkey PRIMARY KEY (user_id, narration_id));
CREATE INDEX pending_scripts_story ON platform.pending_scripts (reference_story_id);
