-- The schema of the legacy platform, from which every database of the migration starts.

CREATE TABLE users (
    id                varchar PRIMARY KEY,          -- the identity provider's subject
    email             varchar UNIQUE,
    first_name        varchar,
    last_name         varchar,
    display_name      varchar,
    profile_image_url varchar,
    external_id       varchar UNIQUE,
    language          varchar DEFAULT 'en',
    locale            varchar,
    native_language   varchar,
    is_admin          boolean DEFAULT false,
    is_active         boolean DEFAULT true,
    last_login_at     timestamp,
    created_at        timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at        timestamp DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE stories (
    id                   serial PRIMARY KEY,
    title                text NOT NULL,
    content              text,                       -- null while a draft is empty
    summary              text,
    category             text NOT NULL,
    genre                text,
    sub_genre            text,
    tags                 text[] DEFAULT '{}',
    emotional_tags       text[] DEFAULT '{}',
    mood_category        text,
    age_rating           text DEFAULT 'general',
    reading_time         integer,                    -- minutes
    extracted_characters jsonb DEFAULT '[]',
    extracted_emotions   jsonb DEFAULT '[]',
    voice_sample_url     text,
    cover_image_url      text,
    author_id            varchar REFERENCES users (id),   -- null for stories of deleted accounts
    narrator_voice       text,
    narrator_voice_type  text,                       -- 'ai' or 'user'
    upload_type          text NOT NULL,              -- 'text', 'voice', 'manual', 'file'
    original_audio_url   text,
    processing_status    text DEFAULT 'pending',     -- 'pending', 'processing', 'completed', 'failed'
    status               text DEFAULT 'draft',       -- 'draft', 'ready', 'analyzed', 'published', 'archived'
    is_published         boolean DEFAULT false,
    is_public            boolean DEFAULT false,
    published_at         timestamp,
    copyright_info       text,
    license_type         text DEFAULT 'all_rights_reserved',
    is_adult_content     boolean DEFAULT false,
    view_count           integer DEFAULT 0,
    likes                integer DEFAULT 0,
    language             varchar(10) DEFAULT 'en-US',
    created_at           timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at           timestamp DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_stories_author ON stories (author_id);
CREATE INDEX idx_stories_status ON stories (status);
CREATE INDEX idx_stories_published ON stories (is_published);
CREATE INDEX idx_stories_created ON stories (created_at DESC);

CREATE TABLE story_analyses (
    id            serial PRIMARY KEY,
    story_id      integer NOT NULL REFERENCES stories (id),
    analysis_type text NOT NULL,                     -- 'narrative' or 'roleplay'
    analysis_data jsonb NOT NULL,                    -- whatever the model returned that day
    content_hash  varchar(64),                       -- sha256 of the content at that time; null on old rows
    generated_by  varchar NOT NULL REFERENCES users (id),
    created_at    timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at    timestamp DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_story_analyses_story ON story_analyses (story_id);

CREATE TABLE voice_modulation_templates (
    id              serial PRIMARY KEY,
    modulation_type varchar NOT NULL,                -- 'emotion', 'sound', 'modulation' (old rows: 'description')
    modulation_key  varchar NOT NULL,                -- not unique: concurrent inserts made doubles
    display_name    varchar NOT NULL,
    description     text NOT NULL,
    sample_text     text NOT NULL,
    target_duration integer DEFAULT 10,              -- seconds
    category        varchar DEFAULT 'basic',
    voice_settings  jsonb,
    is_active       boolean DEFAULT true,
    sort_order      integer DEFAULT 0,
    created_at      timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at      timestamp DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE story_narrations (
    id                     serial PRIMARY KEY,
    story_id               integer NOT NULL REFERENCES stories (id),
    user_id                text NOT NULL,            -- no foreign key: some users are gone
    narrator_voice         varchar NOT NULL,         -- 'alloy', 'nova', … or a clone's vendor id
    narrator_voice_type    varchar NOT NULL,         -- 'ai', 'user'
    narrator_profile       varchar DEFAULT 'neutral',
    conversation_style     varchar,
    relationship_id        integer,
    shared_with_identifier text,
    segments               jsonb NOT NULL,           -- array of {text, emotion, audioUrl, voiceUsed, …}; sometimes an object, sometimes a JSON string
    total_duration         integer NOT NULL,         -- milliseconds
    audio_file_url         text,
    created_at             timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at             timestamp DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_story_narrations_story_user ON story_narrations (story_id, user_id);

CREATE TABLE user_voice_samples (
    id           serial PRIMARY KEY,
    user_id      varchar REFERENCES users (id),      -- nullable
    sample_type  text NOT NULL,                      -- 'emotion', 'sound', 'description'
    label        text NOT NULL,                      -- 'happy', 'cat_sound', 'slow_description', 'Happy '
    audio_url    text NOT NULL,                      -- a path, an http url, 'audio://<audio_files.id>' or a data: url
    duration     integer,                            -- milliseconds
    is_completed boolean DEFAULT false,
    is_locked    boolean DEFAULT false,
    locked_at    timestamp,
    recorded_at  timestamp DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE user_voice_profiles (
    id                  serial PRIMARY KEY,
    user_id             varchar NOT NULL REFERENCES users (id),
    profile_name        varchar(255) NOT NULL,
    elevenlabs_voice_id text,
    language            varchar NOT NULL DEFAULT 'en',
    pitch               varchar NOT NULL DEFAULT '0%',
    rate                varchar NOT NULL DEFAULT '85%',
    stability           real NOT NULL DEFAULT 0.75,
    similarity_boost    real NOT NULL DEFAULT 0.85,
    style               real NOT NULL DEFAULT 0.5,
    base_voice          text NOT NULL DEFAULT 'alloy',
    training_status     varchar(50) NOT NULL DEFAULT 'pending',
    is_active           boolean DEFAULT true,
    metadata            jsonb,
    provider            varchar DEFAULT 'elevenlabs',
    created_at          timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at          timestamp DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE user_emotion_voices (
    id                    serial PRIMARY KEY,
    user_voice_profile_id integer NOT NULL REFERENCES user_voice_profiles (id),
    emotion               varchar NOT NULL,
    elevenlabs_voice_id   text,                      -- null until trained; one clone is often shared by all emotions
    training_status       varchar NOT NULL DEFAULT 'pending',  -- 'pending', 'collecting', 'training', 'completed', 'failed'
    sample_count          integer DEFAULT 0,
    quality_score         double precision,
    voice_settings        jsonb,
    training_metadata     jsonb,
    training_cost         numeric,
    last_used_at          timestamp,
    usage_count           integer DEFAULT 0,
    never_delete          boolean DEFAULT false,
    created_at            timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at            timestamp DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE audio_files (
    id         serial PRIMARY KEY,
    file_name  varchar(255) NOT NULL,
    mime_type  varchar(100) NOT NULL DEFAULT 'audio/mpeg',
    audio_data text NOT NULL,                        -- base64
    file_size  integer NOT NULL,
    duration   integer,                              -- milliseconds
    metadata   jsonb,
    created_at timestamp DEFAULT CURRENT_TIMESTAMP
);
