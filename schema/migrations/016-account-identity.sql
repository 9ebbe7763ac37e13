-- Whether a bot that was served a page is who it says: see account.sql.
CREATE TABLE served_bots_known (
  site     INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  family   TEXT NOT NULL,
  reason   TEXT NOT NULL,
  path     TEXT NOT NULL,
  identity TEXT NOT NULL,
  operator TEXT NOT NULL,
  kind     TEXT NOT NULL,
  views    INTEGER NOT NULL,
  refused  INTEGER NOT NULL,
  missing  INTEGER NOT NULL,
  failed   INTEGER NOT NULL,
  PRIMARY KEY (site, day, family, reason, path, identity, operator)
) WITHOUT ROWID;
INSERT INTO served_bots_known
  SELECT site, day, family, reason, path, 'claimed', operator, kind, views,
         refused, missing, failed FROM served_bots;
DROP TABLE served_bots;
ALTER TABLE served_bots_known RENAME TO served_bots;

PRAGMA user_version = 16;
