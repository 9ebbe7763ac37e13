-- DATA/meta.db: who there is and where the rows go.  Times are UTC ms.

CREATE TABLE accounts (
  id      TEXT PRIMARY KEY,         -- [a-z0-9]{12}, made here: the file name
  name    TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL,
  primary_name TEXT NOT NULL DEFAULT '' -- of the primary that has its events,
                                    -- for good: cluster.h; '' = the first
) WITHOUT ROWID;

-- A site and its route: the account whose file takes its events.
CREATE TABLE sites (
  id             INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
  domain         TEXT NOT NULL UNIQUE, -- lower case, no www.
  account        TEXT NOT NULL REFERENCES accounts (id),
  timezone       TEXT NOT NULL,     -- tz database name
  public         INTEGER NOT NULL,  -- 1 = dashboard without a token
  refresh_window INTEGER NOT NULL,  -- s; a refresh within is not counted
  optout         INTEGER NOT NULL,  -- heeded: 1 Sec-GPC and DNT, 2 Sec-GPC, 3
                                    -- DNT; 0 none
  hosts          TEXT NOT NULL,     -- allowed hosts, comma list, '' = all
  created        INTEGER NOT NULL,
  umami_id       TEXT NOT NULL DEFAULT '', -- what Umami's script calls it: a
                                    -- UUID of lower case, or nothing
  matomo_id      INTEGER NOT NULL DEFAULT 0, -- what Matomo's calls it, 0 = none
  currency       TEXT NOT NULL DEFAULT '', -- of revenue that names none, ISO
                                    -- 4217
  left_out       INTEGER NOT NULL DEFAULT 0, -- bits: left_out.h
  retention_days INTEGER NOT NULL DEFAULT 0, -- older rows are erased, 0 = never
  keep_rows      INTEGER NOT NULL DEFAULT 0, -- days: rows of older sealed days
                                    -- are let go, 0 = never
  bots_counted   INTEGER NOT NULL DEFAULT 0, -- rules that it does without,
                                    -- bits: enrich/verdict.h
  count_served   INTEGER NOT NULL DEFAULT 0 -- 1 = its page shows pages served
                                    -- first, 0 = what scripts tell alone
);

-- What a site turns away.
CREATE TABLE shields (
  site INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,               -- aggregator/store/meta/shields.h
  text TEXT NOT NULL,
  PRIMARY KEY (site, kind, text)
) WITHOUT ROWID;

-- Names that sites had: events under them count for a while.
CREATE TABLE old_names (
  domain TEXT PRIMARY KEY,          -- as in sites; no site has it
  site   INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
  until  INTEGER NOT NULL           -- ms: then it is nobody's
) WITHOUT ROWID;
-- What a site's owner has defined for questions; nothing that is counted
-- depends on it.
CREATE TABLE definitions (
  id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
  site    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
  kind    TEXT NOT NULL,            -- 'goal', 'segment', 'funnel', 'annotation'
  name    TEXT NOT NULL,            -- as it is shown
  body    TEXT NOT NULL,            -- JSON, by kind: aggregator/question/defined.h
  created INTEGER NOT NULL,
  UNIQUE (site, kind, name)
);

-- Rows of a site in the file of an account that has it no more, or not yet: a
-- removal, a move, a copy that is not done.  They are to be deleted.
CREATE TABLE remains (
  site    INTEGER NOT NULL,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (site, account)
) WITHOUT ROWID;

CREATE TABLE tokens (
  id      TEXT PRIMARY KEY,         -- [a-z0-9]{12}
  account TEXT NOT NULL REFERENCES accounts (id),
  name    TEXT NOT NULL,
  hash    BLOB NOT NULL UNIQUE,     -- SHA-256 of the token, 32 bytes
  created INTEGER NOT NULL,
  scopes  TEXT NOT NULL DEFAULT 'stats:read' -- comma list: store/directory/scopes.def
) WITHOUT ROWID;

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

-- Frames of no account: unknown site, undecodable.  `day` = ms / 86400000.
CREATE TABLE drops (
  day    INTEGER NOT NULL,
  reason TEXT NOT NULL,             -- 'unknown_site', 'undecodable', 'invalid'
  n      INTEGER NOT NULL,          -- events
  PRIMARY KEY (day, reason)
) WITHOUT ROWID;

-- Requests answered 503, as each worker's drop block says: a maximum, so that
-- reading it again is harmless.
CREATE TABLE incarnations (
  id    BLOB PRIMARY KEY,           -- 16 bytes, one a worker process
  total INTEGER NOT NULL,           -- requests
  first INTEGER NOT NULL,           -- first drop, ms
  last  INTEGER NOT NULL            -- last drop, ms
) WITHOUT ROWID;

-- As in an account's file, for frames that no account has.
CREATE TABLE ingest (
  seg  BLOB PRIMARY KEY,            -- segment id, 16 bytes
  upto INTEGER NOT NULL,            -- index of the last frame applied here
  made INTEGER NOT NULL DEFAULT 0   -- when its worker began the segment, ms
) WITHOUT ROWID;

-- Frames that damage in a segment made unreadable.  A row of idx 0: perhaps
-- more of this segment than its other rows say, at most n; n 0: any number.
CREATE TABLE lost (
  seg    BLOB NOT NULL,             -- segment id
  idx    INTEGER NOT NULL,          -- first index lost
  n      INTEGER NOT NULL,          -- frames
  at     INTEGER NOT NULL,          -- when it was found, ms
  PRIMARY KEY (seg, idx)
) WITHOUT ROWID;

-- How large accounts' files were, by UTC day (ms / 86400000): the last look of
-- a day; a day without a row is as the one before.
CREATE TABLE sizes (
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  day     INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,         -- of the file and of its log
  PRIMARY KEY (account, day)
) WITHOUT ROWID;

-- Who gets mails of a site, or of the machine.
CREATE TABLE recipients (
  id       TEXT PRIMARY KEY,        -- [a-z0-9]{12}
  site     INTEGER NOT NULL,        -- 0 = of the machine: notices alone
  address  TEXT NOT NULL,
  language TEXT NOT NULL,           -- 'de'
  gets     INTEGER NOT NULL,        -- 1 = summaries, 2 = notices, 3 = both
  monday   INTEGER NOT NULL,        -- of the next summary, days since 1970
  created  INTEGER NOT NULL,        -- ms
  UNIQUE (site, address)
) WITHOUT ROWID;

-- Links in mails that end them.
CREATE TABLE unsubscribes (
  hash      BLOB PRIMARY KEY,       -- SHA-256 of the secret, 32 bytes
  recipient TEXT NOT NULL,          -- recipients.id
  until     INTEGER NOT NULL        -- ms: then it is of no use
) WITHOUT ROWID;

-- What was put into the outbox, a mail or a notice for a program.
CREATE TABLE mails (
  id        TEXT PRIMARY KEY,       -- its file's name: '2026-W47-RECIPIENT'
  recipient TEXT NOT NULL,          -- recipients.id; '' = notify_command
  made      INTEGER NOT NULL,       -- ms
  state     TEXT NOT NULL,          -- 'meant', 'made', then how it ended:
                                    -- 'sent', 'failed', 'doubt'
  tries     INTEGER NOT NULL,
  doubts    INTEGER NOT NULL,       -- tries of which nobody knows the end
  ended     INTEGER NOT NULL        -- ms, 0 = it has not
) WITHOUT ROWID;

-- What holds now and was told (aggregator/notices/notices.def).
CREATE TABLE notices (
  kind  TEXT NOT NULL,              -- 'spike'
  of    TEXT NOT NULL,              -- id of the site or the account; a folder
  since INTEGER NOT NULL,           -- ms
  PRIMARY KEY (kind, of)
) WITHOUT ROWID;

-- What accounts may use, and whether it is used up.
CREATE TABLE quotas (
  account TEXT PRIMARY KEY,
  events  INTEGER NOT NULL,         -- a month (UTC), 0 = any number
  bytes   INTEGER NOT NULL,         -- of storage, 0 = any number
  month   INTEGER NOT NULL,         -- of which the events are used up, months
                                    -- since 1970; 0 = of none
  full    INTEGER NOT NULL          -- 1 = the storage is
) WITHOUT ROWID;

-- How the glintod before this one ended.
CREATE TABLE life (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  boot  TEXT NOT NULL,              -- the kernel's boot id in its time
  clean INTEGER NOT NULL,           -- 1 = it ended by itself
  cut   INTEGER NOT NULL            -- ms: a power cut was found, 0 = never
);

-- Of several machines (schema/log.sql): the last change of all that was made
-- here, in the transaction that made it.
CREATE TABLE made_change (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id  INTEGER NOT NULL
);

-- Every change an administrator made.  Append only.
CREATE TABLE audit (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  at    INTEGER NOT NULL,           -- ms
  actor TEXT NOT NULL,              -- 'uid 0'
  verb  TEXT NOT NULL,              -- 'site.add'
  args  TEXT NOT NULL               -- JSON; secrets left out
);

-- The last of schema/migrations/NNN-meta-*.sql, or 1.
PRAGMA user_version = 17;
