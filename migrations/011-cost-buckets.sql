-- The remaining budget of each caller, shared by the processes. The table is UNLOGGED, so a crash of
-- PostgreSQL empties it. A caller without a row has a full bucket.
SET lock_timeout = '500ms';

CREATE UNLOGGED TABLE platform.cost_buckets (
  key text CONSTRAINT cost_buckets_pkey PRIMARY KEY,       -- a hash of the bucket's name
  level double precision NOT NULL,
  settled_at timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.cost_buckets TO fabula_app;
