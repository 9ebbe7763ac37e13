-- What was found to be no person's says what it asked for, who runs it and
-- what kind it is.
CREATE TABLE bots_by_page (
  site     INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  reason   TEXT NOT NULL,
  family   TEXT NOT NULL,
  page     TEXT NOT NULL,
  operator TEXT NOT NULL,
  kind     TEXT NOT NULL,
  n        INTEGER NOT NULL,
  PRIMARY KEY (site, day, reason, family, page)
) WITHOUT ROWID;
INSERT INTO bots_by_page
  SELECT site, day, reason, family, '', '', '', n FROM bots;
DROP TABLE bots;
ALTER TABLE bots_by_page RENAME TO bots;

PRAGMA user_version = 13;
