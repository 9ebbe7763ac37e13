/*
 * Every SQL text of meta.db: GL_SQL(name, text).  The column order of a
 * SELECT is what its one reader expects.
 */

#include "store/db/file_sql.h"

/* counters and what an operator is told (counts.c, life.c) */
GL_SQL(ADD_DROP, "INSERT INTO drops (day, reason, n) VALUES (?1, ?2, ?3) "
                 "ON CONFLICT (day, reason) DO UPDATE SET n = n + excluded.n")
GL_SQL(DROPS, "SELECT reason, sum(n) FROM drops GROUP BY reason")
GL_SQL(SET_INCARNATION,
       "INSERT INTO incarnations (id, total, first, last) "
       "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET "
       "total = excluded.total, first = excluded.first, last = excluded.last "
       "WHERE excluded.total > total")
GL_SQL(REFUSED, "SELECT sum(total) FROM incarnations")
GL_SQL(SET_LOST, "INSERT INTO lost (seg, idx, n, at) VALUES (?1, ?2, ?3, ?4) "
                 "ON CONFLICT (seg, idx) DO UPDATE SET n = excluded.n")
GL_SQL(LOST_KNOWN,
       "SELECT count(*) FROM lost WHERE seg = ?1 AND idx BETWEEN ?2 AND ?3")
GL_SQL(LOST, "SELECT sum(n) FROM lost WHERE idx > 0")
GL_SQL(REFUSED_SINCE, "SELECT sum(total), min(first), max(last) "
                      "FROM incarnations WHERE last >= ?1 AND total > 0")
GL_SQL(LOST_SINCE,
       "SELECT sum(n) FILTER (WHERE idx > 0), min(at), max(at), "
       "max(idx = 0 AND n = 0), sum(n) FILTER (WHERE idx = 0) FROM lost "
       "WHERE at >= ?1")
GL_SQL(LIFE, "SELECT boot, clean, cut FROM life")
GL_SQL(SET_LIFE,
       "INSERT INTO life (one, boot, clean, cut) VALUES (1, ?1, 0, ?2) "
       "ON CONFLICT (one) DO UPDATE SET boot = excluded.boot, "
       "clean = excluded.clean, cut = excluded.cut")
GL_SQL(END_LIFE, "UPDATE life SET clean = 1")
GL_SQL(AUDIT,
       "INSERT INTO audit (at, actor, verb, args) VALUES (?1, ?2, ?3, ?4)")
GL_SQL(CHANGE, "SELECT id FROM made_change")
GL_SQL(SET_CHANGE, "INSERT INTO made_change (one, id) VALUES (1, ?1) "
                   "ON CONFLICT (one) DO UPDATE SET id = excluded.id")
GL_SQL(NAME_OF,
       "SELECT name FROM definitions WHERE id = ?1 AND kind = ?2 UNION ALL "
       "SELECT name FROM shares WHERE id = ?1 AND ?2 = 'share' UNION ALL "
       "SELECT name FROM tokens WHERE id = ?1 AND ?2 = 'token' UNION ALL "
       "SELECT address FROM recipients WHERE id = ?1 AND ?2 = 'recipient'")
GL_SQL(AUDITED, "SELECT id, at, actor, verb, args FROM audit WHERE id < ?1 "
                "ORDER BY id DESC")

/* accounts and tokens (accounts.c) */
GL_SQL(ADD_ACCOUNT, "INSERT INTO accounts (id, name, created, primary_name) "
                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO NOTHING")
GL_SQL(ACCOUNTS, "SELECT id, name, created, primary_name FROM accounts")
GL_SQL(REMOVE_ACCOUNT, "DELETE FROM accounts WHERE id = ?1")
GL_SQL(REMOVE_ACCOUNT_TOKENS, "DELETE FROM tokens WHERE account = ?1")
GL_SQL(ADD_TOKEN,
       "INSERT INTO tokens (id, account, name, hash, created, scopes) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
GL_SQL(TOKENS, "SELECT id, account, name, created, hash, scopes FROM tokens")
GL_SQL(REMOVE_TOKEN, "DELETE FROM tokens WHERE id = ?1")

/* sites (sites.c) */
GL_SQL(SITES,
       "SELECT id, domain, account, timezone, public, refresh_window, optout, "
       "hosts, created, umami_id, matomo_id, currency, left_out, "
       "retention_days, keep_rows, bots_counted, count_served FROM sites "
       "ORDER BY domain")
GL_SQL(ADD_SITE,
       "INSERT INTO sites (id, account, timezone, public, refresh_window, "
       "optout, hosts, domain, umami_id, matomo_id, currency, left_out, "
       "retention_days, keep_rows, bots_counted, created, count_served) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
       "?14, ?15, ?16, ?17) "
       "ON CONFLICT (domain) DO NOTHING")
GL_SQL(SET_SITE, "UPDATE sites SET account = ?2, timezone = ?3, public = ?4, "
                 "refresh_window = ?5, optout = ?6, hosts = ?7, domain = ?8, "
                 "umami_id = ?9, matomo_id = ?10, currency = ?11, "
                 "left_out = ?12, retention_days = ?13, keep_rows = ?14, "
                 "bots_counted = ?15, created = ?16, count_served = ?17 "
                 "WHERE id = ?1")
GL_SQL(REMOVE_SITE, "DELETE FROM sites WHERE id = ?1")
GL_SQL(ADD_OLD_NAME,
       "INSERT INTO old_names (domain, site, until) VALUES (?1, ?2, ?3)")
GL_SQL(REMOVE_OLD_NAME, "DELETE FROM old_names WHERE domain = ?1")
GL_SQL(ADD_SIZE,
       "INSERT INTO sizes (account, day, bytes) SELECT ?1, ?2, ?3 WHERE "
       "(SELECT bytes FROM sizes WHERE account = ?1 AND day <= ?2 "
       "ORDER BY day DESC LIMIT 1) IS NOT ?3 "
       "ON CONFLICT (account, day) DO UPDATE SET bytes = excluded.bytes")
GL_SQL(SIZES,
       "SELECT day, bytes FROM sizes WHERE account = ?1 AND day <= ?3 AND "
       "day >= coalesce((SELECT max(day) FROM sizes WHERE account = ?1 AND "
       "day <= ?2), ?2) ORDER BY day")
GL_SQL(OLD_NAMES, "SELECT domain, site, until FROM old_names")
GL_SQL(ADD_REMAIN, "INSERT INTO remains (site, account) VALUES (?1, ?2) "
                   "ON CONFLICT DO NOTHING")
GL_SQL(REMOVE_REMAIN, "DELETE FROM remains WHERE site = ?1 AND account = ?2")
GL_SQL(ADD_SHIELD, "INSERT INTO shields (site, kind, text) "
                   "VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
GL_SQL(REMOVE_SHIELDS, "DELETE FROM shields WHERE site = ?1 AND kind = ?2")
GL_SQL(HAND_ON_SHIELDS, "UPDATE shields SET site = ?2 WHERE site = ?1")
GL_SQL(SHIELDS, "SELECT site, kind, text FROM shields WHERE ?1 IN (0, site) "
                "ORDER BY site, kind, text")
GL_SQL(REMAINS, "SELECT site, account FROM remains ORDER BY site, account")

/* what owners define for questions (definitions.c) */
GL_SQL(DEFINE, "INSERT INTO definitions (site, kind, name, body, created) "
               "SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) "
               "FROM definitions WHERE site = ?1 AND kind = ?2) < ?6 "
               "ON CONFLICT (site, kind, name) DO NOTHING")
GL_SQL(UNDEFINE,
       "DELETE FROM definitions WHERE id = ?1 AND site = ?2 AND kind = ?3")
GL_SQL(HAND_ON_DEFINED, "UPDATE definitions SET site = ?2 WHERE site = ?1")
GL_SQL(DEFINED, "SELECT id, kind, name, body, created FROM definitions "
                "WHERE site = ?1 ORDER BY id")

/* people, their roles and keys (people.c, roles.c) */
GL_SQL(ADD_PERSON,
       "INSERT INTO people (id, name, password, totp, step, created) "
       "VALUES (?1, ?2, ?3, ?4, 0, ?5) ON CONFLICT (name) DO NOTHING")
GL_SQL(SET_PERSON, "UPDATE people SET password = ?2, totp = ?3, step = ?4 "
                   "WHERE id = ?1")
GL_SQL(REMOVE_PERSON, "DELETE FROM people WHERE id = ?1")
GL_SQL(PEOPLE, "SELECT id, name, password, totp, created, step FROM people")
GL_SQL(SET_ROLE, "INSERT INTO roles (person, account, site, role) "
                 "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (person, account, site) "
                 "DO UPDATE SET role = excluded.role")
GL_SQL(REMOVE_ROLE,
       "DELETE FROM roles WHERE person = ?1 AND account = ?2 AND site = ?3")
GL_SQL(ROLES, "SELECT person, account, site, role FROM roles")
GL_SQL(ADD_KEY, "INSERT INTO keys (hash, person, once, until) "
                "VALUES (?1, ?2, ?3, ?4)")
GL_SQL(REMOVE_KEY, "DELETE FROM keys WHERE hash = ?1")
GL_SQL(KEYS, "SELECT hash, person, once, until FROM keys")

/* links that show a site (shares.c) */
GL_SQL(ADD_SHARE,
       "INSERT INTO shares (id, site, name, hash, password, segment, until, "
       "created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
GL_SQL(REMOVE_SHARE, "DELETE FROM shares WHERE id = ?1 AND site = ?2")
GL_SQL(HAND_ON_SHARE, "UPDATE shares SET site = ?2 WHERE id = ?1")
GL_SQL(SHARES, "SELECT id, site, name, hash, password, segment, until, "
               "created FROM shares")

/* recipients and mails (mails.c) */
GL_SQL(ADD_RECIPIENT,
       "INSERT INTO recipients (id, site, address, language, gets, monday, "
       "created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
GL_SQL(SET_RECIPIENT,
       "UPDATE recipients SET language = ?2, gets = ?3 WHERE id = ?1")
GL_SQL(RECIPIENT, "SELECT id, site, address, language, gets, monday, created "
                  "FROM recipients WHERE site = ?1 AND address = ?2")
GL_SQL(RECIPIENTS, "SELECT id, site, address, language, gets, monday, created "
                   "FROM recipients ORDER BY site, language, address")
GL_SQL(RECIPIENTS_DUE,
       "SELECT id, site, address, language, gets, monday, created "
       "FROM recipients WHERE gets & 1 AND monday <= ?1 "
       "ORDER BY site, language, address")
GL_SQL(REMOVE_RECIPIENT,
       "DELETE FROM recipients WHERE id = ?1 AND (site = ?2 OR ?2 < 0)")
GL_SQL(REMOVE_RECIPIENT_LINKS, "DELETE FROM unsubscribes WHERE recipient = ?1")
GL_SQL(REMOVE_SITE_LINKS, "DELETE FROM unsubscribes WHERE recipient IN "
                          "(SELECT id FROM recipients WHERE site = ?1)")
GL_SQL(REMOVE_SITE_RECIPIENTS, "DELETE FROM recipients WHERE site = ?1")
GL_SQL(HAND_ON_RECIPIENTS, "UPDATE recipients SET site = ?2 WHERE site = ?1")
GL_SQL(SET_MONDAY, "UPDATE recipients SET monday = ?2 WHERE id = ?1")
GL_SQL(ADD_UNSUBSCRIBE, "INSERT INTO unsubscribes (hash, recipient, until) "
                        "VALUES (?1, ?2, ?3)")
GL_SQL(UNSUBSCRIBES, "SELECT r.id, r.site, r.address, r.language, r.gets, "
                     "r.monday, r.created FROM unsubscribes AS u JOIN "
                     "recipients AS r ON r.id = u.recipient "
                     "WHERE u.hash = ?1 AND u.until > ?2")
GL_SQL(FORGET_UNSUBSCRIBES, "DELETE FROM unsubscribes WHERE until <= ?1")
GL_SQL(ADD_MAIL, "INSERT INTO mails (id, recipient, made, state, tries, "
                 "doubts, ended) VALUES (?1, ?2, ?3, 'meant', 0, 0, 0) "
                 "ON CONFLICT (id) DO NOTHING")
GL_SQL(MAIL, "SELECT state FROM mails WHERE id = ?1")
GL_SQL(SET_MAIL, "UPDATE mails SET state = ?2, tries = ?3, doubts = ?4, "
                 "ended = ?5 WHERE id = ?1")
GL_SQL(MAILS_OPEN, "SELECT id FROM mails WHERE state = 'made' LIMIT 1000")
GL_SQL(MAIL_SUMS, "SELECT count(*) FILTER (WHERE state = 'sent'), "
                  "count(*) FILTER (WHERE state = 'failed'), "
                  "count(*) FILTER (WHERE state = 'doubt'), "
                  "sum(doubts) FROM mails WHERE made > ?1")
GL_SQL(FORGET_MAILS, "DELETE FROM mails WHERE made <= ?1")

/* notices and quotas (notices.c) */
GL_SQL(NOTICE, "SELECT since FROM notices WHERE kind = ?1 AND of = ?2")
GL_SQL(ADD_NOTICE, "INSERT INTO notices (kind, of, since) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (kind, of) DO NOTHING")
GL_SQL(REMOVE_NOTICE, "DELETE FROM notices WHERE kind = ?1 AND of = ?2")
GL_SQL(QUOTAS, "SELECT account, events, bytes, month, full FROM quotas")
GL_SQL(QUOTA, "SELECT account, events, bytes, month, full FROM quotas "
              "WHERE account = ?1")
GL_SQL(SET_QUOTA,
       "INSERT INTO quotas (account, events, bytes, month, full) "
       "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (account) DO UPDATE SET "
       "events = excluded.events, bytes = excluded.bytes, "
       "month = excluded.month, full = excluded.full")
