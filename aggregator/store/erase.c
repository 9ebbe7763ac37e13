/*
 * What a removed site leaves behind: words that no row uses any more, and
 * bytes in pages that were freed, cut or moved.
 *
 * Freed space is zeroed at once (secure_delete), but a page that was split
 * while the site was growing keeps copies in its gap; only a file written anew
 * has none.  That takes about a second for 100 MB and cannot be cut in pieces,
 * so it is done beside the writer thread, on a connection of its own, while
 * nothing is applied to this one file.
 *
 * The file has a rollback journal meanwhile: a log would grow to the size of
 * the file.  A crash leaves what any other leaves, and the next open, by the
 * writer thread, puts it right and goes back to a log.
 */

#include "store/account/account_internal.h"
#include "store/site/sites.h"

#include <stdio.h>

/* Of SQLite's machine, between two looks whether to stop: some 0.1 ms. */
#define STOP_STEPS 10000

/* Of the file that a removal is done on; the rest waits in the spool. */
static const char settings[] = "PRAGMA cache_size = -2048;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA secure_delete = ON;"
                               /* not in memory: a file may be larger */
                               "PRAGMA temp_store = FILE";

static int
delete_words(struct gl_db *db)
{
    static const int all[] = {GL_SQL_ERASE_HOSTS,      GL_SQL_ERASE_PATHS,
                              GL_SQL_ERASE_NAMES,      GL_SQL_ERASE_TITLES,
                              GL_SQL_ERASE_SCREENS,    GL_SQL_ERASE_LANGUAGES,
                              GL_SQL_ERASE_REFERRERS,  GL_SQL_ERASE_AGENTS,
                              GL_SQL_ERASE_PLACES,     GL_SQL_ERASE_PROP_KEYS,
                              GL_SQL_ERASE_PROP_VALUES};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof all / sizeof all[0]; i++)
        rc = gl_db_step(db, gl_db_ask(db, all[i], NULL));
    return rc;
}

static int
erase(struct gl_db *db, int (*stop)(void *arg), void *arg)
{
    int rc = gl_db_open(db);
    if (rc == 0)
        rc = gl_db_exec(db, settings);
    if (rc == 0)
        sqlite3_progress_handler(db->handle, STOP_STEPS, stop, arg);
    if (rc == 0) /* a reader in the way: then with a log */
        sqlite3_exec(db->handle, "PRAGMA journal_mode = DELETE", NULL, NULL,
                     NULL);
    if (rc == 0)
        rc = delete_words(db);
    if (rc != 0)
        return rc;
    /* VACUUM attaches a file of its own; else nothing may. */
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1);
    rc = gl_db_exec(db, "VACUUM");
    if (rc == 0) /* a reader kept the log, with the old pages in it */
        gl_db_truncate(db);
    return rc;
}

int
gl_account_erase(const char *path, int (*stop)(void *arg), void *arg,
                 char *why, size_t why_len)
{
    struct gl_db db;
    int rc = gl_db_init(&db, &gl_account_schema_, path);
    if (rc != 0) {
        snprintf(why, why_len, "out of memory");
        return rc;
    }
    rc = erase(&db, stop, arg);
    snprintf(why, why_len, "%s", rc == 0 ? "" : db.why);
    gl_db_fini(&db);
    return rc;
}
