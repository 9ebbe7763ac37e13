/*
 * Dirty days and when they are made again: some seconds after a late row, at
 * once after a start or at an import's end, a bounded piece at a time so that
 * rounds go on in between.
 *
 * Ingest thread.
 */

#include "ingest/ingest_internal.h"
#include "ingest/refold.h"

#include "log.h"

/* Days folded as one; halved while they hold too many rows, doubled again
 * with every piece that fits. */
#define DAYS_MAX 32
#define AGAIN_MS 60000 /* after a failure */

struct days {
    int64_t most; /* days in a run */
    int64_t site;
    int64_t from_day, to_day; /* a run, empty at first */
};

/* Days come by site and day: the first run of them. */
static int
take_dirty(void *arg, int64_t site, int64_t day)
{
    struct days *days = arg;

    if (days->from_day == days->to_day) {
        days->site = site;
        days->from_day = day;
        days->to_day = day + 1;
        return 0;
    }
    if (site != days->site || day != days->to_day ||
        days->to_day - days->from_day == days->most)
        return 1;
    days->to_day++;
    return 0;
}

/* Dirty days of a site that is not here (any more). */
static int
clear_days(struct gl_ingest_account *account, const struct days *days)
{
    int result = 0;

    for (int64_t day = days->from_day; day < days->to_day && result >= 0;
         day++)
        result = gl_account_clear_dirty(account->store, days->site, day);
    return result;
}

static int
fold_run(struct gl_ingest *in, struct gl_ingest_account *account,
         const struct days *days)
{
    struct gl_ingest_site *site = gl_ingest_site_by_id_(in, days->site);
    struct gl_refold job = {
        .site = days->site,
        .from_day = days->from_day,
        .to_day = days->to_day,
        .now_ms = in->now_ms,
        .rows_max = GL_REFOLD_ROWS_MAX,
    };
    int result;

    if (site == NULL || site->account != account)
        return clear_days(account, days);
    job.words = site->words;
    job.rules = site->rules;
    gl_ingest_drop_(in, site); /* it is made anew from what is folded now */
    site->changed = 1;
    site->expiry_ms = in->now_ms;
    result = gl_refold(account->store, &job);
    in->refold_days = job.to_day - job.from_day;
    in->counters.refolds++;
    in->counters.refold_rows += job.rows;
    return result;
}

/* One piece of SITE (0 = any): 1 = folded, 0 = nothing dirty, or an error. */
static int
fold_piece(struct gl_ingest *in, struct gl_ingest_account *account,
           int64_t site)
{
    struct days days = {.most = MIN(DAYS_MAX, 2 * in->refold_days + 1)};
    int result = gl_account_dirty(account->store, site, take_dirty, &days);

    if (result < 0 || days.from_day == days.to_day)
        return result;
    if (gl_ingest_begin_(in, account) != 0)
        return -GL_STORE_ENVIRONMENT;
    result = fold_run(in, account, &days);
    if (result < 0) {
        gl_ingest_fail_(in, account, result);
        return result;
    }
    return gl_ingest_commit_(in, account) == 0 ? 1 : -GL_STORE_ENVIRONMENT;
}

/* Marks that only memory has so far. */
static void
write_marks(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->dirty->len > 0 && gl_ingest_begin_(in, account) == 0)
        gl_ingest_commit_all_(in);
}

static int
refold_account(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int result;

    if (account->failed || account->moving ||
        account->refold_at_ms > in->boot_ms)
        return 0;
    write_marks(in, account);
    result = fold_piece(in, account, 0);
    if (result == 0) {
        account->refold_at_ms = INT64_MAX;
        gl_ingest_end_night_(in, account);
    }
    if (result < 0)
        account->refold_at_ms = in->boot_ms + AGAIN_MS;
    return result == 1;
}

int
gl_ingest_refold_due_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer account;

    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &account))
        if (refold_account(in, account))
            return 1;
    return 0;
}

int
gl_ingest_refold_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    write_marks(in, site->account);
    return fold_piece(in, site->account, site->id);
}
