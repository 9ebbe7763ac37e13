/*
 * Late visitors and dirty days, and when their visits are made again: some
 * seconds after a late row, at once after a start or at an import's end.
 *
 *   mark (late_visitors, dirty_days) ──► a thread reads one commit, folds
 *                                            │ meanwhile rounds go on
 *   mark goes ◄── pieces of SLICE_US each ◄──┘
 *
 * A visitor of whom a row was stored, or a visit closed, since the reading
 * began is *disturbed*: what was read of it is not written, its mark stays (a
 * dirty day leaves one for it) and it is read again.  A mark goes with the
 * last piece, so that a refold cut short by anything is done again.
 *
 * Writer thread.
 */

#include "days/dirty_internal.h"

#include "gl_assert.h"
#include "days/night.h"
#include "days/refold.h"
#include "days/refold_job.h"
#include "ingest/batch.h"
#include "ingest/sites.h"
#include "store/rows/tallies.h"

/* Days folded as one; halved while they hold too many rows, doubled again
 * with every refold that fits. */
#define DAYS_MAX 32
#define LATE_MAX 65536 /* visitors read for at once */

/* ---- what is to be folded ---- */

/* Days come by site and day: the first run of them. */
struct days {
    struct gl_refold *refold;
    int64_t most;
};

static int
take_dirty(void *arg, int64_t site, int64_t day)
{
    struct days *days = arg;
    struct gl_refold *refold = days->refold;

    GL_ASSERT(refold->from_day <= refold->to_day);

    if (refold->from_day == refold->to_day) {
        refold->site = site;
        refold->from_day = day;
        refold->to_day = day + 1;
        return 0;
    }
    if (site != refold->site || day != refold->to_day ||
        refold->to_day - refold->from_day == days->most)
        return 1;
    refold->to_day++;
    return 0;
}

/* Late visitors come the same way: those of the first day. */
static int
take_late(void *arg, int64_t site, int64_t day, uint64_t visitor)
{
    struct gl_ingest_refolding *r = arg;
    struct gl_refold *refold = &r->job.refold;

    if (r->late->len == 0) {
        refold->site = site;
        refold->from_day = day;
        refold->to_day = day + 1;
    }
    if (site != refold->site || day != refold->from_day ||
        r->late->len == LATE_MAX)
        return 1;
    g_array_append_val(r->late, visitor);
    return 0;
}

/* Dirty days, of SITE or (0) of any, or then late visitors of any: 1 = there
 * is something, 0 = nothing, or an error. */
static int
choose(struct gl_ingest *in, struct gl_ingest_refolding *r, int64_t site)
{
    struct gl_refold *refold = &r->job.refold;
    struct days days = {refold, MIN(DAYS_MAX, 2 * in->refold_days + 1)};
    struct gl_account *store = r->account->store;
    int error = gl_account_dirty(store, site, take_dirty, &days);

    if (error >= 0 && site == 0 && refold->from_day == refold->to_day)
        error = gl_account_late(store, 0, take_late, r);
    if (error < 0)
        return error;
    if (r->late->len > 0) {
        g_array_sort(r->late, gl_refold_compare_visitors);
        refold->visitors = (const uint64_t *) (void *) r->late->data;
        refold->visitors_n = r->late->len;
    }
    return refold->from_day != refold->to_day;
}

/* 1 = a refold of SITE (0 = any) has begun, 0 = nothing to do, or an error. */
static int
start(struct gl_ingest *in, struct gl_ingest_account *account, int64_t site)
{
    struct gl_ingest_refolding *r = g_new0(struct gl_ingest_refolding, 1);
    struct gl_refold *refold = &r->job.refold;
    struct gl_ingest_site *found;
    int result;

    in->refolding = r;
    r->account = account;
    r->late = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    r->disturbed =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    r->began_us = g_get_monotonic_time();
    result = choose(in, r, site);
    if (result == 1) {
        found = gl_ingest_site_by_id_(in, refold->site);
        if (found != NULL)
            refold->rules = found->rules;
        refold->now_ms = in->now_ms;
        refold->rows_max = GL_REFOLD_ROWS_MAX;
        refold->parts = 1;
        result = gl_refold_job_start(&r->job, account->store);
        result = result < 0 ? result : 1;
    }
    if (result != 1)
        gl_days_free_refolding_(in);
    return result;
}

/* ---- when ---- */

/* Marks that only memory has so far. */
static void
write_marks(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->dirty->len > 0 && gl_ingest_begin_(in, account) == 0)
        gl_ingest_commit_all_(in);
}

/* A site of it is being copied: no day of it is folded. */
static int
is_moving(const struct gl_ingest *in, const struct gl_ingest_account *account)
{
    return in->work.copy != NULL && in->work.source == account;
}

static int
start_account(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int result;

    if (!gl_ingest_works_(account) || is_moving(in, account) ||
        account->refold_at_ms > in->boot_ms)
        return 0;
    write_marks(in, account);
    result = start(in, account, 0);
    if (result == 0) {
        account->refold_at_ms = INT64_MAX;
        g_ptr_array_remove_fast(in->refolds, account);
        gl_days_end_night_(in, account);
    }
    if (result < 0)
        gl_ingest_refold_at_(in, account, in->boot_ms + GL_REFOLD_AGAIN_MS);
    return result == 1;
}

/* A failed or moving one comes when that is over. */
static void
note_next(struct gl_ingest *in, const struct gl_ingest_account *account)
{
    if (gl_ingest_works_(account) && !is_moving(in, account))
        in->refold_ms = MIN(in->refold_ms, account->refold_at_ms);
}

int
gl_days_refold_due_(struct gl_ingest *in)
{
    if (in->refolding != NULL)
        return gl_days_refold_go_on_(in) > GL_REFOLD_WAITS;
    for (guint left = in->refolds->len; left > 0; left--) {
        struct gl_ingest_account *account = in->refolds->pdata[left - 1];

        if (start_account(in, account))
            return 0; /* its thread works, not this one */
        note_next(in, account);
    }
    return 0;
}

/* Visitors disturbed meanwhile are none of an import: they stay for later, so
 * that one who is here all the time holds up nobody's. */
int
gl_days_refold_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    int step;

    if (!gl_ingest_works_(site->account))
        return -GL_STORE_ENVIRONMENT;
    if (in->refolding != NULL && in->refolding->job.refold.site != site->id)
        gl_days_refold_stop_(in, NULL);
    if (in->refolding != NULL &&
        (step = gl_days_refold_go_on_(in)) != GL_REFOLD_DONE)
        return step < 0 ? step : 1;
    write_marks(in, site->account);
    return start(in, site->account, site->id);
}
