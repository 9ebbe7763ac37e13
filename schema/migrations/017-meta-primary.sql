-- Of several primaries, where an account's events are: see meta.sql.
ALTER TABLE accounts ADD COLUMN primary_name TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 17;
