/*
 * What a failure means: it has a class (error.h), and the first one inside a
 * transaction sticks.
 */

#include "store/db/db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
