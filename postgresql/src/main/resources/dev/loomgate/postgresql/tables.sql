CREATE TABLE IF NOT EXISTS loomgate_task (
  place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  id text NOT NULL,
  priority smallint NOT NULL,
  due timestamptz,
  owner text,
  seen timestamptz,
  since timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0,
  losses integer NOT NULL DEFAULT 0,
  content bytea NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE INDEX IF NOT EXISTS loomgate_task_waiting ON loomgate_task (queue, priority, place) INCLUDE (since)
  WHERE owner IS NULL AND due IS NULL;
CREATE INDEX IF NOT EXISTS loomgate_task_later ON loomgate_task (queue, due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS loomgate_task_taken ON loomgate_task (queue) WHERE owner IS NOT NULL;

CREATE TABLE IF NOT EXISTS loomgate_dead_task (
  place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  id text NOT NULL,
  priority smallint NOT NULL,
  failures integer NOT NULL,
  why text NOT NULL,
  content bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS loomgate_dead_task_queue ON loomgate_dead_task (queue, place);

CREATE TABLE IF NOT EXISTS loomgate_task_count (
  queue text NOT NULL,
  slot smallint NOT NULL,
  size bigint NOT NULL DEFAULT 0,
  done bigint NOT NULL DEFAULT 0,
  retried bigint NOT NULL DEFAULT 0,
  lost bigint NOT NULL DEFAULT 0,
  spooled bigint NOT NULL DEFAULT 0,
  buried bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (queue, slot)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE TABLE IF NOT EXISTS loomgate_run (
  id text PRIMARY KEY,
  owner text NOT NULL,
  until timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS loomgate_run_until ON loomgate_run (until);
