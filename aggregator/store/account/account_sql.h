/*
 * Every SQL text of an account's file: GL_SQL(name, text).  The column order
 * of a SELECT is what its one reader expects.  No text is ever put together
 * with data.
 */

#include "store/db/file_sql.h" /* first: file_statements.h */
#include "store/account/served_sql.h"
#include "store/account/asked_sql.h"

/* events (rows.c) */
GL_SQL(LAST_ID, "SELECT max(id) FROM events")
GL_SQL(INSERT,
       "INSERT INTO events (id, site, at, kind, visitor, mark, host, path, "
       "referrer, agent, place, name, title, language, screen, scroll_depth, "
       "engagement, server, passive, evidence, amount, currency, props) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
       "?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)")
/* those of an import (rows_held.c); FAIL: nothing is noted to take them back,
 * as the transaction ends with them */
#define GL_SQL_TO_EVENTS                                                      \
    "INSERT OR FAIL INTO events (id, site, at, kind, visitor, mark, host, "   \
    "path, referrer, agent, place, name, title, language, screen, "           \
    "scroll_depth, engagement, server, passive, evidence) VALUES "
#define GL_SQL_A_ROW "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
#define GL_SQL_A_ROW_4                                                        \
    GL_SQL_A_ROW "," GL_SQL_A_ROW "," GL_SQL_A_ROW "," GL_SQL_A_ROW
GL_SQL(INSERT_ROW, GL_SQL_TO_EVENTS GL_SQL_A_ROW)
GL_SQL(INSERT_ROWS, GL_SQL_TO_EVENTS GL_SQL_A_ROW_4 "," GL_SQL_A_ROW_4)
GL_SQL(ROWS,
       "SELECT id, at, kind, visitor, mark, host, path, engagement, server, "
       "passive FROM events WHERE id BETWEEN ?1 AND ?2 AND site = ?3 "
       "AND at >= ?4 AND at < ?5 ORDER BY id")
GL_SQL(FULL_ROWS,
       "SELECT id, at, kind, visitor, mark, host, path, engagement, server, "
       "passive, referrer, agent, place, name, screen, props, scroll_depth, "
       "amount, currency, language FROM events WHERE id BETWEEN ?1 AND ?2 "
       "AND site = ?3 AND at >= ?4 AND at < ?5 ORDER BY id")
/* a row as an event line without its visitor (lines.c); a member that is NULL
 * is left out; in a path "%" begins an escape */
GL_SQL(LINES,
       "SELECT e.id, e.visitor, json_patch('{}', json_object("
       "'kind', CASE e.kind WHEN 1 THEN 'pageview' WHEN 2 THEN 'event' "
       "ELSE 'engagement' END, "
       "'at', strftime('%Y-%m-%dT%H:%M:%S', e.at / 1000, 'unixepoch') "
       "|| printf('.%03dZ', e.at % 1000), "
       "'host', h.text, 'path', replace(p.text, '%', '%25'), 'name', n.text, "
       "'interactive', CASE WHEN e.kind = 2 AND e.passive THEN json('false') "
       "END, 'revenue', CASE WHEN e.currency IS NOT NULL THEN "
       "json_object('amount', e.amount, 'currency', e.currency) END, "
       "'props', CASE WHEN e.props IS NOT NULL THEN json((SELECT "
       "json_group_object(k.text, v.text) FROM json_each(e.props) AS x "
       "JOIN prop_keys AS k ON k.code = CAST(x.key AS INTEGER) "
       "JOIN prop_values AS v ON v.code = x.value)) END, "
       "'scroll_depth', e.scroll_depth, "
       "'engagement_ms', CASE e.kind WHEN 3 THEN ifnull(e.engagement, 0) END, "
       "'server', e.server, "
       "'referrer', nullif(r.referrer, ''), 'source', nullif(r.source, ''), "
       "'channel', nullif(r.channel, ''), "
       "'utm_source', nullif(r.utm_source, ''), "
       "'utm_medium', nullif(r.utm_medium, ''), "
       "'utm_campaign', nullif(r.utm_campaign, ''), "
       "'utm_content', nullif(r.utm_content, ''), "
       "'utm_term', nullif(r.utm_term, ''), "
       "'click_id', nullif(r.click_id, ''), "
       "'browser', nullif(a.browser, ''), "
       "'browser_version', nullif(a.browser_version, ''), "
       "'os', nullif(a.os, ''), 'os_version', nullif(a.os_version, ''), "
       "'device', nullif(a.device, ''), 'country', nullif(c.country, ''), "
       "'region', nullif(c.region, ''), 'city', nullif(c.city, ''), "
       "'title', t.text, 'language', l.text, 'screen', s.text)) "
       "FROM events AS e LEFT JOIN hosts AS h ON h.code = e.host "
       "LEFT JOIN paths AS p ON p.code = e.path "
       "LEFT JOIN names AS n ON n.code = e.name "
       "LEFT JOIN referrers AS r ON r.code = e.referrer "
       "LEFT JOIN agents AS a ON a.code = e.agent "
       "LEFT JOIN places AS c ON c.code = e.place "
       "LEFT JOIN titles AS t ON t.code = e.title "
       "LEFT JOIN languages AS l ON l.code = e.language "
       "LEFT JOIN screens AS s ON s.code = e.screen "
       "WHERE e.id BETWEEN ?1 AND ?2 AND e.site = ?3 AND e.at >= ?4 "
       "AND e.at < ?5 ORDER BY e.id")
GL_SQL(SET_MARK, "UPDATE events SET mark = ?2 WHERE id = ?1")
GL_SQL(SET_VISITOR, "UPDATE events SET visitor = ?2 WHERE id = ?1 "
                    "AND visitor <> ?2")

/* days (days.c) */
GL_SQL(LAST_SPAN,
       "SELECT first_id, last_id, gaps, base FROM day_rows WHERE site = ?1 "
       "AND day = ?2 ORDER BY first_id DESC LIMIT 1")
GL_SQL(PUT_SPAN,
       "INSERT OR REPLACE INTO day_rows (site, day, first_id, last_id, gaps, "
       "token, base) VALUES (?1, ?2, ?3, ?4, ?5, random(), ?6)")
GL_SQL(DAY_BASE, "SELECT first_id, last_id, base FROM day_rows WHERE "
                 "site = ?1 AND day = ?2 ORDER BY first_id")
GL_SQL(TOKENS, "SELECT day, token FROM day_rows WHERE site = ?1 "
               "AND day BETWEEN ?2 AND ?3 ORDER BY day, first_id")
GL_SQL(SPANS, "SELECT first_id, last_id, gaps FROM day_rows WHERE site = ?1 "
              "AND day BETWEEN ?2 AND ?3 AND last_id >= ?4 ORDER BY first_id")
GL_SQL(ANY_SPAN, "SELECT EXISTS (SELECT 1 FROM day_rows WHERE site = ?1)")
GL_SQL(OLDEST_DAY, "SELECT min(day) FROM day_rows WHERE site = ?1")
GL_SQL(NEWEST_DAY, "SELECT max(day) FROM day_rows WHERE site = ?1")
GL_SQL(OLDEST_OPEN, "SELECT start FROM sessions WHERE site = ?1 AND open = 1 "
                    "ORDER BY id LIMIT 1")
GL_SQL(NEW_WORDS, "SELECT kind, n FROM new_words WHERE site = ?1 AND day = ?2")
GL_SQL(PUT_NEW_WORDS, "INSERT OR REPLACE INTO new_words (site, day, kind, n) "
                      "VALUES (?1, ?2, ?3, ?4)")

/* sealed days (sealed.c) */
GL_SQL(FEW_DAYS, "SELECT count(*) < 1000 FROM (SELECT 1 FROM day_rows "
                 "LIMIT 1000)")
GL_SQL(UNSEALED,
       "SELECT d.site, d.day, d.token, s.token FROM day_rows d LEFT JOIN "
       "sealed_days s ON s.site = d.site AND s.day = d.day "
       "WHERE (d.site, d.day) > (?1, ?2) AND d.day < ?3 AND (d.site, d.day) "
       "NOT IN (SELECT site, day FROM let_go) "
       "ORDER BY d.site, d.day, d.first_id")
GL_SQL(UNSETTLED,
       "SELECT EXISTS (SELECT 1 FROM dirty_days WHERE site = ?1 AND day "
       "BETWEEN ?2 AND ?3) OR EXISTS (SELECT 1 FROM late_visitors "
       "WHERE site = ?1 AND day BETWEEN ?2 AND ?3) OR EXISTS (SELECT 1 FROM "
       "sessions WHERE site = ?1 AND open = 1 AND start < ?4)")
GL_SQL(SEALED_DAY, "SELECT head FROM sealed_days WHERE site = ?1 "
                   "AND day = ?2 AND token = ?3")
GL_SQL(SEALED_PART, "SELECT piece, crc, bytes FROM sealed_pieces "
                    "WHERE site = ?1 AND day = ?2 AND part = ?3 "
                    "ORDER BY piece")
GL_SQL(SEAL_PIECE,
       "INSERT OR REPLACE INTO sealed_pieces (site, day, part, piece, crc, "
       "bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
GL_SQL(SEAL_DAY,
       "INSERT OR REPLACE INTO sealed_days (site, day, token, pieces, head) "
       "VALUES (?1, ?2, ?3, ?4, ?5)")
GL_SQL(UNSEAL_DAYS, "DELETE FROM sealed_days WHERE site = ?1 "
                    "AND day BETWEEN ?2 AND ?3")
GL_SQL(UNSEAL_PIECES,
       "DELETE FROM sealed_pieces WHERE (site, day, part, piece) IN "
       "(SELECT site, day, part, piece FROM sealed_pieces WHERE site = ?1 "
       "AND day BETWEEN ?2 AND ?3 LIMIT ?4)")

/* days whose rows are let go (let_go.c) */
GL_SQL(LET_GO_DAY, "SELECT max(day) FROM let_go WHERE site = ?1")
GL_SQL(NEXT_LET_GO,
       "SELECT min(day) FROM let_go WHERE site = ?1 AND day >= ?2")
GL_SQL(IS_LET_GO, "SELECT 1 FROM let_go WHERE site = ?1 AND day = ?2")
GL_SQL(LETTING_GO, "SELECT day FROM let_go WHERE site = ?1 AND done = 0 "
                   "ORDER BY day LIMIT 1")
GL_SQL(NEXT_KEPT, "SELECT min(day) FROM day_rows WHERE site = ?1 AND day > "
                  "ifnull((SELECT max(day) FROM let_go WHERE site = ?1), ?2)")
GL_SQL(LET_GO,
       "INSERT INTO let_go (site, day, done, words) SELECT site, day, 0, ?4 "
       "FROM sealed_days WHERE site = ?1 AND day = ?2 AND token = ?3 "
       "AND length(head) > 0 ON CONFLICT DO NOTHING")
GL_SQL(LET_GO_DONE, "UPDATE let_go SET done = 1 WHERE site = ?1 AND day = ?2")
GL_SQL(FIRST_ROW, "SELECT id FROM events WHERE id BETWEEN ?1 AND ?2 "
                  "AND site = ?3 AND at >= ?4 AND at < ?5 ORDER BY id LIMIT 1")
GL_SQL(
    ADD_LET_GO,
    "INSERT INTO let_go_rows (site, day, kind, n) SELECT site, ?6, "
    "CASE WHEN server IS NOT NULL THEN 'served' WHEN kind = 2 THEN 'events' "
    "WHEN kind = 3 THEN 'engagement' WHEN mark IS 3 THEN 'refreshes' "
    "ELSE 'pageviews' END, count(*) FROM events WHERE id BETWEEN ?1 AND ?2 "
    "AND site = ?3 AND at >= ?4 AND at < ?5 GROUP BY 3 ON CONFLICT "
    "(site, day, kind) DO UPDATE SET n = n + excluded.n")
GL_SQL(DELETE_LET_GO_BEFORE, "DELETE FROM let_go WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_LET_GO_ROWS_BEFORE,
       "DELETE FROM let_go_rows WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_LET_GO_ROWS, "DELETE FROM let_go_rows WHERE site = ?1")
GL_SQL(FREE_PAGES, "SELECT 4 * f.freelist_count > p.page_count "
                   "FROM pragma_freelist_count AS f, pragma_page_count AS p")

/* dictionaries (words.c): code of, insert, text of */
#define GL_SQL_WORDS(name, table)                                             \
    GL_SQL(FIND_##name, "SELECT code FROM " table " WHERE text = ?1")         \
    GL_SQL(ADD_##name, "INSERT INTO " table " (text) VALUES (?1)")            \
    GL_SQL(TEXT_##name, "SELECT text FROM " table " WHERE code = ?1")
GL_SQL_WORDS(HOST, "hosts")
GL_SQL_WORDS(PATH, "paths")
GL_SQL_WORDS(NAME, "names")
GL_SQL_WORDS(TITLE, "titles")
GL_SQL_WORDS(LANGUAGE, "languages")
GL_SQL_WORDS(SCREEN, "screens")
GL_SQL_WORDS(PROP_KEY, "prop_keys")
GL_SQL_WORDS(PROP_VALUE, "prop_values")
#undef GL_SQL_WORDS
GL_SQL(WORD_TOKEN, "SELECT token FROM word_tokens WHERE kind = ?1")
GL_SQL(PUT_WORD_TOKEN, "INSERT OR REPLACE INTO word_tokens (kind, token) "
                       "VALUES (?1, random())")
/* all of them (dictionary.c) */
GL_SQL(ALL_HOST, "SELECT code, text FROM hosts")
GL_SQL(ALL_PATH, "SELECT code, text FROM paths")
GL_SQL(ALL_NAME, "SELECT code, text FROM names")
GL_SQL(ALL_SCREEN, "SELECT code, text FROM screens")
GL_SQL(ALL_LANGUAGE, "SELECT code, text FROM languages")
GL_SQL(ALL_PROP_KEY, "SELECT code, text FROM prop_keys")
GL_SQL(ALL_PROP_VALUE, "SELECT code, text FROM prop_values")
GL_SQL(ALL_REFERRER,
       "SELECT code, referrer, source, channel, utm_source, utm_medium, "
       "utm_campaign, utm_content, utm_term FROM referrers")
GL_SQL(ALL_AGENT, "SELECT code, browser, browser_version, os, os_version, "
                  "device FROM agents")
GL_SQL(ALL_PLACE, "SELECT code, country, region, city FROM places")
GL_SQL(FIND_REFERRER,
       "SELECT code FROM referrers WHERE referrer = ?1 AND source = ?2 AND "
       "channel = ?3 AND utm_source = ?4 AND utm_medium = ?5 AND "
       "utm_campaign = ?6 AND utm_content = ?7 AND utm_term = ?8 AND "
       "click_id = ?9")
GL_SQL(ADD_REFERRER,
       "INSERT INTO referrers (referrer, source, channel, utm_source, "
       "utm_medium, utm_campaign, utm_content, utm_term, click_id) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
#define GL_SQL_KNOWN(name, column)                                            \
    GL_SQL(KNOWN_##name, "SELECT 1 FROM referrers WHERE " column              \
                         " = ?1 AND " column " <> '' LIMIT 1")
GL_SQL_KNOWN(UTM_SOURCE, "utm_source")
GL_SQL_KNOWN(UTM_MEDIUM, "utm_medium")
GL_SQL_KNOWN(UTM_CAMPAIGN, "utm_campaign")
GL_SQL_KNOWN(UTM_CONTENT, "utm_content")
GL_SQL_KNOWN(UTM_TERM, "utm_term")
#undef GL_SQL_KNOWN
GL_SQL(TEXT_REFERRER,
       "SELECT referrer, source, channel, utm_source, utm_medium, "
       "utm_campaign, utm_content, utm_term, click_id FROM referrers "
       "WHERE code = ?1")
GL_SQL(FIND_AGENT,
       "SELECT code FROM agents WHERE browser = ?1 AND browser_version = ?2 "
       "AND os = ?3 AND os_version = ?4 AND device = ?5")
GL_SQL(ADD_AGENT,
       "INSERT INTO agents (browser, browser_version, os, os_version, device) "
       "VALUES (?1, ?2, ?3, ?4, ?5)")
GL_SQL(TEXT_AGENT,
       "SELECT browser, browser_version, os, os_version, device FROM agents "
       "WHERE code = ?1")
GL_SQL(FIND_PLACE,
       "SELECT code FROM places WHERE country = ?1 AND region = ?2 "
       "AND city = ?3")
GL_SQL(ADD_PLACE,
       "INSERT INTO places (country, region, city) VALUES (?1, ?2, ?3)")
GL_SQL(TEXT_PLACE, "SELECT country, region, city FROM places WHERE code = ?1")

/* visits (visits.c) */
GL_SQL(OPEN_VISIT,
       "INSERT INTO sessions (id, site, visitor, alias, server, start, "
       "referrer, agent, place, language, screen, open) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1)")
GL_SQL(CLOSE_VISIT,
       "UPDATE sessions SET alias = NULL, open = 0, last = ?2, seen = ?3, "
       "pageviews = ?4, refreshes = ?5, events = ?6, interactive = ?7, "
       "engagement = ?8, entry_host = ?9, entry_path = ?10, exit_host = ?11, "
       "exit_path = ?12 WHERE id = ?1")
GL_SQL(ALIAS_VISIT, "UPDATE sessions SET alias = ?2 WHERE id = ?1")
/* IGNORE: for no other way SQLite need not note how to take it back */
GL_SQL(PUT_VISIT,
       "INSERT OR IGNORE INTO sessions (id, site, visitor, alias, server, "
       "start, open, last, seen, pageviews, refreshes, events, interactive, "
       "engagement, entry_host, entry_path, exit_host, exit_path, referrer, "
       "agent, place, language, screen) SELECT id, site, ?3, ?4, ?5, ?6, ?7, "
       "?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, referrer, agent, "
       "place, language, screen FROM events WHERE id = ?1 AND site = ?2")
GL_SQL(OPEN_VISITS, "SELECT id, start, visitor, alias, server FROM sessions "
                    "WHERE site = ?1 AND open = 1 ORDER BY id")
GL_SQL(COUNT_VISITS,
       "SELECT count(*) FROM sessions WHERE id BETWEEN ?1 AND ?2 "
       "AND site = ?3 AND start >= ?4 AND start < ?5")
GL_SQL(VISITS,
       "SELECT id, start, visitor, alias, server, open, last, seen, "
       "pageviews, refreshes, events, interactive, engagement, entry_host, "
       "entry_path, exit_host, exit_path FROM sessions "
       "WHERE id BETWEEN ?1 AND ?2 AND site = ?3 AND start >= ?4 "
       "AND start < ?5 ORDER BY id")
GL_SQL(DELETE_VISIT, "DELETE FROM sessions WHERE id = ?1")

/* tallies (tallies.c) */
GL_SQL(ADD_BOT,
       "INSERT INTO bots (site, day, reason, family, page, operator, kind, "
       "n) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
       "ON CONFLICT (site, day, reason, family, page) "
       "DO UPDATE SET n = n + excluded.n")
GL_SQL(ADD_DROP,
       "INSERT INTO drops (site, day, reason, n) VALUES (?1, ?2, ?3, ?4) "
       "ON CONFLICT (site, day, reason) DO UPDATE SET n = n + excluded.n")
GL_SQL(UNCOUNTED,
       "SELECT 1, reason, sum(n) FROM bots WHERE site = ?1 "
       "AND day BETWEEN ?2 AND ?3 GROUP BY reason UNION ALL "
       "SELECT 0, reason, sum(n) FROM drops WHERE site = ?1 "
       "AND day BETWEEN ?2 AND ?3 GROUP BY reason ORDER BY 3 DESC, 2")
GL_SQL(ADD_DIRTY,
       "INSERT OR IGNORE INTO dirty_days (site, day) SELECT ?1, ?2 WHERE NOT "
       "EXISTS (SELECT 1 FROM let_go WHERE site = ?1 AND day >= ?2)")
GL_SQL(CLEAR_DIRTY, "DELETE FROM dirty_days WHERE site = ?1 AND day = ?2")
GL_SQL(DIRTY, "SELECT site, day FROM dirty_days WHERE site BETWEEN ?1 AND ?2 "
              "ORDER BY site, day")
GL_SQL(ADD_LATE, "INSERT OR IGNORE INTO late_visitors (site, day, visitor) "
                 "VALUES (?1, ?2, ?3)")
GL_SQL(CLEAR_LATE, "DELETE FROM late_visitors WHERE site = ?1 AND day = ?2 "
                   "AND visitor = ?3")
GL_SQL(LATE, "SELECT site, day, visitor FROM late_visitors "
             "WHERE site BETWEEN ?1 AND ?2 ORDER BY site, day, visitor")
GL_SQL(IMPORT,
       "SELECT hash, site, \"offset\", lines, done, at, key FROM imports "
       "WHERE hash = ?1 AND site = ?2")
GL_SQL(IMPORT_KEY,
       "SELECT key FROM imports WHERE site = ?1 AND length(key) = 16 "
       "ORDER BY at, hash LIMIT 1")
GL_SQL(PUT_IMPORT, "INSERT OR REPLACE INTO imports "
                   "(hash, site, \"offset\", lines, done, at, key) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")

/* totals of days (totals.c) */
#define GL_SQL_TOTAL_COLUMNS                                                  \
    "import, kind, date, line, text1, text2, text3, text4, text5, text6, "    \
    "text7, visitors, visits, pageviews, events, bounces, seconds"
#define GL_SQL_DONE_TOTALS                                                    \
    "FROM total_imports AS t JOIN imports AS i ON i.hash = t.hash "           \
    "AND i.site = t.site WHERE t.site = ?1 AND i.done = 1 "
GL_SQL(PUT_TOTAL_IMPORT,
       "INSERT OR REPLACE INTO total_imports (id, site, hash, first, last) "
       "VALUES (?1, ?2, ?3, ?4, ?5)")
GL_SQL(TOTAL_IMPORT, "SELECT id, first, last FROM total_imports "
                     "WHERE site = ?1 AND hash = ?2")
GL_SQL(TOTAL_DATES,
       "SELECT max(t.first, ?2), min(t.last, ?3) " GL_SQL_DONE_TOTALS
       "AND t.first <= ?3 AND t.last >= ?2 "
       "AND t.first <= t.last ORDER BY t.first LIMIT 1")
GL_SQL(PUT_TOTAL,
       "INSERT OR REPLACE INTO day_totals (" GL_SQL_TOTAL_COLUMNS ") VALUES "
       "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
       "?16, ?17)")
GL_SQL(TOTALS, "SELECT " GL_SQL_TOTAL_COLUMNS " FROM day_totals "
               "WHERE import IN (SELECT t.id " GL_SQL_DONE_TOTALS ") "
               "AND kind = ?2 AND date BETWEEN ?3 AND ?4")
GL_SQL(COPY_TOTAL_IMPORTS, "SELECT id, site, hash, first, last "
                           "FROM total_imports WHERE site = ?1")
GL_SQL(COPY_TOTALS,
       "SELECT " GL_SQL_TOTAL_COLUMNS " FROM day_totals WHERE import IN "
       "(SELECT id FROM total_imports WHERE site = ?1)")
GL_SQL(DELETE_TOTALS,
       "DELETE FROM day_totals WHERE (import, kind, date, line) IN (SELECT "
       "import, kind, date, line FROM day_totals WHERE import IN (SELECT id "
       "FROM total_imports WHERE site = ?1) LIMIT ?2)")
GL_SQL(DELETE_TOTAL_IMPORTS, "DELETE FROM total_imports WHERE site = ?1")
GL_SQL(DELETE_OLD_TOTALS,
       "DELETE FROM day_totals WHERE import IN (SELECT t.id FROM "
       "total_imports AS t JOIN imports AS i ON i.hash = t.hash AND i.site = "
       "t.site WHERE t.site = ?1 AND i.done = 0)")
GL_SQL(DELETE_OLD_IMPORTS,
       "DELETE FROM imports WHERE site = ?1 AND done = 0 AND hash IN "
       "(SELECT hash FROM total_imports WHERE site = ?1)")
GL_SQL(DELETE_OLD_TOTAL_IMPORTS,
       "DELETE FROM total_imports WHERE site = ?1 AND hash NOT IN "
       "(SELECT hash FROM imports WHERE site = ?1)")

/* midnight (midnight.c) */
GL_SQL(ADD_LINK, "INSERT OR IGNORE INTO midnight (site, visitor, before, day) "
                 "VALUES (?1, ?2, ?3, ?4)")
GL_SQL(LINKS, "SELECT visitor, before, day FROM midnight WHERE site = ?1 "
              "ORDER BY visitor")
GL_SQL(ANY_LINK, "SELECT 1 FROM midnight LIMIT 1")
GL_SQL(CLEAR_LINKS, "DELETE FROM midnight")

/* whole sites (sites.c, covers.c) */
GL_SQL(SITES,
       "SELECT site FROM day_rows UNION SELECT site FROM bots UNION "
       "SELECT site FROM drops UNION SELECT site FROM dirty_days UNION "
       "SELECT site FROM imports UNION SELECT site FROM new_words UNION "
       "SELECT site FROM total_imports UNION "
       "SELECT site FROM served_pages UNION "
       "SELECT site FROM served_visitors UNION "
       "SELECT site FROM served_bots UNION "
       "SELECT site FROM late_visitors "
       "ORDER BY site")
GL_SQL(HAS_SITE,
       "SELECT EXISTS (SELECT 1 FROM day_rows WHERE site = ?1) OR EXISTS "
       "(SELECT 1 FROM bots WHERE site = ?1) OR EXISTS (SELECT 1 FROM drops "
       "WHERE site = ?1) OR EXISTS (SELECT 1 FROM served_pages WHERE site = "
       "?1) OR EXISTS (SELECT 1 FROM served_visitors WHERE site = ?1) OR "
       "EXISTS (SELECT 1 FROM served_bots WHERE site = ?1) OR EXISTS (SELECT "
       "1 FROM total_imports WHERE site = ?1)")
GL_SQL(OPEN_SITES,
       "SELECT DISTINCT site FROM sessions WHERE open = 1 ORDER BY site")
GL_SQL(COPY_EVENTS,
       "SELECT id, site, at, kind, visitor, mark, host, path, referrer, "
       "agent, place, name, title, language, screen, scroll_depth, "
       "engagement, server, passive, evidence, amount, currency, props "
       "FROM events WHERE id BETWEEN ?1 AND ?2 AND site = ?3 ORDER BY id")
GL_SQL(COPY_VISIT,
       "SELECT id, site, visitor, alias, server, start, referrer, agent, "
       "place, language, screen, open, last, seen, pageviews, refreshes, "
       "events, interactive, engagement, entry_host, entry_path, exit_host, "
       "exit_path FROM sessions WHERE id = ?1 AND site = ?2")
GL_SQL(PUT_COPIED_VISIT,
       "INSERT OR REPLACE INTO sessions (id, site, visitor, alias, server, "
       "start, referrer, agent, place, language, screen, open, last, seen, "
       "pageviews, refreshes, events, interactive, engagement, entry_host, "
       "entry_path, exit_host, exit_path) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
       "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, "
       "?21, ?22, ?23)")
GL_SQL(COPY_BOTS,
       "SELECT site, day, reason, family, page, operator, kind, n FROM bots "
       "WHERE site = ?1 ORDER BY day, reason, family, page")
GL_SQL(COPY_DROPS, "SELECT site, day, reason, n FROM drops WHERE site = ?1 "
                   "ORDER BY day, reason")
GL_SQL(COPY_DIRTY, "SELECT site, day FROM dirty_days WHERE site = ?1")
GL_SQL(COPY_LATE,
       "SELECT site, day, visitor FROM late_visitors WHERE site = ?1")
GL_SQL(COPY_IMPORTS,
       "SELECT hash, site, \"offset\", lines, done, at, key FROM imports "
       "WHERE site = ?1")
GL_SQL(COPY_LINKS,
       "SELECT site, visitor, before, day FROM midnight WHERE site = ?1")
GL_SQL(COPY_NEW_WORDS,
       "SELECT site, day, kind, n FROM new_words WHERE site = ?1")
GL_SQL(FIRST_SPAN,
       "SELECT first_id, last_id, gaps, day FROM day_rows WHERE site = ?1 "
       "ORDER BY day, first_id LIMIT 1")
GL_SQL(DELETE_EVENTS,
       "DELETE FROM events WHERE id BETWEEN ?1 AND ?2 AND site = ?3 "
       "AND at >= ?4 AND at < ?5")
GL_SQL(DELETE_VISITS,
       "DELETE FROM sessions WHERE id BETWEEN ?1 AND ?2 AND site = ?3 "
       "AND start >= ?4 AND start < ?5")
GL_SQL(DELETE_SPAN,
       "DELETE FROM day_rows WHERE site = ?1 AND day = ?2 AND first_id = ?3")
GL_SQL(DELETE_BOTS, "DELETE FROM bots WHERE site = ?1")
GL_SQL(DELETE_DROPS, "DELETE FROM drops WHERE site = ?1")
GL_SQL(DELETE_BOTS_BEFORE, "DELETE FROM bots WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_DROPS_BEFORE, "DELETE FROM drops WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_DIRTY_BEFORE,
       "DELETE FROM dirty_days WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_LATE_BEFORE,
       "DELETE FROM late_visitors WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_NEW_WORDS_BEFORE,
       "DELETE FROM new_words WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_TOTALS_BEFORE,
       "DELETE FROM day_totals WHERE import IN (SELECT id FROM total_imports "
       "WHERE site = ?1) AND date < ?2")
GL_SQL(DELETE_DIRTY, "DELETE FROM dirty_days WHERE site = ?1")
GL_SQL(DELETE_LINKS, "DELETE FROM midnight WHERE site = ?1")
GL_SQL(DELETE_LATE, "DELETE FROM late_visitors WHERE site = ?1")
GL_SQL(DELETE_IMPORTS, "DELETE FROM imports WHERE site = ?1")
GL_SQL(DELETE_NEW_WORDS, "DELETE FROM new_words WHERE site = ?1")

/* words that neither a row nor a day whose rows were let go uses (erase.c) */
#define GL_SQL_LET_GO(words)                                                  \
    " UNION SELECT w.value FROM let_go, json_each(let_go.words, '$." words    \
    "') AS w)"
#define GL_SQL_ERASE_BOTH(name, table, column)                                \
    GL_SQL(ERASE_##name,                                                      \
           "DELETE FROM " table " WHERE code NOT IN (SELECT " column          \
           " FROM events WHERE " column " IS NOT NULL UNION SELECT " column   \
           " FROM sessions WHERE " column                                     \
           " IS NOT NULL" GL_SQL_LET_GO(table))
#define GL_SQL_ERASE_ENDS(name, table, column)                                \
    GL_SQL(ERASE_##name,                                                      \
           "DELETE FROM " table " WHERE code NOT IN (SELECT " column          \
           " FROM events WHERE " column                                       \
           " IS NOT NULL UNION SELECT entry_" column                          \
           " FROM sessions WHERE entry_" column                               \
           " IS NOT NULL UNION SELECT exit_" column                           \
           " FROM sessions WHERE exit_" column                                \
           " IS NOT NULL" GL_SQL_LET_GO(table))
#define GL_SQL_ERASE_EVENTS(name, table, column)                              \
    GL_SQL(ERASE_##name,                                                      \
           "DELETE FROM " table " WHERE code NOT IN (SELECT " column          \
           " FROM events WHERE " column " IS NOT NULL" GL_SQL_LET_GO(table))
#define GL_SQL_ERASE_PROPS(name, table, code)                                 \
    GL_SQL(ERASE_##name,                                                      \
           "DELETE FROM " table " WHERE code NOT IN (SELECT " code            \
           " FROM events, json_each(events.props) AS p" GL_SQL_LET_GO(table))
GL_SQL_ERASE_ENDS(HOSTS, "hosts", "host")
GL_SQL_ERASE_ENDS(PATHS, "paths", "path")
GL_SQL_ERASE_EVENTS(NAMES, "names", "name")
GL_SQL_ERASE_EVENTS(TITLES, "titles", "title")
GL_SQL_ERASE_BOTH(SCREENS, "screens", "screen")
GL_SQL_ERASE_BOTH(LANGUAGES, "languages", "language")
GL_SQL_ERASE_BOTH(REFERRERS, "referrers", "referrer")
GL_SQL_ERASE_BOTH(AGENTS, "agents", "agent")
GL_SQL_ERASE_BOTH(PLACES, "places", "place")
GL_SQL_ERASE_PROPS(PROP_KEYS, "prop_keys", "CAST(p.key AS INTEGER)")
GL_SQL_ERASE_PROPS(PROP_VALUES, "prop_values", "p.value")
#undef GL_SQL_ERASE_PROPS
#undef GL_SQL_ERASE_EVENTS
#undef GL_SQL_ERASE_ENDS
#undef GL_SQL_ERASE_BOTH
#undef GL_SQL_LET_GO
