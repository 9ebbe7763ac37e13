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

-- Segments of lanes that grow: what of each is decided.
CREATE TABLE open (
  seg    BLOB PRIMARY KEY,          -- its id, 16 bytes
  lane   TEXT NOT NULL,             -- name of the primary
  wall   INTEGER NOT NULL,          -- ms, of its header
  size   INTEGER NOT NULL,          -- bytes of its file
  frames INTEGER NOT NULL,
  bytes  INTEGER NOT NULL,          -- to the end of the last of these
  last   INTEGER NOT NULL           -- ms of that one
) WITHOUT ROWID;

-- Bytes of these that are perhaps not on the disk, oldest first.
CREATE TABLE kept (
  id    INTEGER PRIMARY KEY,
  seg   BLOB NOT NULL,
  at    INTEGER NOT NULL,           -- where they begin in it
  bytes BLOB NOT NULL
);
CREATE INDEX kept_seg ON kept (seg, id);

-- What versions before 3 have left: segments that came to a lane with its last
-- commit, which are shown once more, and frames of a lane that was far behind.
CREATE TABLE lane (
  name    TEXT PRIMARY KEY,
  pending TEXT NOT NULL             -- names with blanks between
) WITHOUT ROWID;
CREATE TABLE held (
  id     INTEGER PRIMARY KEY,
  lane   TEXT NOT NULL,
  frames BLOB NOT NULL              -- aggregator/log/chunk.h, not packed
);
CREATE INDEX held_lane ON held (lane, id);

PRAGMA user_version = 3;
