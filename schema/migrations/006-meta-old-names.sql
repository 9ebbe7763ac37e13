-- Names that sites had: events under them count for a while.
CREATE TABLE old_names (
  domain TEXT PRIMARY KEY,          -- as in sites; no site has it
  site   INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
  until  INTEGER NOT NULL           -- ms: then it is nobody's
) WITHOUT ROWID;

PRAGMA user_version = 6;
