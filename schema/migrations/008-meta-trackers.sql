-- What other products' trackers call a site, and the currency they do not name.
ALTER TABLE sites ADD COLUMN umami_id TEXT NOT NULL DEFAULT '';
ALTER TABLE sites ADD COLUMN matomo_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN currency TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 8;
