/*
 * Rebuilding a site's object; see rebuild.h.
 *
 *   open visits ──► table
 *   rows of today, older than any open visit ──► live numbers, as they come
 *   rows since the oldest open visit began ──► sorted by time ──► visits
 *
 * A visit that is not open was closed by a clock that may be far ahead of the
 * events to come: from 30 minutes before the oldest of them on, the rows tell
 * which of them a visit that is over might take (gl_site_replay()).
 *
 * Sorted, because a late event has a higher rowid than those it belongs
 * before: a refold may have put it into a visit that is open still.  Memory:
 * 64 bytes a row since the oldest open visit began (mostly one or two hours).
 *
 * Any thread: building.c says which.
 */

#include "ingest/rebuild.h"

#include "count/fold.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"

#include <glib.h>

struct work {
    const struct gl_rebuild *rebuild;
    struct gl_site *object;
    int64_t open_since_ms; /* oldest open visit; INT64_MAX = none */
    int64_t since_ms;      /* what an event to come may depend on */
    GArray *rows;          /* struct gl_row since then */
    int failed;
};

static int
restore_visit(void *arg, const struct gl_visit *visit)
{
    struct work *work = arg;
    int result = gl_site_restore_visit(work->object, visit);

    work->failed = result == -1;
    if (result == 1)
        work->rebuild->conflict(work->rebuild->arg, visit);
    if (visit->start_ms < work->open_since_ms)
        work->open_since_ms = visit->start_ms;
    return work->failed;
}

static int
is_stopped(const struct work *work)
{
    return work->rebuild->stop != NULL && atomic_load(work->rebuild->stop);
}

static int
take_row(void *arg, const struct gl_row *row)
{
    struct work *work = arg;

    if (is_stopped(work))
        work->failed = 1;
    else if (row->at_ms >= work->open_since_ms)
        g_array_append_vals(work->rows, row, 1);
    else
        work->failed = gl_site_replay(work->object, row) == -1;
    return work->failed;
}

static int
compare_times(const void *left, const void *right)
{
    const struct gl_row *a = left, *b = right;

    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

/* By time; a visitor's events of one millisecond in their order (GLib's sort
 * is stable). */
static void
replay_sorted(struct work *work)
{
    struct gl_row *rows = (struct gl_row *) (void *) work->rows->data;

    if (work->rows->len == 0)
        return;
    gl_fold_sort(rows, work->rows->len, work->rebuild->words);
    g_array_sort(work->rows, compare_times);
    for (guint i = 0; i < work->rows->len && !work->failed; i++)
        work->failed =
            is_stopped(work) || gl_site_replay(work->object, &rows[i]) == -1;
}

static int
fill(struct work *work)
{
    const struct gl_rebuild *r = work->rebuild;
    uint32_t visits = 0;
    int error;

    if ((error = gl_account_open_visits(r->account, r->site, restore_visit,
                                        work)) < 0 ||
        (error = gl_account_count_visits(r->account, r->site, r->day_start_ms,
                                         r->day_end_ms, &visits)) < 0 ||
        (error = gl_account_rows(
             r->account, r->site,
             MIN(work->open_since_ms, MIN(r->day_start_ms, work->since_ms)),
             INT64_MAX, take_row, work)) < 0)
        return error;
    gl_site_recount(work->object, r->day_start_ms, (int) visits, 0);
    replay_sorted(work);
    return 0;
}

int64_t
gl_rebuild_size(const struct gl_rebuild *rebuild)
{
    int64_t since_ms =
        MIN(rebuild->day_start_ms, rebuild->oldest_ms - GL_VISIT_GAP_MS);

    return gl_account_recent_rowids(rebuild->account, rebuild->site, since_ms);
}

int
gl_rebuild_site(const struct gl_rebuild *rebuild, struct gl_site **object)
{
    struct work work = {.rebuild = rebuild,
                        .open_since_ms = INT64_MAX,
                        .since_ms = rebuild->oldest_ms - GL_VISIT_GAP_MS};
    int any = gl_account_any_row(rebuild->account, rebuild->site);
    int error = 0;

    if (any < 0)
        return any;
    work.object =
        gl_site_new(rebuild->words, &rebuild->rules, rebuild->day_start_ms,
                    rebuild->day_end_ms, any ? work.since_ms : INT64_MIN);
    if (work.object == NULL)
        return -GL_STORE_ENVIRONMENT;
    work.rows = g_array_new(FALSE, FALSE, sizeof(struct gl_row));
    if (any)
        error = fill(&work);
    g_array_free(work.rows, TRUE);
    if (work.failed)
        error = -GL_STORE_ENVIRONMENT;
    if (error < 0) {
        gl_site_free(work.object);
        return error;
    }
    *object = work.object;
    return 0;
}
