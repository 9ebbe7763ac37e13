/*
 * Rows that are older than their site's retention_days: once a night, at 03:00
 * UTC, when the day before is folded for good, and when glintod starts.  UTC
 * days go as a whole: the day of today less so many days, and those since,
 * stay.  As with a removal, a piece a turn, and then the file is written anew.
 *
 * What fails, or finds a backup under way, waits for the next night.
 *
 * Writer thread.
 */

#include "move/retention.h"

#include "columns/seal.h"
#include "count/count.h"
#include "days/dirty.h"
#include "ingest/batch.h"
#include "log.h"
#include "move/let_go.h"
#include "move/pieces.h"
#include "move/remains.h"
#include "store/directory/directory.h"
#include "store/meta/sites.h"
#include "store/site/sites.h"

#include "jobs/job.h"

/* From midnight to it: days/night.c. */
#define NIGHT_MS (3 * 3600 * 1000)

static int
collect(void *arg, const struct gl_meta_site *site)
{
    GArray *sites = arg;

    int64_t rows = -site->id; /* of which rows are let go */

    /* the last is the first to be done */
    if (site->keep_rows > 0)
        g_array_append_val(sites, rows);
    if (site->retention_days > 0)
        g_array_append_val(sites, site->id);
    return 0;
}

static int
delete_piece(struct gl_ingest *in)
{
    struct gl_ingest_work *work = &in->work;
    const struct gl_meta_site *site = gl_meta_site_by_id(in->meta, work->site);
    int more = 0;

    if (site != NULL && gl_ingest_works_(work->from) &&
        site->retention_days > 0)
        more = gl_move_expire_piece_(
            in, work->from, in->now_ms / GL_DAY_MS - site->retention_days);
    if (more < 0)
        gl_log(GL_LOG_ERROR,
               "account %s: old rows are erased the next night: %s",
               work->from->id, gl_account_why(work->from->store));
    if (more == 1)
        return 1;
    if (more == 0 && work->deleted.days > 0)
        return gl_move_erase_(in);
    work->step = NULL;
    return 1;
}

/* The next of tonight's sites: 1 = work has begun. */
static int
begin(struct gl_ingest *in, int64_t id)
{
    const struct gl_meta_site *site =
        gl_meta_site_by_id(in->meta, id < 0 ? -id : id);
    struct gl_ingest_account *account =
        site == NULL ? NULL : gl_ingest_account_(in, site->account);

    if (account == NULL || !gl_ingest_works_(account))
        return 0;
    gl_days_refold_stop_(in, account);
    gl_seal_stop_(in, account);
    gl_move_clean_(in, site->id, account);
    in->work.step = id < 0 ? gl_move_let_go_ : delete_piece;
    return 1;
}

int
gl_move_expire_next_(struct gl_ingest *in)
{
    int64_t night = (in->now_ms - NIGHT_MS) / GL_DAY_MS, id;

    if (in->retention_night != night) {
        in->retention_night = night;
        g_array_set_size(in->retention, 0);
        gl_version_sites(gl_meta_now(in->meta), NULL, collect, in->retention);
    }
    if (in->retention->len == 0 || gl_job_running(gl_jobs_last(in->jobs)))
        return 0;
    id = g_array_index(in->retention, int64_t, in->retention->len - 1);
    g_array_set_size(in->retention, in->retention->len - 1);
    return begin(in, id);
}
