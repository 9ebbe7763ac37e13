/* What an account has used; see usage.h. */

#include "store/usage.h"

#include "store/account/reader.h"
#include "store/meta/meta_internal.h"

#define LOOK_OPS 10000 /* of SQLite's machine, less than a millisecond */

/* Rows come in order of arrival: none of the days asked for stands before the
 * first span of these. */
static const char sql[] =
    "SELECT day, sum(live), sum(imported) FROM ("
    "SELECT at / 86400000 AS day, sum(visitor >= 0) AS live, "
    "sum(visitor < 0) AS imported FROM events WHERE kind IN (1, 2) AND id >= "
    "(SELECT min(first_id) FROM day_rows WHERE day BETWEEN ?1 AND ?2) "
    "GROUP BY 1 UNION ALL "
    "SELECT day, n, 0 FROM let_go_rows WHERE kind <> 'engagement') "
    "WHERE day BETWEEN ?1 AND ?2 GROUP BY day ORDER BY day";

static int
stops(void *arg)
{
    return atomic_load((const atomic_int *) arg);
}

static int
read_days(sqlite3 *file, int64_t first, int64_t last,
          void (*each)(void *arg, const struct gl_usage_day *day), void *arg)
{
    sqlite3_stmt *days = NULL;
    int rc = sqlite3_prepare_v2(file, sql, -1, &days, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(days, 1, first);
        sqlite3_bind_int64(days, 2, last);
        while ((rc = sqlite3_step(days)) == SQLITE_ROW)
            each(arg, &(struct gl_usage_day){sqlite3_column_int64(days, 0),
                                             sqlite3_column_int64(days, 1),
                                             sqlite3_column_int64(days, 2)});
    }
    sqlite3_finalize(days);
    return rc == SQLITE_DONE ? 0 : -1;
}

int
gl_usage_read(const struct gl_meta *meta, const char *account, int64_t first,
              int64_t last, const atomic_int *stopping,
              void (*each)(void *arg, const struct gl_usage_day *day),
              void *arg)
{
    sqlite3 *file = gl_meta_open_account_(meta, account);
    int result;

    if (file == NULL)
        return -1;
    sqlite3_progress_handler(file, LOOK_OPS, stops,
                             (void *) (uintptr_t) stopping);
    result = read_days(file, first, last, each, arg);
    sqlite3_progress_handler(file, 0, NULL, NULL);
    gl_reader_close_(file);
    return result;
}
