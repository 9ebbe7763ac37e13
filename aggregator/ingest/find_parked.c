/*
 * After a start: which accounts have parked segments, and how many.
 *
 * Writer thread.
 */

#include "ingest/replay.h"

#include "ingest/parked.h"
#include "log.h"
#include "spool/parked.h"
#include "store/account/accounts.h"
#include "store/meta/accounts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- after a start ---- */

static void
find_file(struct gl_ingest_account *account, int folder, const char *name)
{
    struct gl_ingest_parked found = {.wall_ms = 0};
    struct gl_parked parked;
    char why[128];

    /* the name is 32 hex digits and more */
    for (int i = 0; i < GL_SEGMENT_ID_BYTES; i++)
        found.id[i] = (uint8_t) (g_ascii_xdigit_value(name[2 * i]) << 4 |
                                 g_ascii_xdigit_value(name[2 * i + 1]));
    if (gl_parked_read(&parked, folder, name, why, sizeof why) ==
        GL_PARKED_OK) {
        found.wall_ms = parked.header.wall_ms;
        found.frames = parked.frames->len;
        gl_parked_free(&parked);
    }
    gl_ingest_add_parked_(account, &found);
}

struct search {
    struct gl_ingest *in;
    int found;
};

static int
find_in_folder(struct search *search, const char *id, int folder,
               const GPtrArray *names)
{
    struct gl_ingest_account *account;

    if (names->len == 0)
        return 0;
    account = gl_ingest_account_(search->in, id);
    if (account == NULL)
        return -1;
    for (guint i = 0; i < names->len; i++)
        find_file(account, folder, names->pdata[i]);
    gl_ingest_set_state_(account, GL_ACCOUNT_FAILED);
    account->retry_at_ms = search->in->boot_ms;
    search->found = 1;
    gl_log(GL_LOG_NOTICE, "account %s: %u parked segments wait", account->id,
           account->parked_files->len);
    return 0;
}

static int
find_account(void *arg, const struct gl_meta_account *meta)
{
    struct search *search = arg;
    int folder = gl_parked_folder(search->in->conf->data, meta->id, 0);
    GPtrArray *names;
    int result = -1;

    if (folder == -1)
        return errno == ENOENT ? 0 : -1;
    names = gl_parked_names(folder);
    if (names != NULL) {
        result = find_in_folder(search, meta->id, folder, names);
        g_ptr_array_free(names, TRUE);
    }
    close(folder);
    return result;
}

/* Segments are let go because of these files: none may be overlooked, and
 * their names, which an earlier life may have left unsynced, must be on the
 * disk. */
int
gl_ingest_find_parked_(struct gl_ingest *in, char *why, size_t why_len)
{
    struct search search = {.in = in};

    if (gl_meta_accounts(in->meta, find_account, &search) == 0 &&
        (!search.found || gl_accounts_sync(in->pool) >= 0))
        return 0;
    snprintf(why, why_len, "what is parked cannot be read: %s",
             strerror(errno));
    return -1;
}
