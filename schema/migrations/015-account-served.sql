-- Pages served, as nginx tells of them (glinto on): see account.sql.
CREATE TABLE served_pages (
  site      INTEGER NOT NULL,
  day       INTEGER NOT NULL,
  path      TEXT NOT NULL,
  views     INTEGER NOT NULL,
  refused   INTEGER NOT NULL,
  missing   INTEGER NOT NULL,
  failed    INTEGER NOT NULL,
  bytes     INTEGER NOT NULL,
  asked     INTEGER NOT NULL,
  upstream  INTEGER NOT NULL,
  cacheable INTEGER NOT NULL,
  cached    INTEGER NOT NULL,
  times     BLOB NOT NULL,
  PRIMARY KEY (site, day, path)
) WITHOUT ROWID;
CREATE TABLE served_visitors (
  site    INTEGER NOT NULL,
  day     INTEGER NOT NULL,
  visitor INTEGER NOT NULL,
  views   INTEGER NOT NULL,
  told    INTEGER NOT NULL,
  has     INTEGER NOT NULL,
  PRIMARY KEY (site, day, visitor)
) WITHOUT ROWID;
CREATE TABLE served_bots (
  site     INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  family   TEXT NOT NULL,
  reason   TEXT NOT NULL,
  path     TEXT NOT NULL,
  operator TEXT NOT NULL,
  kind     TEXT NOT NULL,
  views    INTEGER NOT NULL,
  refused  INTEGER NOT NULL,
  missing  INTEGER NOT NULL,
  failed   INTEGER NOT NULL,
  PRIMARY KEY (site, day, family, reason, path)
) WITHOUT ROWID;
CREATE TABLE served_words (
  site  INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  kind  INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (site, day, kind)
) WITHOUT ROWID;

PRAGMA user_version = 15;
