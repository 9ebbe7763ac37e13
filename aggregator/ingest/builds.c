/*
 * Objects of sites that are being made in threads: which, and those given up.
 *
 * Writer thread.
 */

#include "ingest/builds.h"

#include "count/site.h"

void
gl_ingest_build_free_(struct gl_ingest *in, struct gl_ingest_building *b)
{
    gl_site_free(b->object);
    g_array_free(b->conflicts, TRUE);
    g_ptr_array_remove(in->buildings, b);
    g_free(b);
}

struct gl_ingest_site *
gl_ingest_build_site_(const struct gl_ingest *in,
                      const struct gl_ingest_building *b)
{
    struct gl_ingest_site *site =
        g_hash_table_lookup(in->sites, &b->rebuild.site);

    return site != NULL && site->building == b ? site : NULL;
}

static void
give_up(struct gl_ingest *in, struct gl_ingest_building *b)
{
    struct gl_ingest_site *site = gl_ingest_build_site_(in, b);

    if (site != NULL)
        site->building = NULL;
    atomic_store(&b->stop, 1);
}

void
gl_ingest_build_cancel_all_(struct gl_ingest *in,
                            struct gl_ingest_account *account)
{
    for (guint i = 0; i < in->buildings->len; i++) {
        struct gl_ingest_building *b = in->buildings->pdata[i];

        if (account == NULL || b->account == account)
            give_up(in, b);
    }
}

void
gl_ingest_build_stop_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    gl_ingest_build_cancel_all_(in, account);
    for (guint i = in->buildings->len; i-- > 0;) {
        struct gl_ingest_building *b = in->buildings->pdata[i];

        if (account == NULL || b->account == account) {
            gl_reading_ready(&b->reading, 1);
            gl_ingest_build_free_(in, b);
        }
    }
}
