-- Reference data: made once, shared by everyone, owned by nobody.
SET lock_timeout = '500ms';

CREATE SCHEMA reference;

CREATE TABLE reference.story_texts (                       -- the text itself, by sha256 of its stored UTF-8
  content_hash text CONSTRAINT story_texts_pkey PRIMARY KEY
    CONSTRAINT story_texts_hash_check CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  content text NOT NULL,
  chapters jsonb NOT NULL DEFAULT '[]',
  word_count integer NOT NULL,
  reading_time_seconds integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE reference.stories (
  id serial CONSTRAINT stories_pkey PRIMARY KEY,
  slug text NOT NULL CONSTRAINT stories_slug_key UNIQUE,
  title text NOT NULL,
  summary text,
  content_hash text CONSTRAINT stories_text_fkey REFERENCES reference.story_texts,   -- null while a draft is empty
  original_author_id text CONSTRAINT stories_author_fkey REFERENCES platform.users,
  visibility text NOT NULL DEFAULT 'draft'
    CONSTRAINT stories_visibility_check CHECK (visibility IN ('draft', 'public', 'archived')),
  category text NOT NULL,
  genre text,
  sub_genre text,
  tags text[] NOT NULL DEFAULT '{}',
  emotional_tags text[] NOT NULL DEFAULT '{}',
  mood text,
  age_rating text NOT NULL DEFAULT 'general',
  is_adult boolean NOT NULL DEFAULT false,
  language text NOT NULL DEFAULT 'en',
  cover_image_url text,
  license text NOT NULL DEFAULT 'all_rights_reserved',
  copyright_notice text,
  source jsonb NOT NULL DEFAULT '{}',                      -- how it was uploaded; legacy flags and counters, as they were
  version integer NOT NULL DEFAULT 1,
  search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', title), 'A')
    || setweight(to_tsvector('simple', coalesce(summary, '')), 'B')) STORED,
  published_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stories_published_check
    CHECK (visibility = 'draft' OR (content_hash IS NOT NULL AND published_at IS NOT NULL)));
CREATE INDEX stories_public_recent ON reference.stories (published_at DESC, id DESC) WHERE visibility = 'public';
CREATE INDEX stories_public_title ON reference.stories (title, id) WHERE visibility = 'public';
CREATE INDEX stories_author ON reference.stories (original_author_id, id DESC);
CREATE INDEX stories_content_hash ON reference.stories (content_hash);
CREATE INDEX stories_search ON reference.stories USING gin (search);

CREATE TABLE reference.story_analyses (
  id serial CONSTRAINT story_analyses_pkey PRIMARY KEY,
  content_hash text NOT NULL CONSTRAINT story_analyses_text_fkey REFERENCES reference.story_texts,
  analysis_type text NOT NULL DEFAULT 'narrative',
  language text NOT NULL,
  analyzer_id text NOT NULL,
  analyzer_version text NOT NULL,
  model text NOT NULL DEFAULT '',
  prompt_version text NOT NULL DEFAULT '',
  schema_version integer NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CONSTRAINT story_analyses_status_check CHECK (status IN ('pending', 'running', 'ready', 'failed')),
  rank integer NOT NULL DEFAULT 0,                         -- legacy 0, embedded 10, model 20: the best ready one is the story's analysis
  summary text,
  mood jsonb,
  characters jsonb NOT NULL DEFAULT '[]',
  usage jsonb,
  degraded jsonb NOT NULL DEFAULT '[]',
  failure jsonb,
  segment_count integer NOT NULL DEFAULT 0,
  legacy_data jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  CONSTRAINT story_analyses_once UNIQUE (content_hash, analysis_type, language, analyzer_id,
    analyzer_version, model, prompt_version, schema_version));
CREATE INDEX story_analyses_best ON reference.story_analyses (content_hash, rank DESC, id DESC) WHERE status = 'ready';

CREATE TABLE reference.story_segments (                    -- an analysis is rows: pages never load a whole document
  analysis_id integer NOT NULL
    CONSTRAINT story_segments_analysis_fkey REFERENCES reference.story_analyses ON DELETE CASCADE,
  position integer NOT NULL,
  paragraph integer NOT NULL,
  kind text NOT NULL CONSTRAINT story_segments_kind_check CHECK (kind IN ('narration', 'dialogue')),
  utf16_start integer NOT NULL,
  utf16_end integer NOT NULL,
  text text NOT NULL,
  speaker_id text,
  attribution jsonb,
  emotion text NOT NULL DEFAULT 'neutral',
  intensity real NOT NULL DEFAULT 0,
  valence real,
  modulations jsonb NOT NULL DEFAULT '[]',
  sounds jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT story_segments_pkey PRIMARY KEY (analysis_id, position));

CREATE TABLE reference.voice_modulation_templates (
  id serial CONSTRAINT voice_modulation_templates_pkey PRIMARY KEY,
  modulation_type text NOT NULL CONSTRAINT voice_modulation_templates_type_check
    CHECK (modulation_type IN ('emotion', 'sound', 'modulation')),
  modulation_key text NOT NULL CONSTRAINT voice_modulation_templates_key_check
    CHECK (modulation_key = lower(btrim(modulation_key)) AND modulation_key <> ''),
  display_name text NOT NULL,
  description text NOT NULL,
  sample_text text NOT NULL,
  target_duration_seconds integer NOT NULL DEFAULT 10,
  category text NOT NULL DEFAULT 'basic',
  voice_settings jsonb,
  is_active boolean NOT NULL DEFAULT true,
  sort_order integer NOT NULL DEFAULT 0,
  source_analysis_id integer
    CONSTRAINT voice_modulation_templates_source_fkey REFERENCES reference.story_analyses,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT voice_modulation_templates_key UNIQUE (modulation_type, modulation_key));

INSERT INTO reference.voice_modulation_templates
  (modulation_type, modulation_key, display_name, description, sample_text)
VALUES ('emotion', 'neutral', 'Neutral', 'An even, unhurried voice: what every other emotion is measured against.',
  'The morning train leaves at nine, and the walk to the station takes a quarter of an hour.');

CREATE TABLE reference.story_modulation_occurrences (
  analysis_id integer NOT NULL
    CONSTRAINT story_modulation_occurrences_analysis_fkey REFERENCES reference.story_analyses ON DELETE CASCADE,
  template_id integer NOT NULL
    CONSTRAINT story_modulation_occurrences_template_fkey REFERENCES reference.voice_modulation_templates,
  occurrences integer NOT NULL,
  strength real NOT NULL,
  example_position integer,
  CONSTRAINT story_modulation_occurrences_pkey PRIMARY KEY (analysis_id, template_id));
CREATE INDEX story_modulation_occurrences_template ON reference.story_modulation_occurrences (template_id, analysis_id);

CREATE TABLE reference.renditions (                        -- unedited public text in a catalogue voice: nobody's, so shared
  recipe_key text CONSTRAINT renditions_pkey PRIMARY KEY,
  blob_key text NOT NULL,
  duration_ms integer NOT NULL,
  words jsonb NOT NULL,
  degraded jsonb NOT NULL DEFAULT '[]',
  size_bytes bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now());

-- Editions: the only thing of a narration that others can read; written with the publish, gone with unpublish or erasure.
CREATE TABLE reference.published_narrations (
  user_id text NOT NULL CONSTRAINT published_narrations_user_fkey REFERENCES platform.users,
  narration_id bigint NOT NULL,
  edition integer NOT NULL,
  reference_story_id integer NOT NULL CONSTRAINT published_narrations_story_fkey REFERENCES reference.stories,
  visibility text NOT NULL
    CONSTRAINT published_narrations_visibility_check CHECK (visibility IN ('unlisted', 'public')),
  share_token_hash text,
  header jsonb NOT NULL,
  segment_count integer NOT NULL,
  audio_blob_key text,
  duration_ms integer,
  published_at timestamptz NOT NULL,
  CONSTRAINT published_narrations_pkey PRIMARY KEY (user_id, narration_id));
CREATE INDEX published_narrations_story ON reference.published_narrations
  (reference_story_id, published_at DESC, narration_id DESC) WHERE visibility = 'public';
CREATE INDEX published_narrations_narration ON reference.published_narrations (narration_id);
CREATE UNIQUE INDEX published_narrations_token ON reference.published_narrations (share_token_hash);

CREATE TABLE reference.published_narration_segments (      -- an edition's script, as rows: a page of it is a page, not a document
  user_id text NOT NULL,
  narration_id bigint NOT NULL,
  position integer NOT NULL,
  story_position integer,
  kind text NOT NULL,
  text text NOT NULL,
  speaker_id text,
  emotion text NOT NULL,
  intensity real NOT NULL,
  voice text,
  prosody jsonb,
  pause_after_ms integer,
  CONSTRAINT published_narration_segments_pkey PRIMARY KEY (user_id, narration_id, position),
  CONSTRAINT published_narration_segments_edition_fkey FOREIGN KEY (user_id, narration_id)
    REFERENCES reference.published_narrations ON DELETE CASCADE);
