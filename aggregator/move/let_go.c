/*
 * Rows of sealed days that are older than their site's keep_rows, once a
 * night, after what retention.c erases.  The oldest day first, and none before
 * the one ahead of it:
 *
 *   a thread reads what is sealed of the day (let_go_job.c)
 *     ──► it is let go, in one transaction: its rows are nobody's
 *     ──► they are deleted, a piece a turn ──► the next day
 *
 * A day that is not sealed, has late rows, or more than can be sealed ends it
 * until the next night.  A kill leaves a day that is let go or is not, and
 * rows of it that are deleted in the next life.  When a quarter of the file is
 * free it is written anew.
 *
 * Writer thread.
 */

#include "move/let_go.h"

#include "ingest/batch.h"
#include "ingest/state.h"
#include "log.h"
#include "move/let_go_job.h"
#include "move/pieces.h"
#include "move/remains.h"
#include "store/meta/sites.h"
#include "store/site/let_go.h"

void
gl_move_let_go_stop_(struct gl_ingest *in)
{
    gl_let_go_job_free(in->work.let_go);
    in->work.let_go = NULL;
}

static int
finish(struct gl_ingest *in)
{
    struct gl_ingest_work *work = &in->work;
    int64_t days = work->deleted.days;

    gl_move_let_go_stop_(in);
    work->step = NULL;
    if (days == 0)
        return 1;
    gl_log(GL_LOG_NOTICE,
           "account %s: rows of %lld UTC days of site %lld were let go",
           work->from->id, (long long) days, (long long) work->site);
    return gl_ingest_works_(work->from) &&
                   gl_account_is_loose(work->from->store) == 1
               ? gl_move_erase_(in)
               : 1;
}

static int
fail(struct gl_ingest *in, const char *why)
{
    gl_log(GL_LOG_ERROR, "account %s: rows are let go the next night: %s",
           in->work.from->id, why);
    gl_move_let_go_stop_(in);
    in->work.step = NULL;
    return 1;
}

/* The day that the thread has read, if it has: 1 = it is let go, 0 = it stays,
 * or an error. */
static int
let_go(struct gl_ingest *in)
{
    const struct gl_let_go_job *job = in->work.let_go;
    const struct gl_let_go_day what = {
        .day = job->day,
        .words = job->words,
        .rows = (const int64_t *) (void *) job->rows->data,
        .rows_n = job->rows->len};
    int rc = job->words == NULL
                 ? 0
                 : gl_account_let_go(in->work.from->store, &what);

    in->work.deleted.days += rc == 1;
    return rc;
}

static int
wait_for_job(struct gl_ingest *in)
{
    struct gl_let_go_job *job = in->work.let_go;
    int rc;

    if (!gl_reading_ready(&job->reading, 0))
        return 0;
    if (job->reading.error < 0)
        return fail(in, job->reading.why);
    if (!gl_ingest_works_(in->work.from))
        return fail(in, "its storage does not work");
    rc = let_go(in);
    if (rc < 0)
        return fail(in, gl_account_why(in->work.from->store));
    gl_move_let_go_stop_(in);
    if (rc == 0)
        return finish(in);
    in->work.step = gl_move_let_go_;
    return 1;
}

static int
start_job(struct gl_ingest *in, int64_t day)
{
    in->work.let_go =
        gl_let_go_job_start(in->work.from->store, in->work.site, day);
    if (in->work.let_go == NULL)
        return fail(in, "no thread");
    in->work.step = wait_for_job;
    return 0;
}

int
gl_move_let_go_(struct gl_ingest *in)
{
    struct gl_ingest_work *work = &in->work;
    const struct gl_meta_site *site = gl_meta_site_by_id(in->meta, work->site);
    int64_t day, before;
    int rc;

    if (site == NULL || !gl_ingest_works_(work->from))
        return finish(in);
    /* what was begun is done, whatever the site says now */
    before = site->keep_rows > 0 ? in->now_ms / GL_DAY_MS - site->keep_rows
                                 : INT64_MIN;
    rc = gl_account_let_go_next(work->from->store, work->site, before, &day);
    if (rc == GL_LET_GO_ROWS) {
        rc = gl_move_let_go_piece_(in, day);
        return rc < 0 ? fail(in, gl_account_why(work->from->store)) : 1;
    }
    if (rc < 0)
        return fail(in, gl_account_why(work->from->store));
    return rc == GL_LET_GO_DAY ? start_job(in, day) : finish(in);
}
