/* How much there is; see extent.h.  Any thread, with a reader of its own. */

#include "store/extent.h"

#include "store/meta_internal.h"
#include "store/reader.h"

#include <glib.h>

static const char sums[] =
    "SELECT (SELECT count(*) FROM events WHERE ?1 = 0 OR site = ?1), "
    "(SELECT count(DISTINCT day) FROM day_rows WHERE ?1 = 0 OR site = ?1)";

#define LOOK_OPS 100000 /* of SQLite's machine, some ms */

static int
stops(void *stopping)
{
    return atomic_load((const atomic_int *) stopping);
}

static int
ask(sqlite3 *file, int64_t site, struct gl_extent *extent)
{
    sqlite3_stmt *sum = NULL;
    int rc = sqlite3_prepare_v2(file, sums, -1, &sum, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int64(sum, 1, site);
    if (rc == SQLITE_OK && (rc = sqlite3_step(sum)) == SQLITE_ROW) {
        extent->events = sqlite3_column_int64(sum, 0);
        extent->days = sqlite3_column_int64(sum, 1);
    }
    sqlite3_finalize(sum);
    return rc == SQLITE_ROW ? 0 : -1;
}

int
gl_extent_read(const struct gl_meta *meta, const char *account, int64_t site,
               const atomic_int *stopping, struct gl_extent *extent)
{
    char why[256], *folder = g_path_get_dirname(meta->db.path);
    char *path = g_strdup_printf("%s/acct/%s.db", folder, account);
    sqlite3 *file = gl_reader_open_(path, why, sizeof why);
    int result = -1;

    if (file != NULL) {
        sqlite3_progress_handler(file, LOOK_OPS, stops,
                                 (void *) (uintptr_t) stopping);
        result = ask(file, site, extent);
    }
    gl_reader_close_(file);
    g_free(path);
    g_free(folder);
    return result;
}
