/*
 * A connection's transactions, and its log, which goes back into the file
 * between them.
 */

#include "store/db/db.h"

#include "point.h"
#include "store/db/file_statements.h"
#include "store/db/switches.h"

#include <fcntl.h>
#include <string.h>

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
    return gl_db_done(db, gl_db_ask(db, (int) number, NULL));
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

void
gl_db_end(struct gl_db *db)
{
    if (db->transaction)
        gl_db_rollback(db);
    gl_db_truncate(db);
    gl_db_fini(db);
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
