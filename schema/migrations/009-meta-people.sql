-- Who may sign in, what they may see and change, and what lets them in.
CREATE TABLE people (
  id       TEXT PRIMARY KEY,        -- [a-z0-9]{12}
  name     TEXT NOT NULL UNIQUE,    -- what one signs in with
  password TEXT NOT NULL,           -- argon2id of libsodium; '' = none yet
  totp     BLOB NOT NULL,           -- key of RFC 6238, 20 bytes; '' = none
  step     INTEGER NOT NULL,        -- of its last code, 30 s each; no older
                                    -- one is taken
  created  INTEGER NOT NULL
) WITHOUT ROWID;

-- What a person may do with the sites of an account, or with one of them.
CREATE TABLE roles (
  person  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  site    INTEGER NOT NULL,         -- 0 = all of the account
  role    TEXT NOT NULL,            -- 'viewer', 'editor', 'owner'
  PRIMARY KEY (person, account, site)
) WITHOUT ROWID;

-- What lets a person in: who has signed in, and links that work once.
CREATE TABLE keys (
  hash    BLOB PRIMARY KEY,         -- SHA-256 of the secret, 32 bytes
  person  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  once    INTEGER NOT NULL,         -- 1 = a link, to choose a password
  until   INTEGER NOT NULL          -- ms: then it is of no use
) WITHOUT ROWID;

-- Links that show a site to whoever has them.
CREATE TABLE shares (
  id       TEXT PRIMARY KEY,        -- [a-z0-9]{12}
  site     INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
  name     TEXT NOT NULL,           -- to remember what it is for
  hash     BLOB NOT NULL UNIQUE,    -- SHA-256 of the secret in its address
  password TEXT NOT NULL,           -- as of people; '' = none
  segment  INTEGER NOT NULL,        -- whose visits alone it shows, 0 = all
  until    INTEGER NOT NULL,        -- ms; 0 = until it is taken back
  created  INTEGER NOT NULL
) WITHOUT ROWID;

PRAGMA user_version = 9;
