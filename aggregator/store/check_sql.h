/*
 * What must be true of a file: GL_RULE(sentence, SQL).  The query gives how
 * many rows break the rule.  Sums leave out what may still change: open
 * visits, days to be made again, imports under way.
 */

#define GL_BUSY_SITES                                                         \
    "(SELECT site FROM dirty_days UNION SELECT site FROM late_visitors "      \
    "UNION SELECT site FROM let_go WHERE done = 0 UNION "                     \
    "SELECT site FROM imports WHERE done = 0)"
#define GL_SETTLED                                                            \
    "site NOT IN " GL_BUSY_SITES " AND (site, visitor) NOT IN "               \
    "(SELECT site, visitor FROM sessions WHERE open = 1)"

/* codes */
#define GL_CODE_RULE(table, column, words)                                    \
    GL_RULE(table "." column ": codes without a word in " words,              \
            "SELECT count(*) FROM " table " WHERE " column                    \
            " IS NOT NULL AND " column " NOT IN (SELECT code FROM " words     \
            ")")
GL_CODE_RULE("events", "host", "hosts")
GL_CODE_RULE("events", "path", "paths")
GL_CODE_RULE("events", "referrer", "referrers")
GL_CODE_RULE("events", "agent", "agents")
GL_CODE_RULE("events", "place", "places")
GL_CODE_RULE("events", "name", "names")
GL_CODE_RULE("events", "title", "titles")
GL_CODE_RULE("events", "language", "languages")
GL_CODE_RULE("events", "screen", "screens")
GL_CODE_RULE("sessions", "referrer", "referrers")
GL_CODE_RULE("sessions", "agent", "agents")
GL_CODE_RULE("sessions", "place", "places")
GL_CODE_RULE("sessions", "language", "languages")
GL_CODE_RULE("sessions", "screen", "screens")
GL_CODE_RULE("sessions", "entry_host", "hosts")
GL_CODE_RULE("sessions", "entry_path", "paths")
GL_CODE_RULE("sessions", "exit_host", "hosts")
GL_CODE_RULE("sessions", "exit_path", "paths")
GL_RULE("events.props: what is no object of codes",
        "SELECT count(*) FROM events WHERE props IS NOT NULL AND NOT "
        "json_valid(props)")
#define GL_PROP_RULE(part, code, words)                                       \
    GL_RULE("events.props: " part " without a word in " words,                \
            "SELECT count(*) FROM events, json_each(iif(json_valid(props), "  \
            "props, NULL)) AS p WHERE " code " <> 0 AND " code                \
            " NOT IN (SELECT code FROM " words ")")
GL_PROP_RULE("names", "CAST(p.key AS INTEGER)", "prop_keys")
GL_PROP_RULE("values", "p.value", "prop_values")

/* rows and visits */
GL_RULE("visits whose first event is not there",
        "SELECT count(*) FROM sessions s WHERE NOT EXISTS (SELECT 1 FROM "
        "events e WHERE e.id = s.id AND e.site = s.site)")
GL_RULE("closed visits without their numbers",
        "SELECT count(*) FROM sessions WHERE open = 0 AND (last IS NULL OR "
        "seen IS NULL OR pageviews IS NULL OR events IS NULL)")
GL_RULE("sites whose visits do not add up to their events",
        "WITH counted AS (SELECT site, sum(kind = 1) AS pageviews, "
        "sum(kind = 2) AS events, sum(mark IS 1) AS refreshes FROM events "
        "WHERE " GL_SETTLED " GROUP BY site), told AS (SELECT site, "
        "sum(pageviews) AS pageviews, sum(events) AS events, "
        "sum(refreshes) AS refreshes FROM sessions WHERE " GL_SETTLED
        " GROUP BY site) SELECT count(*) FROM counted LEFT JOIN told "
        "USING (site) WHERE counted.pageviews <> ifnull(told.pageviews, 0) "
        "OR counted.events <> ifnull(told.events, 0) "
        "OR counted.refreshes <> ifnull(told.refreshes, 0)")
GL_RULE("events that no stretch of their day covers",
        "SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM "
        "day_rows d WHERE d.site = e.site AND d.day = e.at / 86400000 - "
        "(e.at % 86400000 < 0) AND d.first_id <= e.id AND d.last_id >= e.id "
        "AND in_stretch(d.first_id, d.last_id, d.gaps, e.id))")
GL_RULE("stretches that end before they begin",
        "SELECT count(*) FROM day_rows WHERE last_id < first_id")

/* sealed days */
GL_RULE("pieces of sealed days that are damaged",
        "SELECT count(*) FROM sealed_pieces WHERE crc <> crc32c(bytes)")
GL_RULE("sealed days of which pieces are missing",
        "SELECT count(*) FROM sealed_days s WHERE pieces <> (SELECT count(*) "
        "FROM sealed_pieces p WHERE p.site = s.site AND p.day = s.day)")
GL_RULE("sealed days of which there are no rows",
        "SELECT count(*) FROM sealed_days s WHERE NOT EXISTS (SELECT 1 FROM "
        "day_rows d WHERE d.site = s.site AND d.day = s.day)")

GL_RULE("days whose rows were let go and which are not sealed",
        "SELECT count(*) FROM let_go l WHERE NOT EXISTS (SELECT 1 FROM "
        "sealed_days s WHERE s.site = l.site AND s.day = l.day "
        "AND length(s.head) > 0)")

/* positions and tallies */
GL_RULE("positions that are none",
        "SELECT count(*) FROM ingest WHERE typeof(seg) <> 'blob' OR "
        "length(seg) <> 16 OR typeof(upto) <> 'integer' OR "
        "upto NOT BETWEEN 0 AND 4294967295")
GL_RULE("drops that are no number of events",
        "SELECT count(*) FROM drops WHERE typeof(n) <> 'integer' OR n <= 0")
GL_RULE("bots that are no number of events",
        "SELECT count(*) FROM bots WHERE typeof(n) <> 'integer' OR n <= 0")

GL_RULE("pages served that are no number of replies",
        "SELECT count(*) FROM served_pages WHERE typeof(views + refused + "
        "missing + failed) <> 'integer' OR typeof(times) <> 'blob' OR "
        "views < 0 OR refused < 0 OR missing < 0 OR failed < 0 OR "
        "views + refused + missing + failed <= 0")
GL_RULE("visitors of pages served who are none",
        "SELECT count(*) FROM served_visitors WHERE typeof(visitor) <> "
        "'integer' OR views < 0 OR told < 0 OR has NOT BETWEEN 0 AND 7")

#undef GL_BUSY_SITES
#undef GL_SETTLED
#undef GL_CODE_RULE
#undef GL_PROP_RULE
