/*
 * Statements of a connection by their numbers: bound, stepped, reset.
 *
 * Who cannot have a statement gets NULL: to bind something to it does nothing,
 * and its step says why.  So nobody asks for NULL.
 *
 * Inside this room only.
 */

#ifndef GL_STORE_DB_STATEMENT_H
#define GL_STORE_DB_STATEMENT_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"

struct gl_db;

/* What a parameter is to be; bytes and texts live until the statement is
 * reset. */
struct gl_value {
    enum {
        GL_VALUE_END = 0, /* the last one was before this */
        GL_VALUE_INT,
        GL_VALUE_CODE,
        GL_VALUE_TEXT,
        GL_VALUE_BLOB
    } kind;
    int len;
    int64_t number;
    const void *bytes;
};

/* Those of a statement, in the order of its parameters. */
#define GL_VALUES(...) ((const struct gl_value[]){__VA_ARGS__, {0}})

static inline struct gl_value
gl_as_int(int64_t number)
{
    return (struct gl_value){.kind = GL_VALUE_INT, .number = number};
}

/* NULL when 0. */
static inline struct gl_value
gl_as_code(int64_t code)
{
    return (struct gl_value){.kind = GL_VALUE_CODE, .number = code};
}

static inline struct gl_value
gl_as_string(const char *text)
{
    return (struct gl_value){.kind = GL_VALUE_TEXT, .len = -1, .bytes = text};
}

static inline struct gl_value
gl_as_text(struct gl_text text)
{
    return (struct gl_value){.kind = GL_VALUE_TEXT,
                             .len = (int) text.len,
                             .bytes = text.len ? text.data : ""};
}

static inline struct gl_value
gl_as_blob(const void *bytes, int len)
{
    return (struct gl_value){
        .kind = GL_VALUE_BLOB, .len = len, .bytes = bytes};
}

/* The statement NUMBER, reset, with VALUES for all its parameters (NULL =
 * bound by the caller): one that asks, and one that changes, only inside a
 * transaction that did not fail. */
sqlite3_stmt *gl_db_ask(struct gl_db *db, int number,
                        const struct gl_value *values);
sqlite3_stmt *gl_db_to_change(struct gl_db *db, int number,
                              const struct gl_value *values);

/* 1 a row, 0 the end (and reset), or an error (and reset). */
int gl_db_step(struct gl_db *db, sqlite3_stmt *statement);
/* *VALUE is the first column of its first row, and it is reset: 1, 0 = there
 * is none, or it is NULL, and *VALUE 0; or an error. */
int gl_db_first(struct gl_db *db, sqlite3_stmt *ask, int64_t *value);
/* Of one that asks yes or no, in one row: 1, 0, or an error. */
int gl_db_says(struct gl_db *db, sqlite3_stmt *ask);
/* Step a statement without rows to its end: rows changed, or an error. */
int gl_db_run(struct gl_db *db, sqlite3_stmt *change);
/* The same: 0, or an error. */
int gl_db_done(struct gl_db *db, sqlite3_stmt *change);

/* Change what the statement NUMBER says, with VALUES (NULL = it has none): 0,
 * or an error. */
int gl_db_change(struct gl_db *db, int number, const struct gl_value *values);
/* The same: rows changed, or an error. */
int gl_db_changed(struct gl_db *db, int number, const struct gl_value *values);
/* All N of NUMBERS, each with VALUES: 0, or an error. */
int gl_db_change_all(struct gl_db *db, const int *numbers, size_t n,
                     const struct gl_value *values);

void gl_db_bind_text(sqlite3_stmt *statement, int at, struct gl_text text);
void gl_db_bind_int(sqlite3_stmt *statement, int at, int64_t value);
/* NULL when 0. */
void gl_db_bind_code(sqlite3_stmt *statement, int at, int64_t value);
/* A code, or another number of 32 bits; 0 of NULL. */
uint32_t gl_db_column_code(sqlite3_stmt *statement, int at);
/* Copy a text column into TO, cut at SIZE - 1 bytes. */
void gl_db_column_string(sqlite3_stmt *statement, int at, char *to,
                         size_t size);
/* A text column, "" of NULL, until the next step. */
const char *gl_db_column_text(sqlite3_stmt *statement, int at);

#endif
