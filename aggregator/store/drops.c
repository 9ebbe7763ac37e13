/* What was not counted; see drops.h.  Any thread, with a reader of its own. */

#include "store/drops.h"

#include "store/meta_counts.h"
#include "store/meta_internal.h"
#include "store/reader.h"

#include <glib.h>

static const char sums[] =
    "SELECT site, reason, sum(n) FROM "
    "(SELECT site, reason, n FROM drops UNION ALL "
    "SELECT site, reason, n FROM bots) GROUP BY site, reason";

struct look {
    const struct gl_version *version;
    char *folder;        /* of the accounts' files */
    GHashTable *domains; /* of sites, by id */
    GPtrArray *accounts; /* ids of those that have some */
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
stop(void *arg, const struct gl_meta_site *site)
{
    (void) arg;
    (void) site;
    return 1;
}

static int
note_account(void *arg, const struct gl_meta_account *account)
{
    struct look *look = arg;

    if (gl_version_sites(look->version, account->id, stop, NULL) != 0)
        g_ptr_array_add(look->accounts, g_strdup(account->id));
    return 0;
}

/* What is read from many files takes long: the directory is not kept. */
static void
look_up(struct look *look, struct gl_directory *directory)
{
    look->version = gl_directory_enter(directory);
    gl_version_sites(look->version, NULL, note_site, look);
    gl_version_accounts(look->version, note_account, look);
    gl_directory_leave(directory);
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

static void
tell_account(struct look *look, const char *id)
{
    char why[256], *path;
    sqlite3 *file;

    path = g_strdup_printf("%s/acct/%s.db", look->folder, id);
    file = gl_reader_open_(path, why, sizeof why);
    look->unread += file == NULL || tell_rows(look, file) != 0;
    gl_reader_close_(file);
    g_free(path);
}

int
gl_drops_read(const struct gl_meta *meta,
              void (*each)(void *arg, const char *domain, const char *reason,
                           uint64_t n),
              void *arg, char *why, size_t why_len)
{
    struct gl_meta *reader = gl_meta_reader(meta, why, why_len);
    struct look look = {.each = each, .arg = arg};

    if (reader == NULL)
        return -1;
    if (gl_meta_drops(reader, tell_meta, &look) < 0) {
        g_strlcpy(why, gl_meta_why(reader), why_len);
        gl_meta_reader_free(reader);
        return -1;
    }
    gl_meta_reader_free(reader);
    look.folder = g_path_get_dirname(meta->db.path);
    look.domains =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    look.accounts = g_ptr_array_new_with_free_func(g_free);
    look_up(&look, meta->directory);
    for (guint i = 0; i < look.accounts->len; i++)
        tell_account(&look, look.accounts->pdata[i]);
    g_ptr_array_free(look.accounts, TRUE);
    g_hash_table_destroy(look.domains);
    g_free(look.folder);
    return look.unread;
}
