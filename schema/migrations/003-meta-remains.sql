-- Rows of a site in the file of an account that has it no more, or not yet.
CREATE TABLE remains (
  site    INTEGER NOT NULL,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (site, account)
) WITHOUT ROWID;

PRAGMA user_version = 3;
