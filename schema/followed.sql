-- DATA/followed.db: how far a city has read the log (schema/log.sql).
-- Numbers of transactions are PostgreSQL's xid8; times are UTC ms.

-- All of older transactions was read.  PENDING: segments that were handed
-- over with that, which a restart shows once more.
CREATE TABLE state (
  id      INTEGER PRIMARY KEY CHECK (id = 0),
  low     INTEGER NOT NULL,
  pending TEXT NOT NULL,            -- names with blanks between
  changes INTEGER NOT NULL DEFAULT 0, -- all up to this one were made here
  first   INTEGER NOT NULL DEFAULT 0, -- older transactions were left out
  begins  INTEGER NOT NULL DEFAULT 0, -- so were older events; 0 = none was
  log     TEXT NOT NULL DEFAULT ''  -- its id: "member" of schema/log.sql
);
INSERT INTO state (id, low, pending) VALUES (0, 0, '');

-- How far each segment of an edge was handed over.  Rows stay for a week: so
-- long a server may return with another history.
CREATE TABLE position (
  seg  BLOB PRIMARY KEY,
  upto INTEGER NOT NULL,
  xid  INTEGER NOT NULL,
  at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX position_at ON position (at);

PRAGMA user_version = 3;
