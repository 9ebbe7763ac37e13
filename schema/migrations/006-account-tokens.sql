-- What is kept of a day in memory knows by its token whether it still holds.
ALTER TABLE day_rows ADD COLUMN token INTEGER NOT NULL DEFAULT 0;
UPDATE day_rows SET token = random();

PRAGMA user_version = 6;
