/* What was not counted; see drops.h.  Any thread, with a reader of its own. */

#include "store/drops.h"

#include "store/meta_accounts.h"
#include "store/meta_counts.h"
#include "store/meta_internal.h"
#include "store/meta_sites.h"
#include "store/reader.h"

#include <glib.h>

static const char sums[] =
    "SELECT site, reason, sum(n) FROM "
    "(SELECT site, reason, n FROM drops UNION ALL "
    "SELECT site, reason, n FROM bots) GROUP BY site, reason";

struct look {
    char *folder;        /* of the accounts' files */
    GHashTable *domains; /* of sites, by id */
    int unread;
    void (*each)(void *arg, const char *domain, const char *reason,
                 uint64_t n);
    void *arg;
};

static int
note_site(void *arg, const struct gl_meta_site *site)
{
    struct look *look = arg;

    g_hash_table_insert(look->domains, g_memdup2(&site->id, sizeof site->id),
                        g_strdup(site->domain));
    return 0;
}

static int
tell_meta(void *arg, const char *reason, uint64_t n)
{
    struct look *look = arg;

    look->each(look->arg, NULL, reason, n);
    return 0;
}

/* Rows of a site that went elsewhere are told by the file it is in. */
static int
tell_rows(struct look *look, sqlite3 *file)
{
    sqlite3_stmt *ask = NULL;
    int rc = sqlite3_prepare_v2(file, sums, -1, &ask, NULL);

    while (rc == SQLITE_OK && (rc = sqlite3_step(ask)) == SQLITE_ROW) {
        int64_t site = sqlite3_column_int64(ask, 0);
        const char *domain = g_hash_table_lookup(look->domains, &site);

        if (domain != NULL)
            look->each(look->arg, domain,
                       (const char *) sqlite3_column_text(ask, 1),
                       (uint64_t) sqlite3_column_int64(ask, 2));
        rc = SQLITE_OK;
    }
    sqlite3_finalize(ask);
    return rc == SQLITE_DONE ? 0 : -1;
}

static int
tell_account(void *arg, const struct gl_meta_account *account)
{
    struct look *look = arg;
    char why[256], *path;
    sqlite3 *file;

    if (account->sites == 0)
        return 0;
    path = g_strdup_printf("%s/acct/%s.db", look->folder, account->id);
    file = gl_reader_open_(path, why, sizeof why);
    look->unread += file == NULL || tell_rows(look, file) != 0;
    gl_reader_close_(file);
    g_free(path);
    return 0;
}

int
gl_drops_read(struct gl_meta *reader,
              void (*each)(void *arg, const char *domain, const char *reason,
                           uint64_t n),
              void *arg)
{
    struct look look = {.each = each, .arg = arg};
    int rc;

    look.folder = g_path_get_dirname(reader->db.path);
    look.domains =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    rc = gl_meta_list_sites(reader, note_site, &look);
    if (rc >= 0)
        rc = gl_meta_drops(reader, tell_meta, &look);
    if (rc >= 0)
        rc = gl_meta_accounts(reader, tell_account, &look);
    g_hash_table_destroy(look.domains);
    g_free(look.folder);
    return rc < 0 ? rc : look.unread;
}
