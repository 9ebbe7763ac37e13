-- How large accounts' files were: see meta.sql.
CREATE TABLE sizes (
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  day     INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,
  PRIMARY KEY (account, day)
) WITHOUT ROWID;

PRAGMA user_version = 13;
