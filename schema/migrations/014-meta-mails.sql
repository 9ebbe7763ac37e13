-- Who gets mails, what was mailed and told; quotas: see meta.sql.
CREATE TABLE recipients (
  id       TEXT PRIMARY KEY,
  site     INTEGER NOT NULL,
  address  TEXT NOT NULL,
  language TEXT NOT NULL,
  gets     INTEGER NOT NULL,
  monday   INTEGER NOT NULL,
  created  INTEGER NOT NULL,
  UNIQUE (site, address)
) WITHOUT ROWID;

CREATE TABLE unsubscribes (
  hash      BLOB PRIMARY KEY,
  recipient TEXT NOT NULL,
  until     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE mails (
  id        TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  made      INTEGER NOT NULL,
  state     TEXT NOT NULL,
  tries     INTEGER NOT NULL,
  doubts    INTEGER NOT NULL,
  ended     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE notices (
  kind  TEXT NOT NULL,
  of    TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (kind, of)
) WITHOUT ROWID;

CREATE TABLE quotas (
  account TEXT PRIMARY KEY,
  events  INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,
  month   INTEGER NOT NULL,
  full    INTEGER NOT NULL
) WITHOUT ROWID;

PRAGMA user_version = 14;
