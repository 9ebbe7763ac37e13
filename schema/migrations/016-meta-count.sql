-- What the headline of a site's page counts: see meta.sql.
ALTER TABLE sites ADD COLUMN count_served INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 16;
