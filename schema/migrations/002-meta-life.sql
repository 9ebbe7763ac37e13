-- How the glintod before this one ended.
CREATE TABLE life (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  boot  TEXT NOT NULL,              -- the kernel's boot id in its time
  clean INTEGER NOT NULL,           -- 1 = it ended by itself
  cut   INTEGER NOT NULL            -- ms: a power cut was found, 0 = never
);

PRAGMA user_version = 2;
