-- Totals of days from tables of another product: see account.sql.
CREATE TABLE total_imports (
  id    INTEGER PRIMARY KEY,
  site  INTEGER NOT NULL,
  hash  TEXT NOT NULL,
  first INTEGER NOT NULL,
  last  INTEGER NOT NULL,
  UNIQUE (site, hash)
);
CREATE TABLE day_totals (
  import    INTEGER NOT NULL,
  kind      INTEGER NOT NULL,
  date      INTEGER NOT NULL,
  line      INTEGER NOT NULL,
  text1     TEXT,
  text2     TEXT,
  text3     TEXT,
  text4     TEXT,
  text5     TEXT,
  text6     TEXT,
  text7     TEXT,
  visitors  INTEGER NOT NULL,
  visits    INTEGER NOT NULL,
  pageviews INTEGER NOT NULL,
  events    INTEGER NOT NULL,
  bounces   INTEGER NOT NULL,
  seconds   INTEGER NOT NULL,
  PRIMARY KEY (import, kind, date, line)
) WITHOUT ROWID;

PRAGMA user_version = 10;
