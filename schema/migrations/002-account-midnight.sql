-- Which visitor of the day before a visitor is: see account.sql.
CREATE TABLE midnight (
  site    INTEGER NOT NULL,
  visitor INTEGER NOT NULL,         -- visitor id since midnight
  before  INTEGER NOT NULL,         -- the same visitor's id until then
  day     INTEGER NOT NULL,         -- UTC day that begins at that midnight
  PRIMARY KEY (site, visitor)
) WITHOUT ROWID;

PRAGMA user_version = 2;
