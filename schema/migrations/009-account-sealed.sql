-- Days that are over, packed, so that a question need not read their rows.
CREATE TABLE sealed_days (
  site   INTEGER NOT NULL,
  day    INTEGER NOT NULL,
  token  INTEGER NOT NULL,
  pieces INTEGER NOT NULL,
  head   BLOB NOT NULL,
  PRIMARY KEY (site, day)
) WITHOUT ROWID;
CREATE TABLE sealed_pieces (
  site  INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  part  INTEGER NOT NULL,
  piece INTEGER NOT NULL,
  crc   INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (site, day, part, piece)
) WITHOUT ROWID;

PRAGMA user_version = 9;
