-- Nobody knows when the segments of these rows were made: they stay as long as
-- if it were now.
ALTER TABLE ingest ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
UPDATE ingest SET made = 1000 * CAST(strftime('%s') AS INTEGER);

PRAGMA user_version = 7;
