/*
 * Stand-ins for sites, one an account: there is no counting.  An object is not
 * there at once now and then.
 */

#include "ingest/apply.h"

#include "ingest/batch.h"
#include "ingest/building.h"
#include "ingest/builds.h"
#include "ingest/retry.h"
#include "ingest/served.h"
#include "ingest/sites.h"
#include "ingest/state.h"
#include "sim.h"

#include <string.h>

static struct gl_ingest_site sites[SIM_DBS];

struct gl_ingest_site *
gl_ingest_site_(struct gl_ingest *in, struct gl_text domain)
{
    char id[2] = {domain.len > 0 ? domain.data[0] : '0', 0};
    struct gl_ingest_site *site = &sites[id[0] - '0'];

    if (id[0] == '0')
        return NULL;
    memset(site, 0, sizeof *site);
    site->id = id[0] - '0';
    site->account = gl_ingest_account_(in, id);
    return site->account == NULL ? NULL : site;
}

GHashTable *
gl_ingest_named_new_(void)
{
    return g_hash_table_new(NULL, NULL);
}

struct gl_ingest_site *
gl_ingest_site_by_id_(struct gl_ingest *in, int64_t id)
{
    (void) in;
    (void) id;
    return NULL;
}

int
gl_ingest_load_(struct gl_ingest *in, struct gl_ingest_site *site,
                int64_t oldest_ms)
{
    (void) in;
    (void) site;
    (void) oldest_ms;
    return sim_fault_in(sim.plan.slow_objects);
}

/* Objects of sites that were asked for may be there now. */
void
gl_ingest_build_due_(struct gl_ingest *in, int wait)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct gl_ingest_account *account = value;

        if (account->waits && (wait || sim_one_in(3)))
            gl_ingest_resume_(in, account);
    }
}

void
gl_ingest_build_stop_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    (void) in;
    (void) account;
}

void
gl_ingest_build_cancel_all_(struct gl_ingest *in,
                            struct gl_ingest_account *account)
{
    (void) in;
    (void) account;
}

int
gl_ingest_apply_(struct gl_ingest *in, struct gl_ingest_site *site,
                 const struct gl_event *event)
{
    static const struct gl_store_event row;

    (void) in;
    (void) event;
    return gl_account_insert(site->account->store, &row);
}

/* The way of a frame is the same, whatever it tells. */
int
gl_ingest_apply_served_(struct gl_ingest *in, struct gl_ingest_site *site,
                        const struct gl_event *event)
{
    return gl_ingest_apply_(in, site, event);
}

void
gl_ingest_touch_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    (void) in;
    (void) site;
}

void
gl_ingest_use_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    (void) in;
    (void) site;
}

void
gl_ingest_drop_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    (void) in;
    (void) site;
}

void
gl_ingest_weigh_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    (void) in;
    (void) site;
}

void
gl_ingest_evict_(struct gl_ingest *in)
{
    (void) in;
}
