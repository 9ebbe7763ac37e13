/* How much there is; see extent.h.  Any thread, with a reader of its own. */

#include "store/extent.h"

#include "clock.h"
#include "store/account/account_internal.h"
#include "store/meta/meta_internal.h"

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
ask(struct gl_account *file, int number, int64_t site)
{
    int64_t n;
    int rc = gl_db_first(
        &file->db, gl_account_ask_(file, number, GL_VALUES(gl_as_int(site))),
        &n);

    return rc < 0 ? -1 : n;
}

/* A question that was cut off is the last one that FILE answers. */
static int
ask_all(struct gl_account *file, int64_t site, int64_t patience_ms,
        const atomic_int *stopping, struct gl_extent *extent)
{
    struct patience patience = {stopping, gl_clock_boot_ms() + patience_ms};
    int64_t at_most = ask(file, GL_SQL_EXTENT_AT_MOST, site);

    extent->days = ask(file, GL_SQL_EXTENT_DAYS, site);
    sqlite3_progress_handler(file->db.handle, GL_META_LOOK_OPS_, stops,
                             &patience);
    extent->events = ask(file, GL_SQL_EXTENT_EVENTS, site);
    sqlite3_progress_handler(file->db.handle, 0, NULL, NULL);
    extent->at_most = extent->events == -1;
    if (extent->at_most && !atomic_load(stopping))
        extent->events = at_most;
    return extent->days == -1 || extent->events == -1 ? -1 : 0;
}

int
gl_extent_read(const struct gl_meta *meta, const char *account, int64_t site,
               int64_t patience_ms, const atomic_int *stopping,
               struct gl_extent *extent)
{
    struct gl_account *file = gl_meta_open_account_(meta, account, NULL);
    int result;

    if (file == NULL)
        return -1;
    result = ask_all(file, site, patience_ms, stopping, extent);
    gl_account_reader_free(file);
    return result;
}

int
gl_extent_live(const struct gl_meta *meta, const char *account, int64_t site,
               const atomic_int *stopping, int64_t *first_ms)
{
    struct gl_account *file = gl_meta_open_account_(meta, account, stopping);

    *first_ms = -1;
    if (file != NULL)
        *first_ms = ask(file, GL_SQL_FIRST_LIVE, site);
    gl_account_reader_free(file);
    return *first_ms == -1 ? -1 : *first_ms >= 0;
}
