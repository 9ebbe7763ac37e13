/* SQL of pages served, as account_sql.h has it (served.c, copy.c, sites.c). */

GL_SQL(SERVED_TIMES, "SELECT times FROM served_pages WHERE site = ?1 AND "
                     "day = ?2 AND path = ?3")
GL_SQL(ADD_SERVED_PAGE,
       "INSERT INTO served_pages (site, day, path, views, refused, missing, "
       "failed, bytes, asked, upstream, cacheable, cached, times) VALUES "
       "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
       "ON CONFLICT (site, day, path) DO UPDATE SET "
       "views = views + excluded.views, refused = refused + excluded.refused, "
       "missing = missing + excluded.missing, "
       "failed = failed + excluded.failed, bytes = bytes + excluded.bytes, "
       "asked = asked + excluded.asked, "
       "upstream = upstream + excluded.upstream, "
       "cacheable = cacheable + excluded.cacheable, "
       "cached = cached + excluded.cached, times = excluded.times")
GL_SQL(ADD_SERVED_VISITOR,
       "INSERT INTO served_visitors (site, day, visitor, views, told, has) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
       "ON CONFLICT (site, day, visitor) DO UPDATE SET "
       "views = views + excluded.views, told = told + excluded.told, "
       "has = has | excluded.has")
GL_SQL(SERVED_VISITOR, "SELECT has, views, told FROM served_visitors "
                       "WHERE site = ?1 AND day = ?2 AND visitor = ?3")
GL_SQL(HAS_SERVED_BOT,
       "SELECT 1 FROM served_bots WHERE site = ?1 AND day = ?2 AND "
       "family = ?3 AND reason = ?4 AND path = ?5 AND identity = ?6 "
       "AND operator = ?7")
GL_SQL(ADD_SERVED_BOT,
       "INSERT INTO served_bots (site, day, family, reason, path, identity, "
       "operator, kind, views, refused, missing, failed) VALUES (?1, ?2, ?3, "
       "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
       "ON CONFLICT (site, day, family, reason, path, identity, operator) "
       "DO UPDATE SET "
       "views = views + excluded.views, refused = refused + excluded.refused, "
       "missing = missing + excluded.missing, "
       "failed = failed + excluded.failed")
GL_SQL(SERVED_WORDS, "SELECT n, bytes FROM served_words WHERE site = ?1 AND "
                     "day = ?2 AND kind = ?3")
GL_SQL(ADD_SERVED_WORDS,
       "INSERT INTO served_words (site, day, kind, n, bytes) VALUES (?1, ?2, "
       "?3, ?4, ?5) ON CONFLICT (site, day, kind) DO UPDATE SET "
       "n = n + excluded.n, bytes = bytes + excluded.bytes")
GL_SQL(HAS_SERVED,
       "SELECT EXISTS (SELECT 1 FROM served_pages WHERE site = ?1)")
GL_SQL(SERVED_PAGES,
       "SELECT day, path, views, refused, missing, failed, bytes, asked, "
       "upstream, cacheable, cached, times FROM served_pages "
       "WHERE site = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY path, day")
GL_SQL(SERVED_VISITORS,
       "SELECT day, has, count(*), sum(views), sum(told) FROM served_visitors "
       "WHERE site = ?1 AND day BETWEEN ?2 AND ?3 AND (views > 0 OR told > 0) "
       "GROUP BY day, has, views > 0 ORDER BY day, has")
GL_SQL(SERVED_BOTS,
       "SELECT day, family, reason, path, operator, kind, views, refused, "
       "missing, failed, identity FROM served_bots WHERE site = ?1 AND "
       "day BETWEEN ?2 "
       "AND ?3 ORDER BY day DESC, views + refused + missing + failed DESC, "
       "family, path LIMIT ?4")

GL_SQL(COPY_SERVED_PAGES,
       "SELECT site, day, path, views, refused, missing, failed, bytes, "
       "asked, upstream, cacheable, cached, times FROM served_pages "
       "WHERE site = ?1")
GL_SQL(COPY_SERVED_VISITORS,
       "SELECT site, day, visitor, views, told, has FROM served_visitors "
       "WHERE site = ?1")
GL_SQL(COPY_SERVED_BOTS,
       "SELECT site, day, family, reason, path, identity, operator, kind, "
       "views, refused, missing, failed FROM served_bots WHERE site = ?1")
GL_SQL(COPY_SERVED_WORDS,
       "SELECT site, day, kind, n, bytes FROM served_words WHERE site = ?1")

GL_SQL(DELETE_SERVED_PAGES, "DELETE FROM served_pages WHERE site = ?1")
GL_SQL(DELETE_SERVED_PAGES_BEFORE,
       "DELETE FROM served_pages WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_SERVED_VISITORS, "DELETE FROM served_visitors WHERE site = ?1")
GL_SQL(DELETE_SERVED_VISITORS_BEFORE,
       "DELETE FROM served_visitors WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_SERVED_BOTS, "DELETE FROM served_bots WHERE site = ?1")
GL_SQL(DELETE_SERVED_BOTS_BEFORE,
       "DELETE FROM served_bots WHERE site = ?1 AND day < ?2")
GL_SQL(DELETE_SERVED_WORDS, "DELETE FROM served_words WHERE site = ?1")
GL_SQL(DELETE_SERVED_WORDS_BEFORE,
       "DELETE FROM served_words WHERE site = ?1 AND day < ?2")
/* ?5: 1 = by page */
GL_SQL(SERVED_AI,
       "SELECT operator, family, CASE WHEN ?5 THEN path END AS page, "
       "sum(views), sum(refused), sum(missing), sum(failed), identity "
       "FROM served_bots "
       "WHERE site = ?1 AND day BETWEEN ?2 AND ?3 AND kind LIKE 'ai-%' "
       "GROUP BY 1, 2, 3, identity "
       "ORDER BY sum(views + refused + missing + failed) "
       "DESC, 1, 2, 3, identity LIMIT ?4")
