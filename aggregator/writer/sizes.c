/*
 * Each hour the size of each account's file is noted, of some accounts a
 * second, in one transaction of meta.db: "glinto usage" tells of it.  What cannot
 * be noted is in an hour.
 *
 * Writer thread.
 */

#include "writer/sizes.h"

#include "store/directory/directory.h"
#include "store/meta/meta.h"
#include "store/meta/sizes.h"

#define EVERY_MS 3600000
#define SOME 100 /* some 2 ms of looking */
#define DAY_MS INT64_C(86400000)

static int
append(void *arg, const struct gl_meta_account *account)
{
    g_ptr_array_add(arg, g_strdup(account->id));
    return 0;
}

/* The last SOME of those that are left, off the list. */
static int
note_some(struct gl_ingest *in)
{
    int error = gl_meta_begin(in->meta);

    for (int i = 0; i < SOME && in->sizes->len > 0 && error >= 0; i++) {
        const char *id = in->sizes->pdata[in->sizes->len - 1];

        if (gl_version_account_id(gl_meta_now(in->meta), id) != NULL)
            error = gl_meta_add_size(in->meta, id, in->now_ms / DAY_MS,
                                     gl_meta_size_now(in->meta, id));
        g_ptr_array_set_size(in->sizes, (gint) in->sizes->len - 1);
    }
    return error < 0 ? error : gl_meta_commit(in->meta);
}

void
gl_writer_note_sizes_(struct gl_ingest *in)
{
    if (in->backlog || !in->caught_up || in->boot_ms < in->sizes_ms)
        return;
    if (in->sizes == NULL) {
        in->sizes = g_ptr_array_new_with_free_func(g_free);
        gl_version_accounts(gl_meta_now(in->meta), append, in->sizes);
    }
    if (in->sizes->len > 0 && note_some(in) < 0) {
        gl_meta_rollback(in->meta);
        g_ptr_array_set_size(in->sizes, 0);
    }
    if (in->sizes->len > 0)
        return;
    g_ptr_array_unref(in->sizes);
    in->sizes = NULL;
    in->sizes_ms = in->boot_ms + EVERY_MS;
}
