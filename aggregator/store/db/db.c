/*
 * One connection: open with every switch set.  What opening does about
 * versions is migrate.c, about an old log wal.c; statements and their errors
 * are statement.c, transactions and checkpoints transaction.c.
 */

#include "store/db/db.h"

#include "gl_assert.h"
#include "store/db/lend.h"
#include "store/db/switches.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of all connections together: beyond, a cache takes its own oldest page
 * instead of more memory. */
#define HEAP_BYTES (144 * 1024 * 1024)

int
gl_db_init(struct gl_db *db, const struct gl_db_schema *schema,
           const char *path)
{
    /* No 20 pages for each connection beforehand: it saves 57 KiB of 137.
     * Heeded before the process opens its first file only. */
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
    sqlite3_soft_heap_limit64(HEAP_BYTES);
    *db = (struct gl_db){.schema = schema, .unsure = GL_DB_INHERITED};
    db->path = strdup(path);
    return db->path != NULL ? 0 : -GL_STORE_ENVIRONMENT;
}

void
gl_db_fini(struct gl_db *db)
{
    gl_db_close(db);
    free(db->path);
    db->path = NULL;
}

/* ---- open and close ---- */

static int
log_grew(void *arg, sqlite3 *handle, const char *name, int pages)
{
    struct gl_db *db = arg;
    (void) name;
    GL_ASSERT(handle == db->handle && pages >= 0);
    if ((uint32_t) pages < db->log_pages)
        db->log_written = 0; /* begun anew from its start */
    db->log_pages = (uint32_t) pages;
    return SQLITE_OK;
}

/* No index of the log in a file of its own, for others to share: to make it
 * and to let it go is a third of what opening costs. */
static int
be_alone(struct gl_db *db)
{
    sqlite3_busy_timeout(db->handle, 0); /* who reads is not waited for */
    return gl_db_exec(db, "PRAGMA locking_mode = EXCLUSIVE");
}

static int
connect(struct gl_db *db)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
    int rc = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
    int result = rc == SQLITE_OK ? 0 : gl_db_fail(db, rc);
    if (result == 0) {
        gl_store_set_switches_(db->handle);
        if (db->alone)
            result = be_alone(db);
    }
    if (result == 0 && (rc = gl_store_set_settings_(db->handle)) != SQLITE_OK)
        result = gl_db_fail(db, rc);
    if (result == 0) {
        sqlite3_wal_hook(db->handle, log_grew, db);
        db->synchronous = GL_DB_FULL;
        result = gl_db_make_sure_(db);
    }
    if (result == 0)
        result = gl_db_migrate_(db);
    if (result == 0)
        db->opened++;
    else
        gl_db_close(db);
    return result;
}

/* 1 = the connection that many use briefly is ours now, with its statements;
 * its log was found to be on the disk before. */
static int
borrow(struct gl_db *db)
{
    if (db->lender == NULL || !db->alone || db->unsure)
        return 0;
    db->lent = gl_lend_take(db->lender, db->path, gl_db_newest_(db->schema));
    if (db->lent == NULL)
        return 0;
    db->handle = db->lent->handle;
    db->statements = db->lent->statements;
    db->synchronous = db->lent->synchronous;
    db->spent = 0;
    sqlite3_wal_hook(db->handle, log_grew, db);
    db->opened++;
    return 1;
}

int
gl_db_open(struct gl_db *db)
{
    if (db->handle != NULL || borrow(db))
        return 0;
    int result = connect(db);
    if (result == 0 || !db->alone)
        return result;
    db->alone = 0; /* somebody reads it */
    return connect(db);
}

static void
disconnect(struct gl_db *db)
{
    for (int i = 0; db->statements != NULL && i < db->schema->statements_n;
         i++)
        sqlite3_finalize(db->statements[i]);
    free(db->statements);
    sqlite3_close_v2(db->handle);
}

void
gl_db_close(struct gl_db *db)
{
    if (db->lent != NULL) {
        db->lent->synchronous = db->synchronous;
        gl_lend_back(db->lender, db->spent);
        db->lent = NULL;
    } else {
        disconnect(db);
    }
    db->statements = NULL;
    db->handle = NULL;
    db->log_pages = db->log_written = 0;
    db->busy_ms = 0;
}
