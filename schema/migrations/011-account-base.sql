-- What is kept of a day in memory knows by its base whether rows were but
-- added since.
ALTER TABLE day_rows ADD COLUMN base INTEGER NOT NULL DEFAULT 0;
UPDATE day_rows SET base = random() | 1;

PRAGMA user_version = 11;
