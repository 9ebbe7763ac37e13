-- What a site's owner has defined for questions.
CREATE TABLE definitions (
  id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
  site    INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
  kind    TEXT NOT NULL,            -- 'goal', 'segment', 'funnel', 'annotation'
  name    TEXT NOT NULL,            -- as it is shown
  body    TEXT NOT NULL,            -- JSON, by kind: aggregator/question/defined.h
  created INTEGER NOT NULL,
  UNIQUE (site, kind, name)
);

PRAGMA user_version = 7;
