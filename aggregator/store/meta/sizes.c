/* How large the accounts' files were; see sizes.h. */

#include "store/meta/sizes.h"

#include <glib.h>
#include <sys/stat.h>

#include "store/meta/meta_internal.h"

static int64_t
size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (int64_t) st.st_size : 0;
}

int64_t
gl_meta_size_now(const struct gl_meta *meta, const char *id)
{
    char *folder = g_path_get_dirname(meta->db.path);
    char *path = g_strdup_printf("%s/acct/%s.db", folder, id);
    char *log = g_strconcat(path, "-wal", NULL);
    int64_t bytes = size_of(path) + size_of(log);

    g_free(log);
    g_free(path);
    g_free(folder);
    return bytes;
}

int
gl_meta_add_size(struct gl_meta *meta, const char *id, int64_t day,
                 int64_t bytes)
{
    return gl_db_change(
        &meta->db, GL_META_SQL_ADD_SIZE,
        GL_VALUES(gl_as_string(id), gl_as_int(day), gl_as_int(bytes)));
}

int
gl_meta_sizes(struct gl_meta *meta, const char *id, int64_t first,
              int64_t last,
              void (*each)(void *arg, int64_t day, int64_t bytes), void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(
        &meta->db, GL_META_SQL_SIZES,
        GL_VALUES(gl_as_string(id), gl_as_int(first), gl_as_int(last)));
    while ((rc = gl_db_step(&meta->db, ask)) == 1)
        each(arg, sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1));
    return rc;
}
