/*
 * When a night is over.  At midnight the ids of all visitors change; for some
 * hours the store knows who is who (`midnight`), so that a visit is one visit
 * in whatever order its events come.
 *
 *   00:00        00:30                     03:00
 *     │ both ids   │ the new one             │ erased, file and log
 *     └── links ───┴── late events, folds ───┘
 *
 * What comes later than that brings its links with it: they go when the days
 * it makes dirty have been folded, within a minute.
 *
 * Writer thread.
 */

#include "days/night.h"

#include "count/count.h"
#include "ingest/batch.h"
#include "ingest/position.h"
#include "store/rows/midnight.h"

/* Long enough for a restart in the night, and less than people stay up. */
#define NIGHT_MS (3 * 3600 * 1000)
/* Of a second, each a commit and a checkpoint: events wait meanwhile. */
#define ENDS_US 100000

static void
erase_links(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int error;

    if (gl_ingest_begin_(in, account) != 0)
        return;
    error = gl_account_clear_links(account->store);
    if (error < 0)
        gl_ingest_fail_(in, account, error);
    else if (gl_ingest_commit_(in, account) == 0)
        account->night = GL_NIGHT_LOGGED;
}

void
gl_days_end_night_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->night == GL_NIGHT_NONE || !gl_ingest_works_(account) ||
        account->refold_at_ms != INT64_MAX ||
        in->now_ms % GL_DAY_MS < NIGHT_MS || gl_ingest_lags_(account))
        return;
    if (account->night == GL_NIGHT_LINKED)
        erase_links(in, account);
    /* with a reader in the way again in a second */
    if (account->night == GL_NIGHT_LOGGED &&
        gl_account_cut_log(account->store) == 0) {
        account->night = GL_NIGHT_NONE;
        g_ptr_array_remove_fast(in->nights, account);
    }
}

void
gl_days_end_nights_(struct gl_ingest *in)
{
    int64_t until_us = g_get_monotonic_time() + ENDS_US;

    for (guint left = in->nights->len;
         left > 0 && g_get_monotonic_time() < until_us; left--)
        gl_days_end_night_(in, in->nights->pdata[left - 1]);
}
