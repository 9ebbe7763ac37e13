-- Which change of all machines was made here last: see meta.sql.
CREATE TABLE made_change (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id  INTEGER NOT NULL
);

PRAGMA user_version = 15;
