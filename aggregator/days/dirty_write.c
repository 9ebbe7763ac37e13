/*
 * What a refold read is written, a piece a turn, less what was disturbed
 * since; see dirty.c.
 *
 * Writer thread.
 */

#include "days/dirty_internal.h"

#include "days/refold.h"
#include "days/refold_job.h"
#include "ingest/batch.h"
#include "ingest/sites.h"
#include "log.h"
#include "store/rows/tallies.h"

#define SLICE_US 20000    /* writing in one turn of the loop */
#define DISTURBED_MS 5000 /* before those are read again */
#define REST_LEAST_MS 20  /* before the next refold of an account... */
#define REST_READINGS 2   /* ...and as many times as long as the last one */

void
gl_days_free_refolding_(struct gl_ingest *in)
{
    struct gl_ingest_refolding *r = in->refolding;

    gl_refold_job_stop(&r->job);
    g_array_free(r->late, TRUE);
    g_hash_table_destroy(r->disturbed);
    g_free(r);
    in->refolding = NULL;
}

void
gl_days_refold_stop_(struct gl_ingest *in,
                     const struct gl_ingest_account *account)
{
    struct gl_ingest_refolding *r = in->refolding;

    if (r == NULL || (account != NULL && r->account != account))
        return;
    gl_ingest_refold_at_(in, r->account, in->boot_ms);
    gl_days_free_refolding_(in);
}

static void
disturb(struct gl_ingest_refolding *r, uint64_t visitor)
{
    if (!g_hash_table_contains(r->disturbed, &visitor))
        g_hash_table_add(r->disturbed, g_memdup2(&visitor, sizeof visitor));
}

static void
disturb_of(struct gl_ingest *in, int64_t site, uint64_t visitor)
{
    if (site == in->refolding->job.refold.site)
        disturb(in->refolding, visitor);
}

const struct gl_ingest_fold gl_days_fold = {gl_days_refold_stop_, disturb_of};

/* ---- writing ---- */

/* One of its ids is; then all are, so that none of its marks goes. */
static int
is_disturbed(struct gl_ingest_refolding *r,
             const struct gl_refold_visitor *visitor)
{
    const uint64_t *ids =
        &g_array_index(r->job.result->ids, uint64_t, visitor->ids);
    int any = 0;

    for (guint i = 0; i < visitor->ids_n; i++)
        any |= g_hash_table_contains(r->disturbed, &ids[i]);
    for (guint i = 0; any && i < visitor->ids_n; i++)
        disturb(r, ids[i]);
    return any;
}

static int
skip(void *arg, const struct gl_refold_visitor *visitor)
{
    struct gl_ingest_refolding *r = arg;
    const struct gl_refold *refold = &r->job.refold;
    int64_t from_day = MAX(refold->from_day, visitor->first_ms / GL_DAY_MS);
    int64_t to_day = MIN(refold->to_day, visitor->newest_ms / GL_DAY_MS + 1);
    int error = 0;

    if (!is_disturbed(r, visitor))
        return 0;
    r->left++;
    for (int64_t day = from_day;
         refold->visitors == NULL && day < to_day && error >= 0; day++)
        error = gl_account_add_late(r->account->store, refold->site, day,
                                    visitor->visitor);
    return error < 0 ? error : 1;
}

/* 1 = time is over, 0 = no mark is left but of those disturbed. */
static int
clear_marks(struct gl_ingest_refolding *r, int64_t until_us)
{
    const struct gl_refold *refold = &r->job.refold;
    struct gl_account *store = r->account->store;
    int error = 0;

    for (; r->cleared < r->late->len && error >= 0; r->cleared++) {
        uint64_t visitor = g_array_index(r->late, uint64_t, r->cleared);

        if (g_get_monotonic_time() >= until_us)
            return 1;
        if (!g_hash_table_contains(r->disturbed, &visitor))
            error = gl_account_clear_late(store, refold->site,
                                          refold->from_day, visitor);
    }
    for (int64_t day = refold->from_day;
         refold->visitors == NULL && day < refold->to_day && error >= 0; day++)
        error = gl_account_clear_dirty(store, refold->site, day);
    return error;
}

/* Of imported rows the object knows nothing: it is made anew if they are of
 * days that it tells of. */
static void
tell_site(struct gl_ingest *in, struct gl_ingest_refolding *r,
          struct gl_ingest_site *site)
{
    site->changed = 1;
    if (r->renamed)
        gl_ingest_drop_(in, site);
    if (r->late->len == 0 && site->object != NULL &&
        r->job.refold.to_day * GL_DAY_MS > site->day_start_ms - GL_DAY_MS)
        gl_ingest_drop_(in, site);
    if (site->object == NULL) /* some may be open now */
        site->expiry_ms = MIN(site->expiry_ms, in->now_ms + GL_VISIT_KEPT_MS);
}

/* 0 = that was the last piece, 1 = there is more, or an error. */
static int
write_piece(struct gl_ingest *in, struct gl_ingest_refolding *r,
            int64_t until_us)
{
    struct gl_refold *refold = &r->job.refold;
    struct gl_ingest_site *site = gl_ingest_site_by_id_(in, refold->site);
    struct gl_refold_target target = {.account = r->account->store,
                                      .site = refold->site,
                                      .skip = skip,
                                      .arg = r,
                                      .now_ms = refold->now_ms,
                                      .until_us = until_us};
    int result;

    /* marks of a site that is not here (any more) */
    if (site == NULL || site->account != r->account)
        return clear_marks(r, INT64_MAX);
    target.object = site->object;
    gl_ingest_touch_(in, site);
    r->renamed |= r->job.result->renamed;
    result = gl_refold_write(r->job.result, &target);
    if (result == 0 && refold->part + 1 < refold->parts) {
        refold->part++;
        result = gl_refold_job_start(&r->job, r->account->store);
        return result < 0 ? result : 1;
    }
    if (result == 0)
        result = clear_marks(r, until_us);
    if (result == 0)
        tell_site(in, r, site);
    return result;
}

/* All is written: how long the account rests, so that one who sends late rows
 * without end costs a part of a processor at most. */
static void
finish(struct gl_ingest *in, struct gl_ingest_refolding *r)
{
    int64_t took_ms = (g_get_monotonic_time() - r->began_us) / 1000;

    in->refold_days = r->job.refold.to_day - r->job.refold.from_day;
    in->counters.refolds++;
    in->counters.refold_rows += r->job.refold.rows;
    gl_ingest_refold_at_(in, r->account,
                         in->boot_ms +
                             MAX(REST_READINGS * took_ms,
                                 r->left > 0 ? DISTURBED_MS : REST_LEAST_MS));
    gl_days_free_refolding_(in);
}

static int
fail(struct gl_ingest *in, struct gl_ingest_account *account, int error)
{
    gl_days_refold_stop_(in, account);
    gl_ingest_refold_at_(in, account, in->boot_ms + GL_REFOLD_AGAIN_MS);
    return error;
}

static int
is_building(struct gl_ingest *in, int64_t id)
{
    const struct gl_ingest_site *site = gl_ingest_site_by_id_(in, id);

    return site != NULL && site->building != NULL;
}

/* One step of the refold under way: enum gl_refold_step, or an error and it is
 * over. */
int
gl_days_refold_go_on_(struct gl_ingest *in)
{
    struct gl_ingest_refolding *r = in->refolding;
    struct gl_ingest_account *account = r->account;
    int result;

    if (!gl_reading_ready(&r->job.reading, 0))
        return GL_REFOLD_WAITS;
    if (r->job.reading.error < 0) {
        gl_log(GL_LOG_ERROR, "account %s: visits are not made again: %s",
               account->id, r->job.reading.why);
        return fail(in, account, r->job.reading.error);
    }
    if (is_building(in, r->job.refold.site))
        return GL_REFOLD_WAITS; /* of the rows as they are */
    if (gl_ingest_begin_(in, account) != 0)
        return fail(in, account, -GL_STORE_ENVIRONMENT);
    result = write_piece(in, r, g_get_monotonic_time() + SLICE_US);
    if (result < 0)
        gl_ingest_fail_(in, account, result); /* it is stopped */
    else if (gl_ingest_commit_(in, account) != 0)
        result = -GL_STORE_ENVIRONMENT;
    if (result < 0)
        return fail(in, account, result);
    if (result == 1)
        return GL_REFOLD_BUSY;
    finish(in, r);
    return GL_REFOLD_DONE;
}
