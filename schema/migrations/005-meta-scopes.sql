-- What a token may do.  Those that are there read pages and numbers.
ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'stats:read';

PRAGMA user_version = 5;
