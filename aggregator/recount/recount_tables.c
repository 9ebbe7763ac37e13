/* The temporary tables of a recount; see recount_tables.h. */

#include "recount/recount_tables.h"

#include <sqlite3.h>
#include <stdio.h>

#include "clock.h"
#include "recount/recount_fail.h"
#include "recount/recount_sealed.h"

/* ---- SQL ---- */

/* Without a type a column is not found by its index where it stands beside one
 * that has one. */
static const char tables[] =
    "CREATE TEMP TABLE v (id INTEGER PRIMARY KEY, visitor INTEGER, at INTEGER,"
    " referrer INTEGER, agent INTEGER, place INTEGER, screen INTEGER,"
    " language INTEGER, seconds INTEGER, views INTEGER, bounced INTEGER, "
    "entry INTEGER,"
    " exit INTEGER);"
    "CREATE INDEX temp.v_visitor ON v (visitor, at);"
    "CREATE TEMP TABLE e (id INTEGER PRIMARY KEY, visit INTEGER,"
    " visitor INTEGER, at INTEGER, kind INTEGER, counts INTEGER,"
    " passive INTEGER, host INTEGER, path INTEGER, name INTEGER, props TEXT,"
    " amount TEXT, currency TEXT, engaged INTEGER, depth INTEGER);"
    "CREATE INDEX temp.e_visit ON e (visit, at);"
    "CREATE TEMP TABLE g (view INTEGER, host INTEGER, engaged INTEGER,"
    " depth INTEGER);"
    "CREATE TEMP TABLE b (bucket INTEGER PRIMARY KEY, since INTEGER UNIQUE)";

/* Rows of ?1, a site, and ?2, a day.  Where they lie may be where others lie,
 * too. */
#define ROWS_OF_DAY(table, alias, time)                                       \
    " FROM main.day_rows d CROSS JOIN main." table " " alias                  \
    " WHERE d.site = ?1 AND d.day = ?2 AND NOT EXISTS (SELECT 1"              \
    " FROM main.let_go WHERE site = ?1 AND day = ?2)"                         \
    " AND " alias ".id BETWEEN d.first_id AND d.last_id AND " alias           \
    ".site = ?1 AND " alias ".server IS NULL AND " alias "." time             \
    " / 86400000 = ?2"

static const char take_visits[] =
    "INSERT OR IGNORE INTO temp.v (id, visitor, at, referrer, agent, place,"
    " screen, language) SELECT s.id, s.visitor, s.start, s.referrer, s.agent,"
    " s.place, s.screen, s.language" ROWS_OF_DAY("sessions", "s", "start");

/* An event is of the last visit of its visitor that began before it. */
#define VISIT                                                                 \
    "(SELECT v.id FROM temp.v WHERE v.visitor = r.visitor AND v.at <= r.at"   \
    " ORDER BY v.at DESC LIMIT 1)"
static const char take_events[] =
    "INSERT OR IGNORE INTO temp.e SELECT r.id, " VISIT
    ", r.visitor, r.at, r.kind, r.mark IS NOT 3, r.passive, r.host, r.path,"
    " r.name, r.props, r.amount, r.currency, NULL, NULL" ROWS_OF_DAY(
        "events", "r", "at") " AND r.kind IN (1, 2)";

/* Of one millisecond, pages come by host and path, as counting has them. */
#define FROM_VIEWS                                                            \
    " FROM temp.e e LEFT JOIN main.hosts h ON h.code = e.host"                \
    " LEFT JOIN main.paths p ON p.code = e.path WHERE e.kind = 1"
#define FIRST(way)                                                            \
    " ORDER BY e.at " way ", ifnull(h.text, '') " way                         \
    ", ifnull(p.text, '') " way ", e.id " way " LIMIT 1"

/* Engagement goes to the last view of its page in its visit before it, if that
 * was of its host; marked 2 it has no visit. */
static const char take_engagement[] =
    "INSERT INTO temp.g SELECT (SELECT e.id" FROM_VIEWS " AND e.visit = " VISIT
    " AND e.counts AND e.path IS r.path"
    " AND e.at < r.at" FIRST(
        "DESC") "), r.host, r.engagement,"
                " r.scroll_depth" ROWS_OF_DAY(
                    "events", "r", "at") " AND r.kind = 3 AND r.mark IS NOT 2";
static const char put_engagement[] =
    "UPDATE temp.e SET engaged = told.engaged, depth = told.depth FROM"
    " (SELECT g.view, min(coalesce(sum(g.engaged), 0), 4294967295) AS engaged,"
    " max(g.depth) AS depth FROM temp.g JOIN temp.e v ON v.id = g.view"
    " WHERE v.host IS g.host GROUP BY g.view) AS told"
    " WHERE told.view = temp.e.id"
    " AND (told.engaged > 0 OR told.depth IS NOT NULL)";

#define VIEW_OF_VISIT(way)                                                    \
    "(SELECT e.id" FROM_VIEWS " AND e.visit = v.id" FIRST(way) ")"
static const char complete_visits[] =
    "UPDATE temp.v SET"
    " seconds = ((SELECT max(at) FROM temp.e WHERE visit = v.id) - at) / 1000,"
    " views = (SELECT count(*) FROM temp.e WHERE visit = v.id AND kind = 1"
    " AND counts), entry = " VIEW_OF_VISIT("ASC") ", exit = " VIEW_OF_VISIT(
        "DESC") " WHERE seconds IS NULL;"
                "UPDATE temp.v SET bounced = views <= 1 AND NOT EXISTS ("
                "SELECT 1 FROM temp.e WHERE visit = v.id AND kind = 2"
                " AND passive IS NOT 1) WHERE bounced IS NULL";

static const char drop[] =
    "DROP TABLE IF EXISTS temp.v; DROP TABLE IF EXISTS temp.e;"
    "DROP TABLE IF EXISTS temp.g; DROP TABLE IF EXISTS temp.b";

/* ---- statements ---- */

static enum gl_executed
run_all(struct gl_recount *run, const char *sql)
{
    return sqlite3_exec(run->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? GL_EXECUTED
               : gl_recount_fail_(run);
}

/* STATEMENT once: ?1 and ?2 are ONE and TWO. */
static enum gl_executed
step(struct gl_recount *run, sqlite3_stmt *statement, int64_t one, int64_t two)
{
    int rc;

    sqlite3_bind_int64(statement, 1, one);
    sqlite3_bind_int64(statement, 2, two);
    rc = sqlite3_step(statement);
    sqlite3_reset(statement);
    return rc == SQLITE_DONE ? GL_EXECUTED : gl_recount_fail_(run);
}

/* ---- rows of the days ---- */

/* A visit lasts a day at most: one that has an event in the range began the
 * day before or later, and one that began in it ends the day after. */
struct days {
    const struct gl_question *question;
    int64_t from, n;
    int64_t done, all; /* days, once for each table */
};

/* SQL for each of the days. */
static enum gl_executed
take(struct gl_recount *run, struct days *days, const char *sql)
{
    enum gl_executed result = GL_EXECUTED;
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(run->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return gl_recount_fail_(run);
    for (int64_t i = 0; i < days->n && result == GL_EXECUTED; i++) {
        result = step(run, statement, days->question->site, days->from + i);
        run->progress(run->arg, ++days->done, days->all);
    }
    sqlite3_finalize(statement);
    return result;
}

/* Events by the statement SQL; they are counted. */
static enum gl_executed
take_rows(struct gl_recount *run, struct days *days, const char *sql)
{
    int64_t before = sqlite3_total_changes64(run->db);
    enum gl_executed result = take(run, days, sql);

    run->rows += (uint64_t) (sqlite3_total_changes64(run->db) - before);
    return result;
}

static enum gl_executed
take_all(struct gl_recount *run, const struct gl_question *question,
         int engaged)
{
    int64_t from = question->from_ms / GL_DAY_MS - 1;
    int64_t n = question->to_ms / GL_DAY_MS + 2 - from;
    struct days days = {question, from, n, 0, (engaged ? 3 : 2) * n};
    enum gl_executed result = take(run, &days, take_visits);

    if (result == GL_EXECUTED)
        result = gl_recount_take_sealed_(run, question->site, from, n);
    if (result == GL_EXECUTED)
        result = take_rows(run, &days, take_events);
    if (result == GL_EXECUTED && engaged)
        result = take_rows(run, &days, take_engagement);
    if (result == GL_EXECUTED && engaged)
        result = run_all(run, put_engagement);
    return result;
}

static enum gl_executed
put_buckets(struct gl_recount *run, const struct gl_buckets *time)
{
    enum gl_executed result = GL_EXECUTED;
    sqlite3_stmt *statement;

    if (time->labels == NULL)
        return GL_EXECUTED;
    if (sqlite3_prepare_v2(run->db, "INSERT INTO temp.b VALUES (?1, ?2)", -1,
                           &statement, NULL) != SQLITE_OK)
        return gl_recount_fail_(run);
    for (guint i = 0; i < time->labels->len && result == GL_EXECUTED; i++)
        result =
            step(run, statement, i, g_array_index(time->edges, int64_t, i));
    sqlite3_finalize(statement);
    return result;
}

enum gl_executed
gl_recount_tables_make(struct gl_recount *run,
                       const struct gl_question *question, int engaged)
{
    enum gl_executed result = run_all(run, tables);

    if (result == GL_EXECUTED)
        result = take_all(run, question, engaged);
    if (result == GL_EXECUTED)
        result = run_all(run, complete_visits);
    return result == GL_EXECUTED ? put_buckets(run, &question->time) : result;
}

void
gl_recount_tables_drop(struct gl_recount *run)
{
    sqlite3_exec(run->db, drop, NULL, NULL, NULL);
}
