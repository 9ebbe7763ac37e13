/* Statements of a connection; see statement.h. */

#include "store/db/db.h"

#include "gl_assert.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- bind ---- */

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

/* All of them, if there are some. */
static void
bind(sqlite3_stmt *statement, const struct gl_value *values)
{
    const struct gl_value *value = values;
    int at = 1;
    if (values == NULL)
        return;
    for (; value->kind != GL_VALUE_END; at++, value++)
        switch (value->kind) {
        case GL_VALUE_INT:
            gl_db_bind_int(statement, at, value->number);
            break;
        case GL_VALUE_TEXT:
            sqlite3_bind_text(statement, at, value->bytes, value->len,
                              SQLITE_STATIC);
            break;
        case GL_VALUE_BLOB:
            sqlite3_bind_blob(statement, at, value->bytes, value->len,
                              SQLITE_STATIC);
            break;
        default:
            gl_db_bind_code(statement, at, value->number);
        }
    GL_ASSERT(at - 1 == sqlite3_bind_parameter_count(statement));
}

/* ---- by number ---- */

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
gl_db_ask(struct gl_db *db, int number, const struct gl_value *values)
{
    int rc = db->error ? -db->error : gl_db_open(db), code;
    if (rc == 0 &&
        (db->statements == NULL || db->statements[number] == NULL) &&
        (code = prepare(db, number)) != SQLITE_OK)
        rc = gl_db_fail(db, code);
    if (rc != 0) {
        db->none = rc;
        return NULL;
    }
    bind(db->statements[number], values);
    return db->statements[number];
}

sqlite3_stmt *
gl_db_to_change(struct gl_db *db, int number, const struct gl_value *values)
{
    int rc = gl_db_writable(db);
    if (rc == 0)
        return gl_db_ask(db, number, values);
    db->none = rc;
    return NULL;
}

/* ---- steps ---- */

int
gl_db_step(struct gl_db *db, sqlite3_stmt *statement)
{
    if (statement == NULL)
        return db->none;
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        return 1;
    int result = rc == SQLITE_DONE ? 0 : gl_db_fail(db, rc);
    sqlite3_reset(statement);
    return result;
}

int
gl_db_first(struct gl_db *db, sqlite3_stmt *ask, int64_t *value)
{
    int rc = gl_db_step(db, ask);
    *value = rc == 1 ? sqlite3_column_int64(ask, 0) : 0;
    if (rc == 1)
        rc = sqlite3_column_type(ask, 0) != SQLITE_NULL;
    sqlite3_reset(ask);
    return rc;
}

int
gl_db_says(struct gl_db *db, sqlite3_stmt *ask)
{
    int64_t says;
    int rc = gl_db_first(db, ask, &says);
    return rc < 0 ? rc : says != 0;
}

int
gl_db_run(struct gl_db *db, sqlite3_stmt *change)
{
    int result = gl_db_step(db, change);
    return result < 0 ? result : sqlite3_changes(db->handle);
}

int
gl_db_done(struct gl_db *db, sqlite3_stmt *change)
{
    int result = gl_db_run(db, change);
    return result < 0 ? result : 0;
}

int
gl_db_changed(struct gl_db *db, int number, const struct gl_value *values)
{
    return gl_db_run(db, gl_db_to_change(db, number, values));
}

int
gl_db_change(struct gl_db *db, int number, const struct gl_value *values)
{
    return gl_db_done(db, gl_db_to_change(db, number, values));
}

int
gl_db_change_all(struct gl_db *db, const int *numbers, size_t n,
                 const struct gl_value *values)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = gl_db_change(db, numbers[i], values);
    return rc;
}

/* ---- columns ---- */

uint32_t
gl_db_column_code(sqlite3_stmt *statement, int at)
{
    return (uint32_t) sqlite3_column_int64(statement, at);
}

const char *
gl_db_column_text(sqlite3_stmt *statement, int at)
{
    const char *text = (const char *) sqlite3_column_text(statement, at);
    return text != NULL ? text : "";
}

void
gl_db_column_string(sqlite3_stmt *statement, int at, char *to, size_t size)
{
    snprintf(to, size, "%s", gl_db_column_text(statement, at));
}
