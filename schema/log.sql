-- What glinto-postgresql keeps in PostgreSQL, 15 or newer: the record of
-- events between machines.  "glinto-postgresql --tables | psql DATABASE" makes
-- what is not there and leaves what is; what a version added stands at the end.
-- Segment ids are the 16 bytes of schema/segment.h; indexes count frames.

SET client_min_messages = warning;

-- Frames from one segment of one edge: of one site, or of many which have few.
-- Its key has it once; xid is the transaction that brought it, by which cities read.
-- The night's job makes packs of a slot and drops it: a day's chunks are gone
-- with their files.
CREATE TABLE IF NOT EXISTS chunk (
  slot   integer     NOT NULL DEFAULT 1, -- the newest
  site   text        NOT NULL,      -- as events name it; '' = of many, or none
  seg    bytea       NOT NULL,
  first  integer     NOT NULL,      -- index of the first frame, of the last
  last   integer     NOT NULL,
  xid    xid8        NOT NULL DEFAULT pg_current_xact_id(),
  at     timestamptz NOT NULL DEFAULT now(),
  frames bytea       NOT NULL,      -- aggregator/log/chunk.h, zstd
  before bytea,                     -- visitors' ids of the day before, of a
                                    -- day's first 30 minutes: log/visitor.h
  PRIMARY KEY (slot, site, seg, first)
) PARTITION BY LIST (slot);
ALTER TABLE chunk ALTER COLUMN frames SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS chunk_xid ON chunk (xid);
CREATE INDEX IF NOT EXISTS chunk_before ON chunk (slot)
  WHERE before IS NOT NULL;

-- Frames of many chunks, of all sites and segments, up to a transaction: no
-- visitor of two days is one any more.  A pack holds when its slot is packed.
CREATE TABLE IF NOT EXISTS pack (
  last   xid8    PRIMARY KEY,       -- transaction; the pack has all of some
  slot   integer NOT NULL,          -- of the chunks
  oldest bigint  NOT NULL,          -- times of its events, UTC ms
  newest bigint  NOT NULL,
  frames bytea   NOT NULL           -- aggregator/log/pack.h, zstd
);
ALTER TABLE pack ALTER COLUMN frames SET STORAGE EXTERNAL;

-- How far the night's job is (aggregator/log/night.h).
CREATE TABLE IF NOT EXISTS night (
  id     integer PRIMARY KEY CHECK (id = 0),
  slot   integer NOT NULL,          -- where chunks come
  packed integer NOT NULL,          -- of all up to this slot packs hold
  day    integer NOT NULL           -- UTC day of the last job
);
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM night) THEN
    INSERT INTO night (id, slot, packed, day) VALUES (0, 1, 0, 0);
    CREATE TABLE chunk_1 PARTITION OF chunk FOR VALUES IN (1);
  END IF;
END $$;

-- How far each segment is in "chunk", set in the transaction that brings the
-- chunks: what was committed is never brought again, whatever the edge heard
-- of it.  A day after the edge has removed the segment the row may go.
CREATE TABLE IF NOT EXISTS sent (
  seg  bytea PRIMARY KEY,
  upto integer     NOT NULL,        -- all frames up to this one
  edge text        NOT NULL,
  gone timestamptz                  -- the segment is no more
);

-- How many requests each life of a worker has refused since its spool was
-- full, told in the head of its segments (schema/segment.h).
CREATE TABLE IF NOT EXISTS refused (
  life  bytea  PRIMARY KEY,         -- the segments' incarnation
  edge  text   NOT NULL,
  total bigint NOT NULL,
  first bigint NOT NULL,            -- UTC ms
  last  bigint NOT NULL
);

-- Each edge, and up to when all that it answered is in "chunk".
CREATE TABLE IF NOT EXISTS edge (
  name     text PRIMARY KEY,
  complete timestamptz NOT NULL,
  seen     timestamptz NOT NULL DEFAULT now()
);

-- The keys of the visitor hash, of today and two more days, so that a person
-- is one visitor on all edges.  Unlogged: in no log segment, on no standby, in
-- no base backup.  A crash of the primary empties it; edges, which have their
-- keys in files in memory, fill it again.
CREATE UNLOGGED TABLE IF NOT EXISTS salt (
  day date  PRIMARY KEY,
  key bytea NOT NULL
);

-- What was changed, for all machines, in this order: each makes it by itself
-- (aggregator/admin/passing.h).  Who writes a row locks the table, so that ids
-- are in the order of commits.
CREATE TABLE IF NOT EXISTS change (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  xid     xid8        NOT NULL DEFAULT pg_current_xact_id(),
  name    text        NOT NULL UNIQUE, -- at random: it is written once
  machine text        NOT NULL,
  actor   text        NOT NULL,        -- 'uid 0', 'person ID'
  verb    text        NOT NULL,        -- 'site.add'
  args    text        NOT NULL,        -- JSON, as aggregator/admin/verbs.def
  drawn   text        NOT NULL         -- JSON: an id, hashes of secrets
);

-- ---- what came with later versions ----

-- Up to this change what sites erased is in no pack.
ALTER TABLE night ADD COLUMN IF NOT EXISTS erased bigint NOT NULL DEFAULT 0;

-- Packs up to this slot have, of sites with retention_days...
ALTER TABLE night ADD COLUMN IF NOT EXISTS kept integer NOT NULL DEFAULT 0;

-- ...nothing that is older.
CREATE TABLE IF NOT EXISTS kept (
  site  bigint  PRIMARY KEY,        -- sites.id of meta.db
  since integer NOT NULL            -- UTC day
);

-- Frames that damage took from segments of an edge, as meta.db has them: N
-- from IDX on; 0 = perhaps N more, and N = 0: any number more.
CREATE TABLE IF NOT EXISTS lost (
  seg  bytea   NOT NULL,
  idx  integer NOT NULL,
  n    bigint  NOT NULL,
  at   bigint  NOT NULL,            -- found, UTC ms
  edge text    NOT NULL,
  PRIMARY KEY (seg, idx)
);

-- Of several primaries (aggregator/log/member.h), this database and the first,
-- and in that one all: which name is which.
CREATE TABLE IF NOT EXISTS member (
  id    uuid    PRIMARY KEY,
  name  text    NOT NULL UNIQUE,    -- of the cluster file; '' = not known yet
  here  boolean NOT NULL DEFAULT false, -- this one
  first boolean NOT NULL DEFAULT false
);
INSERT INTO member (id, name, here) SELECT gen_random_uuid(), '', true
  WHERE NOT EXISTS (SELECT FROM member WHERE here);
