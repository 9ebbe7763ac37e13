-- Rows of sealed days may be let go: see meta.sql.
ALTER TABLE sites ADD COLUMN keep_rows INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 11;
