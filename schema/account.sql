-- One account, one file.  Every column says its unit.  Times are UTC
-- milliseconds unless named otherwise.  Codes point into the dictionaries; 0
-- and NULL mean "none".  Version of this schema: PRAGMA user_version.
-- Order-dependent facts are in no table: every number is a function of the set
-- of rows of `events` (see aggregator/count/README.md).

CREATE TABLE events (
  id           INTEGER PRIMARY KEY, -- order of arrival
  site         INTEGER NOT NULL,    -- meta.db sites.id
  at           INTEGER NOT NULL,    -- when it happened, ms
  kind         INTEGER NOT NULL,    -- 1 pageview, 2 custom event, 3 engagement
  visitor      INTEGER NOT NULL,    -- visitor id of its visit, 64 bits; below
                                    -- zero = imported
  mark         INTEGER,             -- 1 refresh, 2 engagement without a visit,
                                    -- 3 refresh within the site's window
  host         INTEGER,             -- hosts.code
  path         INTEGER,             -- paths.code
  referrer     INTEGER,             -- referrers.code
  agent        INTEGER,             -- agents.code
  place        INTEGER,             -- places.code
  name         INTEGER,             -- names.code, custom events
  title        INTEGER,             -- titles.code
  language     INTEGER,             -- languages.code
  screen       INTEGER,             -- screens.code
  scroll_depth INTEGER,             -- engagement: percent, 0..100
  engagement   INTEGER,             -- engagement: ms
  server       INTEGER,             -- page served here: class of status, 2..5
  passive      INTEGER,             -- 1 = custom event that ends no bounce
  evidence     INTEGER,             -- bits: which request headers came
  amount       TEXT,                -- revenue, decimal number
  currency     TEXT,                -- revenue, ISO 4217
  props        TEXT                 -- custom properties, JSON object: code of
                                    -- prop_keys -> code of prop_values
);

-- A visit.  The row is made in the transaction of its first event and
-- completed when it closes: while open = 1 only the columns up to `screen` hold.
CREATE TABLE sessions (
  id           INTEGER PRIMARY KEY, -- events.id of its first event
  site         INTEGER NOT NULL,
  visitor      INTEGER NOT NULL,    -- as in events
  alias        INTEGER,             -- visitor id after midnight; open only
  server       INTEGER,             -- 1 = pages served here
  start        INTEGER NOT NULL,    -- first event, ms
  referrer     INTEGER,             -- first event's, referrers.code
  agent        INTEGER,             -- first event's, agents.code
  place        INTEGER,             -- first event's, places.code
  language     INTEGER,             -- first event's, languages.code
  screen       INTEGER,             -- first event's, screens.code
  open         INTEGER NOT NULL DEFAULT 1, -- 1 = may still grow
  last         INTEGER,             -- last pageview or custom event, ms
  seen         INTEGER,             -- last event of any kind, ms
  pageviews    INTEGER,             -- refreshes among them
  refreshes    INTEGER,
  events       INTEGER,             -- custom events
  interactive  INTEGER,             -- custom events that end a bounce
  engagement   INTEGER,             -- engaged time, ms
  entry_host   INTEGER,             -- first pageview's, hosts.code
  entry_path   INTEGER,             -- first pageview's, paths.code
  exit_host    INTEGER,             -- last pageview's
  exit_path    INTEGER
);
CREATE INDEX sessions_open ON sessions (site) WHERE open = 1;

-- Dictionaries.
CREATE TABLE hosts     (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE paths     (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE names     (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE titles    (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE languages (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE screens   (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE prop_keys   (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE prop_values (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- Where a visit came from: one row for each distinct combination.
CREATE TABLE referrers (
  code         INTEGER PRIMARY KEY,
  referrer     TEXT NOT NULL,       -- host and path, '' = none
  source       TEXT NOT NULL,       -- 'Google', 'example.org', '' = direct
  channel      TEXT NOT NULL,       -- 'Organic Search', 'Direct' and so on
  utm_source   TEXT NOT NULL,
  utm_medium   TEXT NOT NULL,
  utm_campaign TEXT NOT NULL,
  utm_content  TEXT NOT NULL,
  utm_term     TEXT NOT NULL,
  click_id     TEXT NOT NULL,       -- name of the click id, 'gclid'
  UNIQUE (referrer, source, channel, utm_source, utm_medium, utm_campaign,
          utm_content, utm_term, click_id)
);
-- Is a value known?  A site brings so many new ones a day.
CREATE INDEX referrers_utm_source ON referrers (utm_source)
  WHERE utm_source <> '';
CREATE INDEX referrers_utm_medium ON referrers (utm_medium)
  WHERE utm_medium <> '';
CREATE INDEX referrers_utm_campaign ON referrers (utm_campaign)
  WHERE utm_campaign <> '';
CREATE INDEX referrers_utm_content ON referrers (utm_content)
  WHERE utm_content <> '';
CREATE INDEX referrers_utm_term ON referrers (utm_term)
  WHERE utm_term <> '';

-- What a User-Agent says; its raw text is kept nowhere.
CREATE TABLE agents (
  code            INTEGER PRIMARY KEY,
  browser         TEXT NOT NULL,
  browser_version TEXT NOT NULL,
  os              TEXT NOT NULL,
  os_version      TEXT NOT NULL,
  device          TEXT NOT NULL,    -- Desktop, Mobile, Tablet, TV, ''
  UNIQUE (browser, browser_version, os, os_version, device)
);

CREATE TABLE places (
  code    INTEGER PRIMARY KEY,
  country TEXT NOT NULL,            -- ISO 3166-1 alpha-2
  region  TEXT NOT NULL,            -- ISO 3166-2
  city    TEXT NOT NULL,            -- GeoNames id or name
  UNIQUE (country, region, city)
);

-- What was not counted, and why.  `day` is the UTC day: ms / 86400000.
CREATE TABLE bots (
  site     INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  reason   TEXT NOT NULL,           -- the rule: reasons.def, 'bot_agent'
  family   TEXT NOT NULL,           -- 'Googlebot'
  page     TEXT NOT NULL,           -- what it asked for: verdict.h, '' unknown
  operator TEXT NOT NULL,           -- who runs it: 'Google', '' = not known
  kind     TEXT NOT NULL,           -- 'search-engine', 'ai-crawler', '' = ...
  n        INTEGER NOT NULL,        -- events
  PRIMARY KEY (site, day, reason, family, page)
) WITHOUT ROWID;
CREATE TABLE drops (
  site   INTEGER NOT NULL,
  day    INTEGER NOT NULL,
  reason TEXT NOT NULL,             -- 'prefetch', 'spam_referrer' and so on
  n      INTEGER NOT NULL,          -- events
  PRIMARY KEY (site, day, reason)
) WITHOUT ROWID;

-- Exactly once: how far each spool segment has been applied to this file.
CREATE TABLE ingest (
  seg  BLOB PRIMARY KEY,            -- segment id, 16 bytes
  upto INTEGER NOT NULL,            -- index of the last frame applied
  made INTEGER NOT NULL DEFAULT 0   -- when its worker began the segment, ms
) WITHOUT ROWID;

-- UTC days whose visits must be made again from their rows.
CREATE TABLE dirty_days (
  site INTEGER NOT NULL,
  day  INTEGER NOT NULL,
  PRIMARY KEY (site, day)
) WITHOUT ROWID;

-- Which visitor of the day before a visitor is, told by events of a day's first
-- 30 minutes, so that a late one finds its visit in any order of arrival.
-- Emptied as a whole, and the log of the file with it, once it is 03:00 UTC and
-- no day of this account is dirty.
CREATE TABLE midnight (
  site    INTEGER NOT NULL,
  visitor INTEGER NOT NULL,         -- visitor id since midnight
  before  INTEGER NOT NULL,         -- the same visitor's id until then
  day     INTEGER NOT NULL,         -- UTC day that begins at that midnight
  PRIMARY KEY (site, visitor)
) WITHOUT ROWID;

-- Visitors with rows that came too late for the live fold: their visits of
-- that UTC day must be made again from their rows.
CREATE TABLE late_visitors (
  site    INTEGER NOT NULL,
  day     INTEGER NOT NULL,
  visitor INTEGER NOT NULL,         -- as in events
  PRIMARY KEY (site, day, visitor)
) WITHOUT ROWID;

-- Where the rows of a site's UTC day lie, so that no index on time is needed.
CREATE TABLE day_rows (
  site     INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  first_id INTEGER NOT NULL,        -- events.id, first of a span
  last_id  INTEGER NOT NULL,        -- events.id, last of the span
  gaps     BLOB,                    -- where none of its rows lie, see
                                    -- aggregator/store/account/span.h
  token    INTEGER NOT NULL DEFAULT 0, -- random; another one with every commit
                                    -- that changes what a question sees of
                                    -- the day
  base     INTEGER NOT NULL DEFAULT 0, -- of the day, in its last span: the
                                    -- same as long as rows are but added
  PRIMARY KEY (site, day, first_id)
) WITHOUT ROWID;

-- Days that are over, packed (aggregator/columns/sealed.h): nothing but what the
-- rows say, so that a question need not read them.  All may be deleted.
CREATE TABLE sealed_days (
  site   INTEGER NOT NULL,
  day    INTEGER NOT NULL,
  token  INTEGER NOT NULL,          -- of the rows it was made from, made of
                                    -- day_rows.token: of others it says nothing
  pieces INTEGER NOT NULL,          -- how many
  head   BLOB NOT NULL,             -- how many of what; empty = too many rows
  PRIMARY KEY (site, day)
) WITHOUT ROWID;
CREATE TABLE sealed_pieces (
  site  INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  part  INTEGER NOT NULL,           -- a column or some
  piece INTEGER NOT NULL,           -- of its bytes, 0 and on
  crc   INTEGER NOT NULL,           -- CRC32C of bytes
  bytes BLOB NOT NULL,
  PRIMARY KEY (site, day, part, piece)
) WITHOUT ROWID;

-- Sealed days whose rows were let go (sites.keep_rows): the oldest ones of a
-- site.  What is sealed of them is all there is, and stays.
CREATE TABLE let_go (
  site  INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  done  INTEGER NOT NULL,           -- 0 = some of its rows are still there: they
                                    -- are nobody's any more
  words TEXT NOT NULL,              -- JSON: codes that it needs, by dictionary
  PRIMARY KEY (site, day)
) WITHOUT ROWID;
-- How many rows of a day are gone: with those that are there, what was stored.
CREATE TABLE let_go_rows (
  site INTEGER NOT NULL,
  day  INTEGER NOT NULL,
  kind TEXT NOT NULL,               -- 'pageviews', 'refreshes', 'events',
                                    -- 'engagement', 'served'
  n    INTEGER NOT NULL,
  PRIMARY KEY (site, day, kind)
) WITHOUT ROWID;

-- How many new words a site brought on a UTC day: the caps end in '(other)'.
CREATE TABLE new_words (
  site INTEGER NOT NULL,
  day  INTEGER NOT NULL,
  kind INTEGER NOT NULL,            -- which dictionary; 12 to 16 = utm_ keys;
                                    -- 0 = text of all
  n    INTEGER NOT NULL,            -- words; of kind 0: bytes
  PRIMARY KEY (site, day, kind)
) WITHOUT ROWID;

-- Of each dictionary a random number, another one with every commit that brings
-- a word.  To take words away changes no code that a row has.
CREATE TABLE word_tokens (
  kind  INTEGER PRIMARY KEY,        -- as in new_words
  token INTEGER NOT NULL
);

-- Imports, by the hash of their file: a killed one goes on, a repeated one
-- adds nothing.
CREATE TABLE imports (
  hash   TEXT NOT NULL,             -- SHA-256 of the file, hex
  site   INTEGER NOT NULL,
  offset INTEGER NOT NULL,          -- bytes applied
  lines  INTEGER NOT NULL,          -- lines applied
  done   INTEGER NOT NULL,          -- 1 = finished and folded
  at     INTEGER NOT NULL,          -- last change, ms
  key    BLOB NOT NULL,             -- hashes its visitor texts, 16 bytes, the
                                    -- same in all imports of the site since
                                    -- its first
  PRIMARY KEY (hash, site)
) WITHOUT ROWID;

-- Totals of days from tables of another product, which know no visits.  They
-- hold when the import of their hash is done.
CREATE TABLE total_imports (
  id    INTEGER PRIMARY KEY,        -- random
  site  INTEGER NOT NULL,
  hash  TEXT NOT NULL,              -- as in imports
  first INTEGER NOT NULL,           -- local date, days since 1970
  last  INTEGER NOT NULL,           -- later ones were left out
  UNIQUE (site, hash)
);
CREATE TABLE day_totals (
  import    INTEGER NOT NULL,       -- total_imports.id
  kind      INTEGER NOT NULL,       -- which table: its place in
                                    -- aggregator/store/rows/day_tables.def, from 0
  date      INTEGER NOT NULL,       -- local date, days since 1970
  line      INTEGER NOT NULL,       -- of the import
  text1     TEXT,                   -- dimensions of that table, in its order
  text2     TEXT,
  text3     TEXT,
  text4     TEXT,
  text5     TEXT,
  text6     TEXT,
  text7     TEXT,
  visitors  INTEGER NOT NULL,
  visits    INTEGER NOT NULL,
  pageviews INTEGER NOT NULL,
  events    INTEGER NOT NULL,       -- custom ones
  bounces   INTEGER NOT NULL,
  seconds   INTEGER NOT NULL,       -- of visits, in all
  PRIMARY KEY (import, kind, date, line)
) WITHOUT ROWID;

-- Pages served, as nginx tells of them without a script (glinto on): of people,
-- as far as one can see, by UTC day.
CREATE TABLE served_pages (
  site      INTEGER NOT NULL,
  day       INTEGER NOT NULL,
  path      TEXT NOT NULL,          -- beyond the cap of a day: '(other)'
  views     INTEGER NOT NULL,       -- 200 and 304
  refused   INTEGER NOT NULL,       -- 403
  missing   INTEGER NOT NULL,       -- 404 and 410
  failed    INTEGER NOT NULL,       -- 500 to 599
  bytes     INTEGER NOT NULL,       -- of all replies
  asked     INTEGER NOT NULL,       -- views for which an upstream was asked
  upstream  INTEGER NOT NULL,       -- how long it took, ms
  cacheable INTEGER NOT NULL,       -- views of which nginx's cache says
  cached    INTEGER NOT NULL,       -- those that came out of it
  times     BLOB NOT NULL,          -- request times of views: count/times.h
  PRIMARY KEY (site, day, path)
) WITHOUT ROWID;
-- Of whom, a day long; scripts tell of the same visitors while nginx does.
CREATE TABLE served_visitors (
  site    INTEGER NOT NULL,
  day     INTEGER NOT NULL,
  visitor INTEGER NOT NULL,         -- visitor id of that day, as workers tell it
  views   INTEGER NOT NULL,         -- pages served, 200 and 304
  told    INTEGER NOT NULL,         -- pageviews that a script told
  has     INTEGER NOT NULL,         -- bits: aggregator/store/rows/served.h
  PRIMARY KEY (site, day, visitor)
) WITHOUT ROWID;
-- And to what is found to be no person's, as in bots.
CREATE TABLE served_bots (
  site     INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  family   TEXT NOT NULL,           -- as in bots, and the next
  reason   TEXT NOT NULL,
  path     TEXT NOT NULL,           -- beyond the cap of a day: '(other)'
  identity TEXT NOT NULL,           -- aggregator/enrich/enrich.h: 'claimed'
  operator TEXT NOT NULL,           -- as in bots, and the next
  kind     TEXT NOT NULL,
  views    INTEGER NOT NULL,        -- as in served_pages, and the next
  refused  INTEGER NOT NULL,
  missing  INTEGER NOT NULL,
  failed   INTEGER NOT NULL,
  PRIMARY KEY (site, day, family, reason, path, identity, operator)
) WITHOUT ROWID;
-- How many new rows with a path a day has: the caps end in '(other)'.
CREATE TABLE served_words (
  site  INTEGER NOT NULL,
  day   INTEGER NOT NULL,
  kind  INTEGER NOT NULL,           -- 1 of served_pages, 2 of served_bots
  n     INTEGER NOT NULL,           -- rows
  bytes INTEGER NOT NULL,           -- of their paths
  PRIMARY KEY (site, day, kind)
) WITHOUT ROWID;

CREATE VIEW pageviews AS SELECT * FROM events WHERE kind = 1;
CREATE VIEW custom_events AS SELECT * FROM events WHERE kind = 2;
CREATE VIEW engagements AS SELECT * FROM events WHERE kind = 3;
CREATE VIEW event_props AS
  SELECT events.id, ifnull(k.text, '') AS key, ifnull(v.text, '') AS value
  FROM events, json_each(events.props) AS p
  LEFT JOIN prop_keys AS k ON k.code = CAST(p.key AS INTEGER)
  LEFT JOIN prop_values AS v ON v.code = p.value;

-- The last of schema/migrations/NNN-account-*.sql, or 1.
PRAGMA user_version = 16;
