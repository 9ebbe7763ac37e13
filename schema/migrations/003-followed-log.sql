-- Which log a city reads: see followed.sql.
ALTER TABLE state ADD COLUMN log TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 3;
