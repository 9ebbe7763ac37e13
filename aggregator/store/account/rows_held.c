/* See rows_held.h. */

#include "store/account/rows_held.h"

#include "store/account/account_internal.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(GL_ROW_NUMBERS_N + 3 == GL_INSERT_N, "three texts come last");

struct gl_rows_held {
    int n;
    int64_t rows[GL_SQL_ROWS_N][GL_ROW_NUMBERS_N];
    int64_t bound[GL_SQL_ROWS_N][GL_ROW_NUMBERS_N]; /* 0 = NULL */
};

#define NOT_NULL_N 5 /* the first of them */

static void
bind_number(sqlite3_stmt *insert, int at, int column, int64_t value)
{
    if (column < NOT_NULL_N)
        gl_db_bind_int(insert, at, value);
    else
        gl_db_bind_code(insert, at, value);
}

/* A parameter keeps its value: it is bound when it changes. */
static void
bind_row(struct gl_rows_held *held, sqlite3_stmt *insert, int row)
{
    for (int i = 0; i < GL_ROW_NUMBERS_N; i++)
        if (i < NOT_NULL_N || held->rows[row][i] != held->bound[row][i]) {
            held->bound[row][i] = held->rows[row][i];
            bind_number(insert, row * GL_ROW_NUMBERS_N + i + 1, i,
                        held->rows[row][i]);
        }
}

static int
insert_all(struct gl_account *account, struct gl_rows_held *held)
{
    sqlite3_stmt *insert =
        gl_db_to_change(&account->db, GL_SQL_INSERT_ROWS, NULL);
    for (int i = 0; i < GL_SQL_ROWS_N; i++)
        bind_row(held, insert, i);
    held->n = 0;
    return gl_db_done(&account->db, insert);
}

/* What is no full statement. */
static int
insert_one(struct gl_account *account, const int64_t row[GL_ROW_NUMBERS_N])
{
    sqlite3_stmt *insert =
        gl_db_to_change(&account->db, GL_SQL_INSERT_ROW, NULL);
    for (int i = 0; i < GL_ROW_NUMBERS_N; i++)
        bind_number(insert, i + 1, i, row[i]);
    return gl_db_done(&account->db, insert);
}

void
gl_rows_forget_(struct gl_account *account)
{
    free(account->held);
    account->held = NULL;
}

int
gl_rows_flush_(struct gl_account *account)
{
    struct gl_rows_held *held = account->held;
    int rc = 0;
    if (held == NULL)
        return 0;
    for (int i = 0; rc == 0 && i < held->n; i++)
        rc = insert_one(account, held->rows[i]);
    gl_rows_forget_(account);
    return rc;
}

/* No parameter of a statement that others may have run is known. */
static int
begin(struct gl_account *account)
{
    sqlite3_stmt *insert;
    if (account->held != NULL)
        return 0;
    insert = gl_db_to_change(&account->db, GL_SQL_INSERT_ROWS, NULL);
    if (insert == NULL)
        return account->db.none;
    account->held = calloc(1, sizeof *account->held);
    if (account->held == NULL)
        return gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                            "out of memory");
    sqlite3_clear_bindings(insert);
    return 0;
}

int
gl_rows_hold_(struct gl_account *account,
              const int64_t numbers[GL_ROW_NUMBERS_N])
{
    struct gl_rows_held *held;
    int rc = begin(account);
    if (rc != 0)
        return rc;
    held = account->held;
    memcpy(held->rows[held->n++], numbers, sizeof held->rows[0]);
    return held->n == GL_SQL_ROWS_N ? insert_all(account, held) : 0;
}
