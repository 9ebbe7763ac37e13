-- Which primary is the first: see lanes.sql.
ALTER TABLE state ADD COLUMN first TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 2;
