-- What a site turns away, leaves out and forgets: see meta.sql.
ALTER TABLE sites ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN retention_days INTEGER NOT NULL DEFAULT 0;
CREATE TABLE shields (
  site INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (site, kind, text)
) WITHOUT ROWID;

PRAGMA user_version = 10;
