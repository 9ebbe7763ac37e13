-- SPOOL/lanes/lanes.db: how far the spool of an edge was split into lanes, one
-- for each primary (aggregator/log/split.h).

-- Before it was split the spool went to one primary: how far, that one knows.
CREATE TABLE state (
  id    INTEGER PRIMARY KEY CHECK (id = 0),
  begun INTEGER NOT NULL,           -- 1 = its positions are here
  first TEXT NOT NULL DEFAULT ''    -- the first primary: aggregator/log/begun.h
);
INSERT INTO state (id, begun) VALUES (0, 0);

-- How far each segment of the spool was split.
CREATE TABLE ingest (
  seg  BLOB PRIMARY KEY,            -- segment id, 16 bytes
  upto INTEGER NOT NULL,            -- index of the last frame in a lane
  made INTEGER NOT NULL DEFAULT 0   -- not used
) WITHOUT ROWID;

-- PENDING: segments that came to the lane with the last commit that gave it
-- some, which a restart shows once more.
CREATE TABLE lane (
  name    TEXT PRIMARY KEY,         -- of the primary
  pending TEXT NOT NULL             -- names with blanks between
) WITHOUT ROWID;

-- Frames of a lane that is far behind, oldest first, until they fill a segment.
CREATE TABLE held (
  id     INTEGER PRIMARY KEY,
  lane   TEXT NOT NULL,
  frames BLOB NOT NULL              -- aggregator/log/chunk.h, not packed
);
CREATE INDEX held_lane ON held (lane, id);

PRAGMA user_version = 2;
