-- What glinto-postgresql keeps in PostgreSQL, 15 or newer: the record of
-- events between machines.  "glinto-postgresql --tables | psql DATABASE".
-- Segment ids are the 16 bytes of schema/segment.h; indexes count frames.

-- Some consecutive frames of one site from one segment of one edge.  Its key
-- has it once; xid is the transaction that brought it, by which cities read.
CREATE TABLE chunk (
  site   text        NOT NULL,      -- as events name it; '' = of none
  seg    bytea       NOT NULL,
  first  integer     NOT NULL,      -- index of the first frame, of the last
  last   integer     NOT NULL,
  xid    xid8        NOT NULL DEFAULT pg_current_xact_id(),
  at     timestamptz NOT NULL DEFAULT now(),
  frames bytea       NOT NULL,      -- aggregator/log/chunk.h, zstd
  PRIMARY KEY (site, seg, first)
);
ALTER TABLE chunk ALTER COLUMN frames SET STORAGE EXTERNAL;
CREATE INDEX chunk_xid ON chunk (xid);

-- How far each segment is in "chunk", set in the transaction that brings the
-- chunks: what was committed is never brought again, whatever the edge heard
-- of it.  A day after the edge has removed the segment the row may go.
CREATE TABLE sent (
  seg  bytea PRIMARY KEY,
  upto integer     NOT NULL,        -- all frames up to this one
  edge text        NOT NULL,
  gone timestamptz                  -- the segment is no more
);

-- Each edge, and up to when all that it answered is in "chunk".
CREATE TABLE edge (
  name     text PRIMARY KEY,
  complete timestamptz NOT NULL,
  seen     timestamptz NOT NULL DEFAULT now()
);

-- The keys of the visitor hash, of today and two more days, so that a person
-- is one visitor on all edges.  Unlogged: in no log segment, on no standby, in
-- no base backup.  A crash of the primary empties it; edges, which have their
-- keys in files in memory, fill it again.
CREATE UNLOGGED TABLE salt (
  day date  PRIMARY KEY,
  key bytea NOT NULL
);

-- What was changed, for all machines, in this order: each makes it by itself
-- (aggregator/admin/passing.h).  Who writes a row locks the table, so that ids
-- are in the order of commits.
CREATE TABLE change (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  name    text        NOT NULL UNIQUE, -- at random: it is written once
  machine text        NOT NULL,
  actor   text        NOT NULL,        -- 'uid 0', 'person ID'
  verb    text        NOT NULL,        -- 'site.add'
  args    text        NOT NULL,        -- JSON, as aggregator/admin/verbs.def
  drawn   text        NOT NULL         -- JSON: an id, hashes of secrets
);
