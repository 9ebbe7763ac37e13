/*
 * Visits of one site that are over, closed in its account's transaction.
 *
 * Writer thread.
 */

#include "ingest/expire.h"

#include "count/site.h"
#include "gl_assert.h"
#include "ingest/sites.h"
#include "store/rows/visits.h"

/* Closing in one turn: after a night off all visits of the evening before are
 * over at once. */
#define CLOSE_US 20000

struct closing {
    struct gl_ingest *in;
    const struct gl_ingest_site *site;
    int64_t until_us; /* g_get_monotonic_time() */
    int error;
};

static int
close_one(void *arg, const struct gl_visit *visit)
{
    struct closing *closing = arg;

    GL_ASSERT(visit->id != 0);
    GL_ASSERT(closing->site->account->transaction != GL_ACCOUNT_IDLE);
    if (closing->in->refolding != NULL)
        closing->in->fold->disturb(closing->in, closing->site->id,
                                   visit->visitor);
    if (closing->error >= 0)
        closing->error =
            gl_account_close_visit(closing->site->account->store, visit);
    return g_get_monotonic_time() >= closing->until_us;
}

int
gl_ingest_close_(struct gl_ingest *in, struct gl_ingest_site *site,
                 int64_t now_ms)
{
    struct closing closing = {in, site, g_get_monotonic_time() + CLOSE_US, 0};

    gl_site_expire(site->object, now_ms, close_one, &closing);
    in->closings_left |= gl_site_next_expiry_ms(site->object) <= now_ms;
    return closing.error;
}
