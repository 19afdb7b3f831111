-- The objects of the transition. All of them live in this schema, which contract drops whole.
-- `-- role:` says who runs the statements below: sync (fabula_legacy, which owns this schema), legacy (the
-- owner of the legacy tables), or owner (fabula_owner, which owns our tables). A function that writes a legacy table has
-- public in its search path, because a trigger of the table may name other tables without a schema.

-- role: sync
CREATE TABLE legacy_sync.settings (
  one boolean CONSTRAINT settings_pkey PRIMARY KEY DEFAULT true CONSTRAINT settings_one CHECK (one),
  time_zone text NOT NULL,                                  -- of the legacy timestamps, which have none
  salt uuid NOT NULL DEFAULT gen_random_uuid(),             -- of the names that nobody may guess
  expanded_at timestamptz NOT NULL DEFAULT now(),
  detached_at timestamptz,                                  -- null while the triggers are attached
  alone tstzmultirange NOT NULL DEFAULT '{}',               -- when the triggers were detached before
  is_paused boolean NOT NULL DEFAULT false,
  backfilled_at timestamptz,                                -- when the last backfill ended
  verified_at timestamptz,                                  -- when a verification last found no difference
  verified_writes bigint);                                  -- the value of legacy_writes at that time

-- How far the backfill of each pair is. A pair whose table is cut has a row for each part of the table. One
-- transaction writes a batch and its checkpoint.
CREATE TABLE legacy_sync.checkpoints (
  pair text NOT NULL,
  nr integer NOT NULL DEFAULT 1,
  after text,                                               -- the first key of the part is later; null: the first part
  until text,                                               -- the last possible key of the part; null: the last part
  last_key text,                                            -- null before the first batch
  taken bigint NOT NULL DEFAULT 0,                          -- legacy rows that were read
  written bigint NOT NULL DEFAULT 0,                        -- rows that the backfill itself wrote
  is_done boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT checkpoints_pkey PRIMARY KEY (pair, nr));

-- Legacy rows that have no place in the new model, each with its reason.
CREATE TABLE legacy_sync.quarantine (
  source_table text NOT NULL,
  source_id text NOT NULL,
  user_id text,
  reason text NOT NULL,                                     -- a word, for example no_user
  detail text,                                              -- a sentence for a person
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT quarantine_pkey PRIMARY KEY (source_table, source_id));

-- Rows whose id is not that of their legacy row: derived from another row, or merged into another row.
CREATE TABLE legacy_sync.id_map (
  source_table text NOT NULL,
  source_id text NOT NULL,
  target_table text NOT NULL,
  target_id text NOT NULL,
  kind text NOT NULL CONSTRAINT id_map_kind_check CHECK (kind IN ('derived', 'merged')),
  CONSTRAINT id_map_pkey PRIMARY KEY (source_table, source_id, target_table));

-- Rows that one side deleted and that the other side keeps, each with the reason.
CREATE TABLE legacy_sync.kept (
  source_table text NOT NULL,
  source_id text NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT kept_pkey PRIMARY KEY (source_table, source_id));

-- Values that our side chose and the legacy row does not say. A verification expects these values.
CREATE TABLE legacy_sync.choices (
  target_table text NOT NULL,
  target_id text NOT NULL,
  column_name text NOT NULL,
  value text NOT NULL,
  CONSTRAINT choices_pkey PRIMARY KEY (target_table, target_id, column_name));

-- Counts the writes of the old application, so that contract can tell whether it is quiet.
CREATE SEQUENCE legacy_sync.legacy_writes;

CREATE FUNCTION legacy_sync.time_zone() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT s.time_zone FROM legacy_sync.settings s $$;

-- True for a row that our side made while the triggers were detached. The old application has never seen the row.
CREATE FUNCTION legacy_sync.is_made_alone(created_at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT created_at <@ s.alone FROM legacy_sync.settings s $$;

-- Says which side writes, so that the triggers of the other side do not write the same change back. For the side `new`,
-- the depth says which statement is meant: what a trigger of a legacy table writes in answer is a change of the old
-- application. Returns the previous side for `leave`. Not a SET clause of the function: only a superuser may name an unknown setting there.
CREATE FUNCTION legacy_sync.enter(side text) RETURNS text
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE previous text := coalesce(current_setting('fabula.sync', true), '');
BEGIN
  PERFORM set_config('fabula.sync', CASE side WHEN 'new' THEN 'new ' || pg_trigger_depth() ELSE side END, true);
  RETURN previous;
END $$;

CREATE FUNCTION legacy_sync.leave(previous text) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT set_config('fabula.sync', previous, true) $$;

CREATE FUNCTION legacy_sync.keep(of_table text, of_id text, why text) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  INSERT INTO legacy_sync.kept (source_table, source_id, reason) VALUES (of_table, of_id, why)
  ON CONFLICT (source_table, source_id) DO UPDATE SET reason = EXCLUDED.reason, created_at = now() $$;

CREATE FUNCTION legacy_sync.choose(of_table text, of_id text, of_column text, chosen text) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
  AS $$
  INSERT INTO legacy_sync.choices AS c (target_table, target_id, column_name, value)
  VALUES (of_table, of_id, of_column, chosen)
  ON CONFLICT (target_table, target_id, column_name) DO UPDATE SET value = EXCLUDED.value
    WHERE c.value <> EXCLUDED.value $$;
