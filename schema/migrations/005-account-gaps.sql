-- A row of day_rows may hold many stretches: gaps says what lies between.
ALTER TABLE day_rows ADD COLUMN gaps BLOB;

PRAGMA user_version = 5;
