-- A city that has its newest day first: see followed.sql.
ALTER TABLE state ADD COLUMN first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE state ADD COLUMN begins INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 2;
