-- User instances: exactly one owner each, user_id first in every key.
SET lock_timeout = '500ms';

CREATE SCHEMA instances;
CREATE SEQUENCE instances.narration_ids;
CREATE SEQUENCE instances.sample_ids;
CREATE SEQUENCE instances.voice_ids;
CREATE SEQUENCE instances.consent_ids;

CREATE TABLE instances.user_story_narrations (
  user_id text NOT NULL CONSTRAINT user_story_narrations_user_fkey REFERENCES platform.users,
  id bigint NOT NULL DEFAULT nextval('instances.narration_ids'),
  reference_story_id integer NOT NULL CONSTRAINT user_story_narrations_story_fkey REFERENCES reference.stories,
  analysis_id integer CONSTRAINT user_story_narrations_analysis_fkey REFERENCES reference.story_analyses,
  title text,
  narrator_voice text NOT NULL,                            -- provider:voice
  narrator_voice_name text NOT NULL,                       -- kept, so that a voice that is gone stays readable
  narrator_voice_type text NOT NULL
    CONSTRAINT user_story_narrations_voice_type_check CHECK (narrator_voice_type IN ('ai', 'user')),
  voice_cast jsonb NOT NULL DEFAULT '[]',
  voice_modifications jsonb NOT NULL DEFAULT '{}',
  segment_count integer NOT NULL DEFAULT 0,
  script_hash text,
  status text NOT NULL DEFAULT 'draft' CONSTRAINT user_story_narrations_status_check
    CHECK (status IN ('draft', 'queued', 'rendering', 'ready', 'failed', 'cancelled')),
  visibility text NOT NULL DEFAULT 'private' CONSTRAINT user_story_narrations_visibility_check
    CHECK (visibility IN ('private', 'unlisted', 'public')),
  share_token text,                                        -- readable by the owner alone; the edition holds its hash
  edition integer NOT NULL DEFAULT 0,
  rendered_script_hash text,
  audio_blob_key text,
  duration_ms integer CONSTRAINT user_story_narrations_duration_check CHECK (duration_ms > 0),
  loudness_lufs real,
  size_bytes bigint,
  failure jsonb,
  forked_from jsonb,
  legacy_original jsonb,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  CONSTRAINT user_story_narrations_pkey PRIMARY KEY (user_id, id));
CREATE INDEX user_story_narrations_story ON instances.user_story_narrations
  (user_id, reference_story_id, created_at DESC, id DESC);
CREATE INDEX user_story_narrations_recent ON instances.user_story_narrations (user_id, created_at DESC, id DESC);

-- The script: made from the analysis by one INSERT ... SELECT, then the owner's to change.
CREATE TABLE instances.user_narration_segments (
  user_id text NOT NULL,
  narration_id bigint NOT NULL,
  position integer NOT NULL,
  story_position integer,
  kind text NOT NULL,
  text text NOT NULL,
  speaker_id text,
  emotion text NOT NULL DEFAULT 'neutral',
  intensity real NOT NULL DEFAULT 0,
  voice text,
  prosody jsonb,
  pause_after_ms integer,
  is_edited boolean NOT NULL DEFAULT false,
  recipe_key text,
  extra jsonb,
  CONSTRAINT user_narration_segments_pkey PRIMARY KEY (user_id, narration_id, position),
  CONSTRAINT user_narration_segments_narration FOREIGN KEY (user_id, narration_id)
    REFERENCES instances.user_story_narrations ON DELETE CASCADE);

CREATE TABLE instances.user_renditions (                   -- edited text or a personal voice: kept, keyed and erased with its owner
  user_id text NOT NULL CONSTRAINT user_renditions_user_fkey REFERENCES platform.users,
  recipe_key text NOT NULL,
  blob_key text NOT NULL,
  duration_ms integer NOT NULL,
  words jsonb NOT NULL,
  degraded jsonb NOT NULL DEFAULT '[]',
  size_bytes bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_renditions_pkey PRIMARY KEY (user_id, recipe_key));

CREATE TABLE instances.user_narration_renders (            -- narrow and hot: progress never touches the narration row or its version
  user_id text NOT NULL,
  narration_id bigint NOT NULL,
  attempt integer NOT NULL,
  total integer NOT NULL,
  rendered integer NOT NULL DEFAULT 0,
  reused integer NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  cancel_requested boolean NOT NULL DEFAULT false,
  CONSTRAINT user_narration_renders_pkey PRIMARY KEY (user_id, narration_id, attempt),
  CONSTRAINT user_narration_renders_narration FOREIGN KEY (user_id, narration_id)
    REFERENCES instances.user_story_narrations ON DELETE CASCADE);

CREATE TABLE instances.voice_consents (                    -- liveness is part of the key, so a foreign key can demand it
  user_id text NOT NULL CONSTRAINT voice_consents_user_fkey REFERENCES platform.users,
  id bigint NOT NULL DEFAULT nextval('instances.consent_ids'),
  statement_version text NOT NULL,
  text_hash text NOT NULL,
  purpose text NOT NULL,
  subject text NOT NULL
    CONSTRAINT voice_consents_subject_check CHECK (subject IN ('self', 'minor_with_guardian', 'other_adult')),
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  is_live boolean NOT NULL DEFAULT true,
  CONSTRAINT voice_consents_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT voice_consents_live UNIQUE (user_id, id, is_live),
  CONSTRAINT voice_consents_revoked CHECK (revoked_at IS NULL OR NOT is_live));

CREATE TABLE instances.user_voice_samples (
  user_id text NOT NULL CONSTRAINT user_voice_samples_user_fkey REFERENCES platform.users,
  id bigint NOT NULL DEFAULT nextval('instances.sample_ids'),
  template_id integer NOT NULL
    CONSTRAINT user_voice_samples_template_fkey REFERENCES reference.voice_modulation_templates,
  state text NOT NULL
    CONSTRAINT user_voice_samples_state_check CHECK (state IN ('awaiting_consent', 'usable', 'suspended')),
  consent_id bigint,
  consent_live boolean CONSTRAINT user_voice_samples_consent_live_check CHECK (consent_live),
  transcript text,
  blob_key text,
  legacy_audio text,
  duration_ms integer,
  quality jsonb,
  is_preferred boolean NOT NULL DEFAULT false,
  is_locked boolean NOT NULL DEFAULT false,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_voice_samples_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT user_voice_samples_consent FOREIGN KEY (user_id, consent_id, consent_live)
    REFERENCES instances.voice_consents (user_id, id, is_live),
  CONSTRAINT user_voice_samples_usable
    CHECK (state <> 'usable' OR (consent_id IS NOT NULL AND consent_live IS TRUE)));
CREATE UNIQUE INDEX user_voice_samples_preferred ON instances.user_voice_samples (user_id, template_id) WHERE is_preferred;
CREATE INDEX user_voice_samples_template ON instances.user_voice_samples (user_id, template_id, recorded_at DESC, id DESC);

CREATE TABLE instances.user_emotion_voices (
  user_id text NOT NULL CONSTRAINT user_emotion_voices_user_fkey REFERENCES platform.users,
  id bigint NOT NULL DEFAULT nextval('instances.voice_ids'),
  template_id integer NOT NULL
    CONSTRAINT user_emotion_voices_template_fkey REFERENCES reference.voice_modulation_templates,
  revision integer NOT NULL DEFAULT 1,
  kind text NOT NULL CONSTRAINT user_emotion_voices_kind_check CHECK (kind IN ('adapted', 'cloned')),
  provider text NOT NULL,
  provider_voice_id text,
  training_status text NOT NULL CONSTRAINT user_emotion_voices_training_check
    CHECK (training_status IN ('collecting', 'training', 'ready', 'failed')),
  state text NOT NULL
    CONSTRAINT user_emotion_voices_state_check CHECK (state IN ('awaiting_consent', 'usable', 'suspended')),
  consent_id bigint,
  consent_live boolean CONSTRAINT user_emotion_voices_consent_live_check CHECK (consent_live),
  sample_count integer NOT NULL DEFAULT 0,
  quality_score double precision,
  metrics jsonb,
  model_blob_key text,
  voice_settings jsonb,
  never_delete boolean NOT NULL DEFAULT false,
  failure jsonb,
  trained_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_emotion_voices_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT user_emotion_voices_once UNIQUE (user_id, template_id, provider, revision),
  CONSTRAINT user_emotion_voices_consent FOREIGN KEY (user_id, consent_id, consent_live)
    REFERENCES instances.voice_consents (user_id, id, is_live),
  CONSTRAINT user_emotion_voices_usable
    CHECK (state <> 'usable' OR (consent_id IS NOT NULL AND consent_live IS TRUE)));

CREATE TABLE instances.listening_positions (
  user_id text NOT NULL CONSTRAINT listening_positions_user_fkey REFERENCES platform.users,
  reference_story_id integer NOT NULL CONSTRAINT listening_positions_story_fkey REFERENCES reference.stories,
  analysis_id integer CONSTRAINT listening_positions_analysis_fkey REFERENCES reference.story_analyses,
  position integer NOT NULL,
  offset_ms integer NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL,
  CONSTRAINT listening_positions_pkey PRIMARY KEY (user_id, reference_story_id));

CREATE TABLE instances.idempotency_keys (
  user_id text NOT NULL,
  operation text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  response jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, operation, key));
