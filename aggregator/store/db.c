/*
 * One connection: open with every switch set, statements by number,
 * transactions, checkpoints.  What opening does about versions is migrate.c,
 * about an old log wal.c; one statement's steps and errors are statement.c.
 */

#include "store/db.h"

#include "gl_assert.h"
#include "point.h"
#include "store/file_statements.h"
#include "store/lend.h"
#include "store/switches.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of all connections together: beyond, a cache takes its own oldest page
 * instead of more memory. */
#define HEAP_BYTES (160 * 1024 * 1024)

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

int
gl_db_create_file(int dirfd, const char *name)
{
    int fd = openat(dirfd, name,
                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1)
        return errno == EEXIST ? 0 : -1;
    /* Nobody holds a lock on a file made this moment: close is safe here. */
    close(fd);
    return fsync(dirfd);
}

/* ---- statements ---- */

static int
prepare(struct gl_db *db, int number)
{
    if (db->statements == NULL)
        db->statements =
            calloc((size_t) db->schema->statements_n, sizeof *db->statements);
    if (db->statements == NULL)
        return SQLITE_NOMEM;
    return sqlite3_prepare_v3(db->handle, db->schema->statements[number], -1,
                              SQLITE_PREPARE_PERSISTENT,
                              &db->statements[number], NULL);
}

sqlite3_stmt *
gl_db_statement(struct gl_db *db, int number, int *rc)
{
    *rc = db->error ? -db->error : gl_db_open(db);
    if (*rc)
        return NULL;
    if (db->statements != NULL && db->statements[number] != NULL)
        return db->statements[number];
    int code = prepare(db, number);
    if (code != SQLITE_OK)
        *rc = gl_db_fail(db, code);
    return code == SQLITE_OK ? db->statements[number] : NULL;
}

sqlite3_stmt *
gl_db_change(struct gl_db *db, int number, int *rc)
{
    *rc = gl_db_writable(db);
    return *rc ? NULL : gl_db_statement(db, number, rc);
}

/* ---- transactions ---- */

/* NORMAL syncs one thing: the head of a log that begins anew, since frames of
 * the old one may lie behind it.  Behind that of an empty log lies nothing. */
static enum gl_db_sync
least_sync(const struct gl_db *db)
{
    return gl_db_log_is_empty_(db) ? GL_DB_OFF : GL_DB_NORMAL;
}

static int
set_synchronous(struct gl_db *db, enum gl_db_sync to)
{
    static const char *const sql[] = {
        [GL_DB_OFF] = "PRAGMA synchronous = OFF",
        [GL_DB_NORMAL] = "PRAGMA synchronous = NORMAL",
        [GL_DB_FULL] = "PRAGMA synchronous = FULL"};
    int result = db->synchronous == to ? 0 : gl_db_exec(db, sql[to]);
    if (result == 0)
        db->synchronous = to;
    return result;
}

/* BEGIN or COMMIT. */
static int
run(struct gl_db *db, enum gl_db_sql number)
{
    int rc;
    sqlite3_stmt *statement = gl_db_statement(db, (int) number, &rc);
    return statement == NULL ? rc : gl_db_done(db, statement);
}

int
gl_db_begin(struct gl_db *db, int full)
{
    if (db->transaction)
        return gl_db_refuse(db, db->error ? db->error : GL_STORE_DATA,
                            "a transaction is open already");
    int result = gl_db_open(db);
    if (result == 0)
        result = set_synchronous(db, full ? GL_DB_FULL : least_sync(db));
    if (result == 0)
        result = run(db, GL_DB_SQL_BEGIN);
    if (result == 0) {
        result = gl_db_in_place(db);
        if (result == 0)
            db->transaction = 1;
        else
            sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    }
    return result;
}

int
gl_db_commit(struct gl_db *db)
{
    int result = gl_db_writable(db);
    if (result == 0)
        result = run(db, GL_DB_SQL_COMMIT);
    if (result == 0)
        result = gl_db_in_place(db); /* else it went into a file on its way
                                        out: not to be believed */
    if (result != 0) {
        if (!db->unsure) /* it may be found in the log all the same */
            db->unsure = GL_DB_INHERITED;
        return result;
    }
    db->transaction = db->saved = 0;
    db->busy_ms = 0;
    return 0;
}

void
gl_db_abandon(struct gl_db *db)
{
    if (db->handle != NULL && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    gl_db_close(db);
    db->error = db->transaction = db->saved = 0;
}

int
gl_db_rollback(struct gl_db *db)
{
    gl_db_abandon(db);
    return gl_db_open(db);
}

int
gl_db_savepoint(struct gl_db *db)
{
    int result = gl_db_writable(db);
    if (result == 0)
        result = gl_db_exec(db, "SAVEPOINT frame");
    if (result == 0)
        db->saved = 1;
    return result;
}

int
gl_db_release(struct gl_db *db)
{
    int result = gl_db_writable(db);
    if (result == 0)
        result = gl_db_exec(db, "RELEASE frame");
    if (result == 0)
        db->saved = 0;
    return result;
}

int
gl_db_undo(struct gl_db *db)
{
    /* After any other error SQLite may have rolled back by itself. */
    if (!db->saved || (db->error && db->error != GL_STORE_DATA))
        return gl_db_refuse(db, db->error ? db->error : GL_STORE_DATA,
                            db->error ? db->why : "no savepoint is open");
    db->error = 0;
    int result = gl_db_exec(db, "ROLLBACK TO frame");
    return result == 0 ? gl_db_release(db) : result;
}

/* ---- the log ---- */

static int
checkpoint(struct gl_db *db, int mode)
{
    int log = 0, written = 0;
    db->spent = 1; /* SQLite now knows something of this log */
    int result = set_synchronous(db, GL_DB_FULL);
    if (result != 0)
        return result;
    /* Never wait for a reader: the next turn tries again. */
    sqlite3_busy_timeout(db->handle, 0);
    GL_POINT("checkpoint_begun");
    int rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, &log, &written);
    GL_POINT("checkpoint_done");
    sqlite3_busy_timeout(db->handle, GL_STORE_BUSY_MS);
    if (rc != SQLITE_OK) {
        result = gl_db_fail(db, rc);
        if (db->unsure) /* never a second sync on a handle that failed */
            gl_db_close(db);
        return result;
    }
    db->log_pages = log < 0 ? 0 : (uint32_t) log;
    db->log_written = written < 0 ? 0 : (uint32_t) written;
    return 1;
}

int
gl_db_truncate(struct gl_db *db)
{
    return db->handle != NULL && !db->transaction
               ? checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE)
               : 0;
}

int
gl_db_shorten_log(struct gl_db *db, int64_t now_ms, int64_t idle_ms)
{
    if (db->handle == NULL || db->transaction || db->log_pages == 0)
        return 0;
    if (db->busy_ms == 0)
        db->busy_ms = now_ms;
    int64_t still_ms = now_ms - db->busy_ms;
    int result = 0;
    if (db->log_pages >= GL_DB_LOG_BYTES_MAX / GL_DB_PAGE_BYTES ||
        still_ms >= idle_ms) {
        db->busy_ms = now_ms; /* a reader in the way: not again at once */
        result = checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE);
        if (db->handle != NULL)
            sqlite3_db_release_memory(db->handle);
    } else if (db->log_pages - db->log_written >= GL_DB_LOG_PAGES) {
        result = checkpoint(db, SQLITE_CHECKPOINT_PASSIVE);
    }
    return result;
}
