-- Indexes for finding narrations of a person and templates.
-- transaction: none
SET lock_timeout = '500ms';

-- The public narrations of a narrator, last published first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS published_narrations_narrator ON reference.published_narrations
  (user_id, published_at DESC, narration_id DESC) WHERE visibility = 'public';

-- The words of templates.
CREATE INDEX CONCURRENTLY IF NOT EXISTS voice_modulation_templates_words ON reference.voice_modulation_templates
  USING gin (reference.word_vector(modulation_key || ' ' || display_name || ' ' || description));
