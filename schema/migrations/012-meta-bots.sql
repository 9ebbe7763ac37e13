-- Rules about bots that a site does without: see meta.sql.
ALTER TABLE sites ADD COLUMN bots_counted INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 12;
