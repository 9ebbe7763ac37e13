/*
 * What was not counted; see drops.h.  Any thread, with a reader of its own.
 *
 * A file is as it was when it and its log have the inode, size and time of
 * before.  Times have steps of some ms: what changed in the last second is
 * read again.
 */

#include "store/drops.h"

#include "clock.h"
#include "store/account/account_internal.h"
#include "store/account/reader.h"
#include "store/meta/counts.h"
#include "store/meta/meta_internal.h"

#include <glib.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#define SETTLED_MS 1000

struct gl_drops {
    pthread_mutex_t lock;
    GHashTable *kept; /* id -> struct file; NULL = somebody reads with it */
};

struct sum {
    int64_t site;
    const char *reason; /* interned: there are some twenty */
    uint64_t n;
};

/* How a file and its log look. */
struct stamp {
    uint64_t inode[2];
    int64_t size[2], changed_ns[2];
};

struct file {
    struct stamp stamp;
    GArray *sums; /* struct sum */
};

struct look {
    GHashTable *before, *now; /* id -> struct file */
    const struct gl_version *version;
    char *folder;        /* of the accounts' files */
    GHashTable *domains; /* of sites, by id */
    GPtrArray *accounts; /* ids of those that have some */
    int unread;
    void (*each)(void *arg, const char *domain, const char *reason,
                 uint64_t n);
    void *arg;
};

/* ---- what is kept ---- */

static void
free_file(gpointer value)
{
    struct file *file = value;

    g_array_free(file->sums, TRUE);
    g_free(file);
}

static GHashTable *
new_table(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_file);
}

struct gl_drops *
gl_drops_new(void)
{
    struct gl_drops *drops = g_new0(struct gl_drops, 1);

    pthread_mutex_init(&drops->lock, NULL);
    return drops;
}

void
gl_drops_free(struct gl_drops *drops)
{
    if (drops == NULL)
        return;
    if (drops->kept != NULL)
        g_hash_table_destroy(drops->kept);
    pthread_mutex_destroy(&drops->lock);
    g_free(drops);
}

/* Puts TABLE there, or NULL, and takes what was. */
static GHashTable *
swap(struct gl_drops *drops, GHashTable *table)
{
    GHashTable *before;

    pthread_mutex_lock(&drops->lock);
    before = drops->kept;
    drops->kept = table;
    pthread_mutex_unlock(&drops->lock);
    return before;
}

/* ---- a file ---- */

static void
look_at(struct stamp *stamp, int i, const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return; /* there is no log */
    stamp->inode[i] = st.st_ino;
    stamp->size[i] = st.st_size;
    stamp->changed_ns[i] =
        st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec;
}

static struct stamp
stamp_of(const char *path)
{
    struct stamp stamp;
    char *log = g_strdup_printf("%s-wal", path);

    memset(&stamp, 0, sizeof stamp);
    look_at(&stamp, 0, path);
    look_at(&stamp, 1, log);
    g_free(log);
    return stamp;
}

static int
is_settled(const struct stamp *stamp)
{
    return MAX(stamp->changed_ns[0], stamp->changed_ns[1]) / 1000000 <
           gl_clock_now_ms() - SETTLED_MS;
}

static int
read_sums(struct gl_account *reader, GArray *found)
{
    sqlite3_stmt *ask = gl_account_ask_(reader, GL_SQL_DROP_SUMS, NULL);
    int rc;

    while ((rc = gl_db_step(&reader->db, ask)) == 1) {
        struct sum sum = {sqlite3_column_int64(ask, 0),
                          g_intern_string(gl_db_column_text(ask, 1)),
                          (uint64_t) sqlite3_column_int64(ask, 2)};

        g_array_append_val(found, sum);
    }
    return rc;
}

/* NULL: it cannot be read now. */
static struct file *
read_file(const struct look *look, const char *id, const char *path)
{
    struct file *file = g_new0(struct file, 1);
    struct gl_account *reader = gl_reader_of_account_(look->folder, id);
    int error;

    file->stamp = stamp_of(path);
    file->sums = g_array_new(FALSE, FALSE, sizeof(struct sum));
    error = reader == NULL || gl_account_read(reader) != 0 ||
            read_sums(reader, file->sums) != 0;
    gl_account_reader_free(reader);
    if (!error)
        return file;
    free_file(file);
    return NULL;
}

/* ---- all of them ---- */

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
static void
tell_file(const struct look *look, const struct file *file)
{
    for (guint i = 0; i < file->sums->len; i++) {
        const struct sum *sum = &g_array_index(file->sums, struct sum, i);
        const char *domain = g_hash_table_lookup(look->domains, &sum->site);

        if (domain != NULL)
            look->each(look->arg, domain, sum->reason, sum->n);
    }
}

/* As it was kept, taken from there, or as it is read now; NULL: it cannot be.
 */
static struct file *
file_now(const struct look *look, const char *id, const char *path)
{
    const struct file *kept = g_hash_table_lookup(look->before, id);
    const struct stamp stamp = stamp_of(path);
    gpointer key, file;

    if (kept == NULL || memcmp(&kept->stamp, &stamp, sizeof stamp) != 0)
        return read_file(look, id, path);
    g_hash_table_steal_extended(look->before, id, &key, &file);
    g_free(key);
    return file;
}

static void
tell_account(struct look *look, const char *id)
{
    char *path = g_strdup_printf("%s/acct/%s.db", look->folder, id);
    struct file *file = file_now(look, id, path);

    g_free(path);
    if (file == NULL) {
        look->unread++;
        return;
    }
    tell_file(look, file);
    if (is_settled(&file->stamp))
        g_hash_table_insert(look->now, g_strdup(id), file);
    else
        free_file(file);
}

/* What is no more as it was is not kept any longer. */
static void
tell_accounts(struct look *look, struct gl_drops *drops)
{
    GHashTable *other;

    look->before = swap(drops, NULL);
    if (look->before == NULL)
        look->before = new_table();
    look->now = new_table();
    for (guint i = 0; i < look->accounts->len; i++)
        tell_account(look, look->accounts->pdata[i]);
    g_hash_table_destroy(look->before);
    other = swap(drops, look->now);
    if (other != NULL)
        g_hash_table_destroy(other);
}

int
gl_drops_read(struct gl_drops *drops, const struct gl_meta *meta,
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
    tell_accounts(&look, drops);
    g_ptr_array_free(look.accounts, TRUE);
    g_hash_table_destroy(look.domains);
    g_free(look.folder);
    return look.unread;
}
