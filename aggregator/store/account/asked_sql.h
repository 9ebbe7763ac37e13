/*
 * SQL of what is asked of a whole file, as account_sql.h has it (bots.c,
 * drops.c, extent.c, stored.c, usage.c).
 */

GL_SQL(
    SINCE_BOTS,
    "SELECT day, reason, family, page, operator, kind, n FROM bots "
    "WHERE site = ?1 AND day >= ?2 ORDER BY day DESC, n DESC, reason, family, "
    "page LIMIT ?3")
GL_SQL(EXTENT_DAYS, "SELECT count(DISTINCT day) FROM day_rows "
                    "WHERE ?1 = 0 OR site = ?1")
GL_SQL(EXTENT_EVENTS, "SELECT count(*) FROM events "
                      "WHERE ?1 = 0 OR site = ?1")
/* Rows of other sites lie between, and what one was erased of. */
GL_SQL(EXTENT_AT_MOST,
       "SELECT min((SELECT total(last_id - first_id + 1) FROM day_rows "
       "WHERE ?1 = 0 OR site = ?1), (SELECT max(id) FROM events))")
/* Those of imports are below zero, those of pages served are another view. */
GL_SQL(FIRST_LIVE, "SELECT coalesce(min(at), -2) FROM events WHERE site = ?1 "
                   "AND visitor > 0 AND server IS NULL")
/* Rows come in order of arrival: none of the days asked for stands before the
 * first span of these. */
GL_SQL(
    USED_DAYS,
    "SELECT day, sum(live), sum(imported) FROM ("
    "SELECT at / 86400000 AS day, sum(visitor >= 0) AS live, "
    "sum(visitor < 0) AS imported FROM events WHERE kind IN (1, 2) AND id >= "
    "(SELECT min(first_id) FROM day_rows WHERE day BETWEEN ?1 AND ?2) "
    "GROUP BY 1 UNION ALL "
    "SELECT day, n, 0 FROM let_go_rows WHERE kind <> 'engagement') "
    "WHERE day BETWEEN ?1 AND ?2 GROUP BY day ORDER BY day")
GL_SQL(DROP_SUMS, "SELECT site, reason, sum(n) FROM "
                  "(SELECT site, reason, n FROM drops UNION ALL "
                  "SELECT site, reason, n FROM bots) GROUP BY site, reason")
GL_SQL(STORED_ROWS,
       "SELECT count(*), ifnull(min(at), 0), total(props IS NOT NULL), "
       "total(referrer IN (SELECT code FROM referrers WHERE utm_source || "
       "utm_medium || utm_campaign || utm_content || utm_term || click_id "
       "<> '')) FROM events WHERE site = ?1")
GL_SQL(
    STORED_LINKS,
    "SELECT (SELECT count(*) FROM midnight WHERE site = ?1 AND day < ?2 AND "
    "NOT EXISTS (SELECT 1 FROM dirty_days)) + (SELECT count(*) FROM sessions "
    "WHERE site = ?1 AND alias IS NOT NULL AND open = 0)")

/* All texts but hosts, which are the site's own; of a referrer the host is
 * another site's. */
GL_SQL(TEXTS_PATHS, "SELECT text FROM paths ORDER BY code")
GL_SQL(TEXTS_SERVED_PAGES,
       "SELECT path FROM served_pages ORDER BY site, day, path")
GL_SQL(TEXTS_SERVED_BOTS,
       "SELECT path FROM served_bots ORDER BY site, day, family,"
       " reason, path")
GL_SQL(TEXTS_NAMES, "SELECT text FROM names ORDER BY code")
GL_SQL(TEXTS_TITLES, "SELECT text FROM titles ORDER BY code")
GL_SQL(TEXTS_LANGUAGES, "SELECT text FROM languages ORDER BY code")
GL_SQL(TEXTS_SCREENS, "SELECT text FROM screens ORDER BY code")
GL_SQL(TEXTS_PROP_KEYS, "SELECT text FROM prop_keys ORDER BY code")
GL_SQL(TEXTS_PROP_VALUES, "SELECT text FROM prop_values ORDER BY code")
GL_SQL(TEXTS_REFERRERS,
       "SELECT substr(referrer, instr(referrer || '/', '/')) || ' '"
       " || utm_source || ' ' || utm_medium || ' ' ||"
       " utm_campaign || ' ' || utm_content || ' ' || utm_term"
       " || ' ' || click_id FROM referrers ORDER BY code")
GL_SQL(TEXTS_PLACES,
       "SELECT country || ' ' || region || ' ' || city FROM places"
       " ORDER BY code")
GL_SQL(TEXTS_AGENTS, "SELECT browser || ' ' || os || ' ' || device FROM agents"
                     " ORDER BY code")
