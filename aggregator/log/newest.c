/* Where a city begins that has its newest day first; see newest.h. */

#include "log/newest.h"

#include "clock.h"
#include "store/followed.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#define BACK_MS (INT64_C(2) * 86400000)

/* Is there anything older; the last pack before the first with newer events;
 * is there such a first; the first newer chunk, or what is running. */
static const char select_first[] =
    "WITH p AS (SELECT last, newest FROM pack WHERE slot <= (SELECT packed "
    "FROM night)), f AS (SELECT min(last) AS last FROM p WHERE newest >= "
    "$1::bigint), c AS (SELECT min(xid) FILTER (WHERE at >= "
    "to_timestamp($1::bigint / 1000.0)) AS first, bool_or(at < "
    "to_timestamp($1::bigint / 1000.0)) AS older FROM chunk) "
    "SELECT coalesce(c.older, false) OR EXISTS (SELECT FROM p WHERE newest < "
    "$1::bigint), (SELECT max(p.last) FROM p WHERE p.last < f.last), f.last "
    "IS NOT NULL, coalesce(c.first, pg_snapshot_xmin(pg_current_snapshot())) "
    "FROM f, c";

static uint64_t
number(const PGresult *row, int column)
{
    return strtoull(PQgetvalue(row, 0, column), NULL, 10);
}

static int
is_true(const PGresult *row, int column)
{
    return PQgetvalue(row, 0, column)[0] == 't';
}

/* 1 = nothing of the log is here, 0 = something, -2 = nobody knows. */
static int
has_nothing(struct gl_followed *followed)
{
    const char *pending;
    uint64_t low = 0, oldest = 0;
    int64_t changes = 0;

    if (gl_followed_state(followed, &low, &pending) < 0 ||
        gl_followed_oldest(followed, &oldest) < 0 ||
        gl_followed_changes(followed, &changes) < 0)
        return -2;
    return low == 0 && oldest == 0 && changes == 0;
}

int
gl_newest_begin(struct gl_server *server, struct gl_followed *followed)
{
    int64_t begins_ms = gl_clock_now_ms() - BACK_MS;
    int result = has_nothing(followed);
    char ms[24];
    const char *values[] = {ms};
    PGresult *row;

    if (result != 1)
        return result;
    snprintf(ms, sizeof ms, "%" G_GINT64_FORMAT, begins_ms);
    row = gl_server_ask(server, select_first, 1, values, 0);
    if (row == NULL)
        return -1;
    result = 0;
    if (is_true(row, 0)) {
        uint64_t first = is_true(row, 2) ? number(row, 1) + 1 : number(row, 3);

        if (gl_followed_set_begins(followed, first, begins_ms) < 0)
            result = -2;
    }
    PQclear(row);
    return result;
}
