/*
 * Sites and accounts that were moved or removed: nothing of them stays in
 * memory.
 *
 * Writer thread.
 */

#include "ingest/forget.h"

#include "ingest/builds.h"
#include "ingest/position.h"
#include "ingest/sites.h"
#include "spool/spool.h"

#include <string.h>

static int
compare_ids(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* Nobody looks at it in the background: that would make it anew. */
static void
forget_to_examine(struct gl_ingest *in, const char *id)
{
    GList *link;

    while ((link = g_queue_find_custom(in->unexamined, id, compare_ids)) !=
           NULL) {
        g_free(link->data);
        g_queue_delete_link(in->unexamined, link);
    }
}

/* No frame can come for it any more: it has no site. */
void
gl_ingest_forget_account_(struct gl_ingest *in, const char *id)
{
    struct gl_ingest_account *account = g_hash_table_lookup(in->accounts, id);
    struct gl_spool_segment *segment = NULL;

    forget_to_examine(in, id);
    if (account == NULL)
        return;
    in->fold->stop(in, account);
    gl_ingest_wait_no_more_(in, account);
    gl_ingest_build_stop_(in, account);
    while ((segment = gl_spool_next(in->spool, segment)) != NULL)
        gl_ingest_forget_entry_(segment, account);
    g_ptr_array_remove_fast(in->nights, account);
    g_ptr_array_remove_fast(in->refolds, account);
    g_hash_table_remove(in->accounts, id);
}

void
gl_ingest_forget_site_(struct gl_ingest *in, int64_t id)
{
    struct gl_ingest_site *site = g_hash_table_lookup(in->sites, &id);
    int64_t expiry_ms;
    int watchers;

    gl_ingest_unname_(in);
    if (site == NULL)
        return;
    watchers = site->watchers;
    in->fold->stop(in, site->account);
    gl_ingest_drop_(in, site);
    expiry_ms = site->expiry_ms;
    g_ptr_array_remove_fast(in->watched, site);
    g_hash_table_remove(in->sites, &id); /* frees it */
    if (watchers == 0 && expiry_ms == INT64_MAX)
        return;
    site = gl_ingest_site_by_id_(in, id); /* as it is now, if it is */
    if (site == NULL)
        return;
    site->expiry_ms = expiry_ms; /* of visits that are open */
    if (watchers > 0) {
        site->watchers = watchers;
        site->changed = 1;
        g_ptr_array_add(in->watched, site);
    }
}
