-- Days whose rows were let go: see account.sql.
CREATE TABLE let_go (
  site  INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  done  INTEGER NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (site, day)
) WITHOUT ROWID;
CREATE TABLE let_go_rows (
  site INTEGER NOT NULL,
  day  INTEGER NOT NULL,
  kind TEXT NOT NULL,
  n    INTEGER NOT NULL,
  PRIMARY KEY (site, day, kind)
) WITHOUT ROWID;

PRAGMA user_version = 12;
