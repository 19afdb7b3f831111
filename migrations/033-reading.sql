-- A text is read before it is analysed: its apparatus is left out, and lines and scenes have their own pauses.
SET lock_timeout = '500ms';

CREATE TABLE reference.story_apparatus (                   -- parts of a text that are not the story, or are read as something else
  analysis_id integer NOT NULL
    CONSTRAINT story_apparatus_analysis_fkey REFERENCES reference.story_analyses ON DELETE CASCADE,
  utf16_start integer NOT NULL,
  utf16_end integer NOT NULL,
  kind text NOT NULL,
  said text NOT NULL,                                      -- what is read instead: mostly nothing
  CONSTRAINT story_apparatus_pkey PRIMARY KEY (analysis_id, utf16_start));
GRANT SELECT ON reference.story_apparatus TO fabula_app;
GRANT INSERT ON reference.story_apparatus TO fabula_worker;
-- As for segments: the apparatus of a book is long, and most analyses have little.
ALTER TABLE reference.story_apparatus ALTER COLUMN analysis_id SET (n_distinct = -0.0001);

-- NOT VALID, so that the rows of earlier analyses are not read. Their break_after is null.
ALTER TABLE reference.story_segments ADD COLUMN break_after text;
ALTER TABLE reference.story_segments ADD CONSTRAINT story_segments_break_after_check
  CHECK (break_after IN ('line', 'paragraph', 'scene')) NOT VALID;

-- The parts of the text that the last render's voice said in another form. Null where it said the text as written.
ALTER TABLE instances.user_narration_segments ADD COLUMN spoken_edits jsonb;
