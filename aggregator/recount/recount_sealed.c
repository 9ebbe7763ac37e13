/* Sealed days of a recount; see recount_sealed.h. */

#include "recount/recount_sealed.h"

#include <sqlite3.h>

#include "extension/attach.h"
#include "recount/recount_fail.h"

/* ---- SQL: ?1 is a site, ?2 a day ---- */

/* Of referrers that differ by a click id alone any one. */
#define REFERRER                                                              \
    "(SELECT code FROM main.referrers r WHERE r.referrer ="                   \
    " ifnull(x.referrer, '') AND r.source = ifnull(x.source, '')"             \
    " AND r.channel = ifnull(x.channel, '')"                                  \
    " AND r.utm_source = ifnull(x.utm_source, '')"                            \
    " AND r.utm_medium = ifnull(x.utm_medium, '')"                            \
    " AND r.utm_campaign = ifnull(x.utm_campaign, '')"                        \
    " AND r.utm_content = ifnull(x.utm_content, '')"                          \
    " AND r.utm_term = ifnull(x.utm_term, '') LIMIT 1)"
#define AGENT                                                                 \
    "(SELECT code FROM main.agents a WHERE a.browser ="                       \
    " ifnull(x.browser, '') AND a.browser_version ="                          \
    " ifnull(x.browser_version, '') AND a.os = ifnull(x.os, '')"              \
    " AND a.os_version = ifnull(x.os_version, '')"                            \
    " AND a.device = ifnull(x.device, ''))"
#define PLACE                                                                 \
    "(SELECT code FROM main.places p WHERE p.country ="                       \
    " ifnull(x.country, '') AND p.region = ifnull(x.region, '')"              \
    " AND p.city = ifnull(x.city, ''))"
#define OF_VISITS                                                             \
    " FROM temp.sealed_visits x WHERE x.site = ?1"                            \
    " AND x.date = date(?2 * 86400, 'unixepoch')"
#define SCREEN "(SELECT code FROM main.screens WHERE text = x.screen)"
#define LANGUAGE "(SELECT code FROM main.languages WHERE text = x.language)"
#define HOST(text) "(SELECT code FROM main.hosts WHERE text = " text ")"
#define PATH(text) "(SELECT code FROM main.paths WHERE text = " text ")"
#define NAME "(SELECT code FROM main.names WHERE text = x.name)"
#define PROPS                                                                 \
    "iif(x.props IS NULL, NULL, (SELECT json_group_object("                   \
    "CAST(k.code AS TEXT), w.code) FROM json_each(x.props) j"                 \
    " JOIN main.prop_keys k ON k.text = j.key"                                \
    " JOIN main.prop_values w ON w.text = j.value))"
#define AMOUNT                                                                \
    "iif(x.amount IS NULL, NULL, rtrim(rtrim(printf('%.3f', x.amount), '0')," \
    " '.'))"

/* Where a visit was entered and left is sealed with it: two events that do not
 * count say so. */
static const char take_visits[] =
    "INSERT INTO temp.v (id, visitor, at, referrer, agent, place, screen,"
    " language, seconds, views, bounced, entry, exit) SELECT x.visit, "
    "x.visitor,"
    " x.start, " REFERRER ", " AGENT ", " PLACE ", " SCREEN ", " LANGUAGE
    ", x.seconds, x.pageviews, x.bounced, -2 * x.visit,"
    " -2 * x.visit - 1" OF_VISITS;
#define TAKE_END                                                              \
    "INSERT INTO temp.e (id, visit, visitor, at, kind, counts, host, path)"
static const char take_entries[] =
    TAKE_END " SELECT -2 * x.visit, x.visit, x.visitor, x.start, 1, 0, " HOST(
        "x.entry_host") ", " PATH("x.entry_page") OF_VISITS;
static const char take_exits[] =
    TAKE_END " SELECT -2 * x.visit - 1, x.visit, x.visitor,"
             " x.start + 1000 * x.seconds, 1, 0, " HOST(
                 "x.exit_host") ", " PATH("x.exit_page") OF_VISITS;

/* A visit's events after midnight are sealed with the day it began. */
static const char take_events[] =
    "INSERT INTO temp.e SELECT x.rowid, x.visit, x.visitor, x.at,"
    " iif(x.kind = 'pageview', 1, 2), 1, NULL, " HOST("x.host") ", " PATH(
        "x.path") ", " NAME ", " PROPS ", " AMOUNT
                  ", x.currency, x.engagement, x.scroll_depth"
                  " FROM temp.sealed_events x WHERE x.site = ?1"
                  " AND x.date >= date(?2 * 86400, 'unixepoch')"
                  " AND x.date <= date((?2 + 1) * 86400, 'unixepoch')"
                  " AND (x.visit >> 24 & 65535) = ?2";

static const char days[] = "SELECT day FROM main.let_go WHERE site = ?1"
                           " AND day BETWEEN ?2 AND ?3 ORDER BY day";

/* ---- days ---- */

static enum gl_executed
run_one(struct gl_recount *run, const char *sql, int64_t site, int64_t day)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(run->db, sql, -1, &statement, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, site);
        sqlite3_bind_int64(statement, 2, day);
        rc = sqlite3_step(statement);
    }
    enum gl_executed result =
        rc == SQLITE_DONE ? GL_EXECUTED : gl_recount_fail_(run);
    sqlite3_finalize(statement);
    return result;
}

static enum gl_executed
take_day(struct gl_recount *run, int64_t site, int64_t day)
{
    static const char *const before[] = {take_visits, take_entries,
                                         take_exits};
    enum gl_executed result = GL_EXECUTED;
    int64_t changes;

    for (size_t i = 0; i < 3 && result == GL_EXECUTED; i++)
        result = run_one(run, before[i], site, day);
    changes = sqlite3_total_changes64(run->db);
    if (result == GL_EXECUTED)
        result = run_one(run, take_events, site, day);
    run->rows += (uint64_t) (sqlite3_total_changes64(run->db) - changes);
    return result;
}

static enum gl_executed
take_days(struct gl_recount *run, int64_t site, sqlite3_stmt *which)
{
    enum gl_executed result = GL_EXECUTED;
    int rc;

    while (result == GL_EXECUTED &&
           (rc = sqlite3_step(which)) != SQLITE_DONE) {
        int64_t day = sqlite3_column_int64(which, 0);

        if (rc != SQLITE_ROW)
            return gl_recount_fail_(run);
        if (run->sealed.n++ == 0)
            run->sealed.first = day;
        run->sealed.last = day;
        result = take_day(run, site, day);
    }
    return result;
}

enum gl_executed
gl_recount_take_sealed_(struct gl_recount *run, int64_t site, int64_t from,
                        int64_t n)
{
    enum gl_executed result;
    sqlite3_stmt *which;

    if (gl_extension_attach(run->db) != SQLITE_OK ||
        sqlite3_prepare_v2(run->db, days, -1, &which, NULL) != SQLITE_OK)
        return gl_recount_fail_(run);
    sqlite3_bind_int64(which, 1, site);
    sqlite3_bind_int64(which, 2, from);
    sqlite3_bind_int64(which, 3, from + n - 1);
    result = take_days(run, site, which);
    sqlite3_finalize(which);
    gl_extension_detach(run->db);
    return result;
}
