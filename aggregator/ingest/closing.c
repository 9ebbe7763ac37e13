/*
 * Visits that end by time, not by an event: closed once a second.
 *
 * That does not happen while a backlog is read: an event that still waits in
 * the spool must find its visit in the table.
 *
 * Writer thread.
 */

#include "ingest/closing.h"

#include "ingest/batch.h"
#include "ingest/building.h"
#include "ingest/expire.h"
#include "ingest/position.h"
#include "ingest/sites.h"
#include "store/account/accounts.h"

/* Objects built for closings in one turn; the rest a second later. */
#define LOADS_MAX 64
#define CLOSE_AGAIN_MS 100 /* rounds of others come first */

static void
close_site(struct gl_ingest *in, struct gl_ingest_site *site)
{
    int error = gl_ingest_load_(in, site, in->now_ms);

    if (error == 1 || (error == 0 && gl_ingest_begin_(in, site->account) != 0))
        return;
    if (error == 0) {
        gl_ingest_touch_(in, site);
        error = gl_ingest_close_(in, site, in->now_ms);
    }
    if (error < 0)
        gl_ingest_fail_(in, site->account, error);
}

void
gl_ingest_close_due_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;
    int loads = 0;

    in->closings_left = 0;
    g_hash_table_iter_init(&iter, in->sites);
    while (!in->closings_left && g_hash_table_iter_next(&iter, NULL, &value)) {
        struct gl_ingest_site *site = value;

        if (site->expiry_ms > in->now_ms || !gl_ingest_works_(site->account) ||
            gl_ingest_lags_(site->account))
            continue;
        if (site->object == NULL && ++loads > LOADS_MAX)
            break;
        close_site(in, site);
    }
    gl_ingest_commit_all_(in);
    if (!in->closings_left)
        return;
    in->closings_ms = in->boot_ms + CLOSE_AGAIN_MS;
    gl_accounts_shorten_logs(in->pool, in->boot_ms); /* the logs grow */
}
