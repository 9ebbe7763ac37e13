-- Segments of lanes that grow: see lanes.sql.
CREATE TABLE open (
  seg    BLOB PRIMARY KEY,
  lane   TEXT NOT NULL,
  wall   INTEGER NOT NULL,
  size   INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  bytes  INTEGER NOT NULL,
  last   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE kept (
  id    INTEGER PRIMARY KEY,
  seg   BLOB NOT NULL,
  at    INTEGER NOT NULL,
  bytes BLOB NOT NULL
);
CREATE INDEX kept_seg ON kept (seg, id);

PRAGMA user_version = 3;
