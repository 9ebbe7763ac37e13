/* What happened on the days of a question: stored, left out, taken for bots.
 * See recount.h. */

#include "recount/recount.h"

#include <sqlite3.h>
#include <stdio.h>

#include "clock.h"
#include "question/range.h"

/* ?1 is the site, ?2 and ?3 the first and the last day. */
static const char waits[] =
    "SELECT EXISTS (SELECT 1 FROM main.late_visitors WHERE site = ?1"
    " AND day BETWEEN ?2 AND ?3) OR EXISTS (SELECT 1 FROM main.dirty_days"
    " WHERE site = ?1 AND day BETWEEN ?2 AND ?3)";

static const char *const kinds[] = {"pageviews", "refreshes", "events",
                                    "engagement", "served"};
static const char stored[] =
    "SELECT total(r.server IS NULL AND r.kind = 1 AND r.mark IS NOT 3),"
    " total(r.server IS NULL AND r.kind = 1 AND r.mark IS 3),"
    " total(r.server IS NULL AND r.kind = 2),"
    " total(r.server IS NULL AND r.kind = 3), total(r.server IS NOT NULL)"
    " FROM main.day_rows d CROSS JOIN main.events r WHERE d.site = ?1"
    " AND d.day BETWEEN ?2 AND ?3 AND r.id BETWEEN d.first_id AND d.last_id"
    " AND r.site = ?1 AND r.at / 86400000 = d.day";
static const char let_go[] =
    "SELECT kind, sum(n) FROM main.let_go_rows WHERE site = ?1"
    " AND day BETWEEN ?2 AND ?3 GROUP BY kind";
static const char dropped[] =
    "SELECT reason, sum(n) FROM main.drops WHERE site = ?1"
    " AND day BETWEEN ?2 AND ?3 GROUP BY reason ORDER BY reason";
static const char bots[] =
    "SELECT reason, sum(n) FROM main.bots WHERE site = ?1"
    " AND day BETWEEN ?2 AND ?3 GROUP BY reason ORDER BY reason";

struct days {
    int64_t site, first, last;
};

/* NULL: run->why says why. */
static sqlite3_stmt *
prepare(struct gl_recount *run, const char *sql, const struct days *days)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(run->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        snprintf(run->why, sizeof run->why, "%s", sqlite3_errmsg(run->db));
        return NULL;
    }
    sqlite3_bind_int64(statement, 1, days->site);
    sqlite3_bind_int64(statement, 2, days->first);
    sqlite3_bind_int64(statement, 3, days->last);
    return statement;
}

/* STATEMENT ended with RC: 0, or -1 and run->why. */
static int
finish(struct gl_recount *run, sqlite3_stmt *statement, int rc)
{
    int good = rc == SQLITE_DONE || rc == SQLITE_ROW;

    if (!good)
        snprintf(run->why, sizeof run->why, "%s", sqlite3_errmsg(run->db));
    sqlite3_finalize(statement);
    return good ? 0 : -1;
}

/* A visit may have begun the day before, or end the day after. */
int
gl_recount_waits(struct gl_recount *run, const struct gl_question *question)
{
    const struct days days = {question->site,
                              question->from_ms / GL_DAY_MS - 1,
                              question->to_ms / GL_DAY_MS + 1};
    sqlite3_stmt *statement = prepare(run, waits, &days);
    int rc, answer;

    if (statement == NULL)
        return -1;
    rc = sqlite3_step(statement);
    answer = rc == SQLITE_ROW && sqlite3_column_int(statement, 0);
    return finish(run, statement, rc) == 0 ? answer : -1;
}

/* ---- numbers ---- */

/* A member for each kind of row, and their sum. */
static int
add_stored(struct gl_recount *run, const struct days *days, json_t *json,
           json_int_t *sum)
{
    sqlite3_stmt *statement = prepare(run, stored, days);
    int rc;

    if (statement == NULL)
        return -1;
    rc = sqlite3_step(statement);
    for (int i = 0; rc == SQLITE_ROW && i < (int) G_N_ELEMENTS(kinds); i++) {
        json_int_t n = sqlite3_column_int64(statement, i);

        json_object_set_new(json, kinds[i], json_integer(n));
        *sum += n;
    }
    return finish(run, statement, rc);
}

/* A member for each reason or kind, added to what it has. */
static int
add_reasons(struct gl_recount *run, const char *sql, const struct days *days,
            json_t *json, json_int_t *sum)
{
    sqlite3_stmt *statement = prepare(run, sql, days);
    int rc;

    if (statement == NULL)
        return -1;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *word = (const char *) sqlite3_column_text(statement, 0);
        json_int_t n = sqlite3_column_int64(statement, 1);
        json_int_t before = json_integer_value(json_object_get(json, word));

        json_object_set_new(json, word, json_integer(before + n));
        *sum += n;
    }
    return finish(run, statement, rc);
}

static json_t *
days_json(const struct days *days)
{
    char *first = gl_range_date_text(days->first);
    char *last = gl_range_date_text(days->last);
    json_t *json = json_pack("[s, s]", first, last);

    g_free(first);
    g_free(last);
    return json;
}

json_t *
gl_recount_seen(struct gl_recount *run, const struct gl_question *question)
{
    const struct days days = {question->site, question->from_ms / GL_DAY_MS,
                              MAX(question->to_ms - 1, question->from_ms) /
                                  GL_DAY_MS};
    json_t *rows = json_object(), *left_out = json_object();
    json_t *taken = json_object(), *json = NULL;
    json_int_t kept = 0, all = 0;

    if (add_stored(run, &days, rows, &kept) == 0 &&
        add_reasons(run, let_go, &days, rows, &kept) == 0 &&
        add_reasons(run, dropped, &days, left_out, &all) == 0 &&
        add_reasons(run, bots, &days, taken, &all) == 0)
        json =
            json_pack("{s:o, s:I, s:I, s:O, s:O, s:O}", "days",
                      days_json(&days), "seen", kept + all, "stored", kept,
                      "stored_as", rows, "dropped", left_out, "bots", taken);
    json_decref(rows);
    json_decref(left_out);
    json_decref(taken);
    return json;
}
