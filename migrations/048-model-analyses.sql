-- Analyses by a language model: their requests, the answers that are paid, and what a day has used.
SET lock_timeout = '500ms';

-- The share of the text that a language model has read.
ALTER TABLE reference.story_analyses ADD COLUMN progress real NOT NULL DEFAULT 0;

-- The model's answers for an unfinished analysis, so that another worker asks for none of them again. The
-- transaction that stores the analysis deletes them.
CREATE TABLE reference.model_answers (
  analysis_id integer NOT NULL
    CONSTRAINT model_answers_analysis_fkey REFERENCES reference.story_analyses ON DELETE CASCADE,
  name text NOT NULL,                                      -- what was asked, for example a range of segments
  value json,                                              -- null: no usable answer. Not jsonb, which refuses some strings
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  requests integer NOT NULL,
  cost_micros bigint NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT model_answers_pkey PRIMARY KEY (analysis_id, name));

-- What the language model has used, by day in UTC. Deleting a story gives nothing back.
CREATE TABLE reference.model_usage (
  day date NOT NULL CONSTRAINT model_usage_pkey PRIMARY KEY,
  tokens bigint NOT NULL,
  cost_micros bigint NOT NULL);

-- Only jobs ask the model. A request sees neither answers nor what they cost.
GRANT SELECT, INSERT, DELETE ON reference.model_answers TO fabula_worker;
GRANT SELECT, INSERT, UPDATE ON reference.model_usage TO fabula_worker;

-- As the functions with the same names, for analysers with a model. Servers of the version before call those.
CREATE FUNCTION reference.request_analysis(
    of_text text, in_language text, by_analyzer text, by_version text, by_model text, by_prompt text,
    by_schema integer, with_rank integer)
  RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE requested integer;
BEGIN
  INSERT INTO reference.story_analyses
    (content_hash, language, analyzer_id, analyzer_version, model, prompt_version, schema_version, rank)
  SELECT of_text, in_language, by_analyzer, by_version, by_model, by_prompt, by_schema, with_rank
  WHERE EXISTS (SELECT FROM reference.stories s WHERE s.content_hash = of_text AND s.visibility <> 'draft')
  ON CONFLICT DO NOTHING RETURNING id INTO requested;
  IF requested IS NOT NULL THEN RETURN requested; END IF;
  SELECT a.id INTO requested
  FROM reference.lock_analysis(of_text, in_language, by_analyzer, by_version, by_model, by_prompt, by_schema) a
  WHERE a.status = 'failed';
  UPDATE reference.story_analyses SET status = 'pending', failure = NULL WHERE id = requested;
  RETURN requested;
END $$;

CREATE FUNCTION reference.lock_analysis(
    of_text text, in_language text, by_analyzer text, by_version text, by_model text, by_prompt text, by_schema integer)
  RETURNS SETOF reference.story_analyses
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  SELECT a.* FROM reference.story_analyses a
  WHERE a.content_hash = of_text AND a.language = in_language AND a.analyzer_id = by_analyzer
    AND a.analyzer_version = by_version AND a.model = by_model AND a.prompt_version = by_prompt
    AND a.schema_version = by_schema
  FOR UPDATE $$;

REVOKE ALL ON FUNCTION reference.request_analysis(text, text, text, text, text, text, integer, integer),
  reference.lock_analysis(text, text, text, text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.request_analysis(text, text, text, text, text, text, integer, integer),
  reference.lock_analysis(text, text, text, text, text, text, integer) TO fabula_app;
