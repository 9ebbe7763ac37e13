/*
 * One statement of a connection: bound, stepped, and what its failure means.
 * Errors have a class (error.h), and the first one inside a transaction
 * sticks.
 */

#include "store/db/db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- failures ---- */

static enum gl_store_error
class_of(int rc)
{
    if (rc == SQLITE_IOERR_CORRUPTFS)
        return GL_STORE_CORRUPT;
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return GL_STORE_DATA;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* our texts are right: the tables are not ours */
    case SQLITE_SCHEMA:
        return GL_STORE_CORRUPT;
    default:
        return GL_STORE_ENVIRONMENT;
    }
}

int
gl_db_refuse(struct gl_db *db, enum gl_store_error class, const char *sentence)
{
    if (db->why != sentence)
        snprintf(db->why, sizeof db->why, "%s", sentence);
    db->spent = 1;
    if (db->transaction && !db->error)
        db->error = class;
    return -(int) class;
}

int
gl_db_fail(struct gl_db *db, int rc)
{
    const char *file = strrchr(db->path, '/');
    db->full =
        (rc & 0xff) == SQLITE_FULL ||
        (db->handle != NULL && sqlite3_system_errno(db->handle) == ENOSPC);
    if ((rc & 0xff) == SQLITE_IOERR)
        db->unsure = GL_DB_FAILED;
    snprintf(db->why, sizeof db->why, "%s: %s (%d)",
             file != NULL ? file + 1 : db->path,
             db->handle != NULL ? sqlite3_errmsg(db->handle)
                                : sqlite3_errstr(rc),
             db->handle != NULL ? sqlite3_extended_errcode(db->handle) : rc);
    return gl_db_refuse(db, class_of(rc), db->why);
}

int
gl_db_writable(struct gl_db *db)
{
    if (db->error)
        return -db->error;
    if (!db->transaction)
        return gl_db_refuse(db, GL_STORE_DATA, "no transaction is open");
    return 0;
}

int
gl_db_exec(struct gl_db *db, const char *sql)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : gl_db_fail(db, rc);
}

/* ---- steps ---- */

int
gl_db_step(struct gl_db *db, sqlite3_stmt *statement)
{
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        return 1;
    int result = rc == SQLITE_DONE ? 0 : gl_db_fail(db, rc);
    sqlite3_reset(statement);
    return result;
}

int
gl_db_run(struct gl_db *db, sqlite3_stmt *statement)
{
    int result = gl_db_step(db, statement);
    return result < 0 ? result : sqlite3_changes(db->handle);
}

int
gl_db_done(struct gl_db *db, sqlite3_stmt *statement)
{
    int result = gl_db_run(db, statement);
    return result < 0 ? result : 0;
}

int
gl_db_changed(struct gl_db *db, sqlite3_stmt *statement)
{
    int result = gl_db_run(db, statement);
    return result < 0 ? result : result > 0;
}

/*
 * Binding copies nothing: the bytes live until the statement is reset, which
 * is before our function returns.  A failed bind (no memory, too big) leaves
 * NULL, which a NOT NULL column refuses.
 */
void
gl_db_bind_text(sqlite3_stmt *statement, int at, struct gl_text text)
{
    sqlite3_bind_text(statement, at, text.len ? text.data : "", (int) text.len,
                      SQLITE_STATIC);
}

void
gl_db_bind_string(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

void
gl_db_bind_int(sqlite3_stmt *statement, int at, int64_t value)
{
    sqlite3_bind_int64(statement, at, value);
}

void
gl_db_bind_code(sqlite3_stmt *statement, int at, int64_t value)
{
    if (value)
        sqlite3_bind_int64(statement, at, value);
    else
        sqlite3_bind_null(statement, at);
}

void
gl_db_bind_blob(sqlite3_stmt *statement, int at, const void *bytes, int len)
{
    sqlite3_bind_blob(statement, at, bytes, len, SQLITE_STATIC);
}

uint32_t
gl_db_column_code(sqlite3_stmt *statement, int at)
{
    return (uint32_t) sqlite3_column_int64(statement, at);
}

void
gl_db_column_string(sqlite3_stmt *statement, int at, char *to, size_t size)
{
    const char *text = (const char *) sqlite3_column_text(statement, at);
    snprintf(to, size, "%s", text != NULL ? text : "");
}
