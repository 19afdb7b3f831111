-- The remaining budget of each caller, shared by the processes. UNLOGGED: a crash of PostgreSQL
-- empties the table, and an absent bucket is full.
SET lock_timeout = '500ms';

CREATE UNLOGGED TABLE platform.cost_buckets (
  key text CONSTRAINT cost_buckets_pkey PRIMARY KEY,       -- a hash of the bucket's name
  level double precision NOT NULL,
  settled_at timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.cost_buckets TO fabula_app;
