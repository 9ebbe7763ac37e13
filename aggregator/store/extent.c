/* How much there is; see extent.h.  Any thread, with a reader of its own. */

#include "store/extent.h"

#include "clock.h"
#include "store/account/reader.h"
#include "store/meta/meta_internal.h"

static const char days[] = "SELECT count(DISTINCT day) FROM day_rows "
                           "WHERE ?1 = 0 OR site = ?1";
static const char events[] = "SELECT count(*) FROM events "
                             "WHERE ?1 = 0 OR site = ?1";
/* Rows of other sites lie between, and what one was erased of. */
static const char at_most[] =
    "SELECT min((SELECT total(last_id - first_id + 1) FROM day_rows "
    "WHERE ?1 = 0 OR site = ?1), (SELECT max(id) FROM events))";

#define LOOK_OPS 10000 /* of SQLite's machine, less than a millisecond */

struct patience {
    const atomic_int *stopping;
    int64_t until_ms; /* boot clock */
};

static int
stops(void *arg)
{
    const struct patience *patience = arg;

    return atomic_load(patience->stopping) ||
           gl_clock_boot_ms() >= patience->until_ms;
}

/* The number that SQL says of SITE; -1: it ended, or cannot be read. */
static int64_t
ask(sqlite3 *file, const char *sql, int64_t site)
{
    sqlite3_stmt *sum = NULL;
    int64_t n = -1;

    if (sqlite3_prepare_v2(file, sql, -1, &sum, NULL) == SQLITE_OK &&
        sqlite3_bind_int64(sum, 1, site) == SQLITE_OK &&
        sqlite3_step(sum) == SQLITE_ROW)
        n = sqlite3_column_int64(sum, 0);
    sqlite3_finalize(sum);
    return n;
}

static int
ask_all(sqlite3 *file, int64_t site, int64_t patience_ms,
        const atomic_int *stopping, struct gl_extent *extent)
{
    struct patience patience = {stopping, gl_clock_boot_ms() + patience_ms};

    extent->days = ask(file, days, site);
    sqlite3_progress_handler(file, LOOK_OPS, stops, &patience);
    extent->events = ask(file, events, site);
    extent->at_most = extent->events == -1;
    sqlite3_progress_handler(file, 0, NULL, NULL);
    if (extent->at_most && !atomic_load(stopping))
        extent->events = ask(file, at_most, site);
    return extent->days == -1 || extent->events == -1 ? -1 : 0;
}

int
gl_extent_read(const struct gl_meta *meta, const char *account, int64_t site,
               int64_t patience_ms, const atomic_int *stopping,
               struct gl_extent *extent)
{
    sqlite3 *file = gl_meta_open_account_(meta, account);
    int result = -1;

    if (file != NULL)
        result = ask_all(file, site, patience_ms, stopping, extent);
    gl_reader_close_(file);
    return result;
}

/* Those of imports are below zero, those of pages served are another view. */
static const char first_live[] =
    "SELECT coalesce(min(at), -2) FROM events WHERE site = ?1 "
    "AND visitor > 0 AND server IS NULL";

int
gl_extent_live(const struct gl_meta *meta, const char *account, int64_t site,
               const atomic_int *stopping, int64_t *first_ms)
{
    struct patience patience = {stopping, INT64_MAX};
    sqlite3 *file = gl_meta_open_account_(meta, account);

    *first_ms = -1;
    if (file != NULL) {
        sqlite3_progress_handler(file, LOOK_OPS, stops, &patience);
        *first_ms = ask(file, first_live, site);
        sqlite3_progress_handler(file, 0, NULL, NULL);
    }
    gl_reader_close_(file);
    return *first_ms == -1 ? -1 : *first_ms >= 0;
}
