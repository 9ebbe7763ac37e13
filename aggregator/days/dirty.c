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

#include "days/dirty.h"

#include "gl_assert.h"
#include "days/night.h"
#include "days/refold.h"
#include "days/refold_job.h"
#include "ingest/batch.h"
#include "ingest/sites.h"
#include "log.h"
#include "store/tallies.h"

#include <stdlib.h>

/* Days folded as one; halved while they hold too many rows, doubled again
 * with every refold that fits. */
#define DAYS_MAX 32
#define LATE_MAX 65536    /* visitors read for at once */
#define SLICE_US 20000    /* writing in one turn of the loop */
#define AGAIN_MS 60000    /* after a failure */
#define DISTURBED_MS 5000 /* before those are read again */
#define REST_LEAST_MS 20  /* before the next refold of an account... */
#define REST_READINGS 2   /* ...and as many times as long as the last one */

enum step { WAITS, BUSY, DONE };

struct gl_ingest_refolding {
    struct gl_ingest_account *account;
    struct gl_refold_job job;
    GArray *late;          /* uint64_t, sorted: its visitors; of one day */
    GHashTable *disturbed; /* visitors, as int64_t */
    int renamed;           /* the object counts some under two ids */
    guint left;            /* of them were not written */
    guint cleared;         /* marks of late visitors so far */
    int64_t began_us;      /* g_get_monotonic_time(): sleep is no work */
};

static void
free_refolding(struct gl_ingest *in)
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
    free_refolding(in);
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

static int
compare_visitors(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
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
        g_array_sort(r->late, compare_visitors);
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
        free_refolding(in);
    return result;
}

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
    free_refolding(in);
}

static int
fail(struct gl_ingest *in, struct gl_ingest_account *account, int error)
{
    gl_days_refold_stop_(in, account);
    gl_ingest_refold_at_(in, account, in->boot_ms + AGAIN_MS);
    return error;
}

static int
is_building(struct gl_ingest *in, int64_t id)
{
    const struct gl_ingest_site *site = gl_ingest_site_by_id_(in, id);

    return site != NULL && site->building != NULL;
}

/* One step of the refold under way: enum step, or an error and it is over. */
static int
go_on(struct gl_ingest *in)
{
    struct gl_ingest_refolding *r = in->refolding;
    struct gl_ingest_account *account = r->account;
    int result;

    if (!gl_reading_ready(&r->job.reading, 0))
        return WAITS;
    if (r->job.reading.error < 0) {
        gl_log(GL_LOG_ERROR, "account %s: visits are not made again: %s",
               account->id, r->job.reading.why);
        return fail(in, account, r->job.reading.error);
    }
    if (is_building(in, r->job.refold.site))
        return WAITS; /* of the rows as they are */
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
        return BUSY;
    finish(in, r);
    return DONE;
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
        gl_ingest_refold_at_(in, account, in->boot_ms + AGAIN_MS);
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
        return go_on(in) > WAITS;
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
    if (in->refolding != NULL && (step = go_on(in)) != DONE)
        return step < 0 ? step : 1;
    write_marks(in, site->account);
    return start(in, site->account, site->id);
}
