-- Visitors with rows that came too late for the live fold: their visits of
-- that UTC day must be made again from their rows.
CREATE TABLE late_visitors (
  site    INTEGER NOT NULL,
  day     INTEGER NOT NULL,
  visitor INTEGER NOT NULL,         -- as in events
  PRIMARY KEY (site, day, visitor)
) WITHOUT ROWID;

PRAGMA user_version = 4;
