/* Plain SQL for the tests of the store; see store_probe.h. */

#include "store_probe.h"

#include <stdio.h>
#include <string.h>

#include "store/account/accounts.h"
#include "store/db/db.h"
#include "store/rows/rows.h"

struct gl_accounts *
probe_pool(const char *data, size_t open_max, struct gl_account **account)
{
    char why[256];
    struct gl_accounts_options options = {.data = data, .open_max = open_max};
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof why);
    if (pool == NULL)
        tap_bail("no pool: %s", why);
    if (gl_accounts_create(pool, PROBE_ID) != 0)
        tap_bail("no account: %s",
                 gl_account_why(gl_accounts_get(pool, PROBE_ID)));
    *account = gl_accounts_get(pool, PROBE_ID);
    return pool;
}

int
probe_let_go(struct gl_account *account)
{
    struct gl_file *file = gl_account_file(account);
    uint32_t upto;
    gl_file_close(file);
    return gl_file_upto(file, (const uint8_t[16]){0}, &upto);
}

const char *
probe_file(const char *data)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/acct/%s.db", data, PROBE_ID);
    return path;
}

static sqlite3 *
open_file(const char *file, int flags)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(file, &db, flags, NULL) != SQLITE_OK)
        tap_bail("%s: %s", file, sqlite3_errmsg(db));
    return db;
}

/* Step SQL to its first row on a connection of its own. */
static sqlite3_stmt *
first_row(const char *file, const char *sql, sqlite3 **db)
{
    sqlite3_stmt *statement = NULL;
    *db = open_file(file, SQLITE_OPEN_READONLY);
    if (sqlite3_prepare_v2(*db, sql, -1, &statement, NULL) != SQLITE_OK)
        tap_bail("%s: %s", sql, sqlite3_errmsg(*db));
    if (sqlite3_step(statement) == SQLITE_ROW)
        return statement;
    sqlite3_finalize(statement);
    return NULL;
}

int64_t
probe_int(const char *file, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *row = first_row(file, sql, &db);
    int64_t value = row != NULL && sqlite3_column_type(row, 0) != SQLITE_NULL
                        ? sqlite3_column_int64(row, 0)
                        : INT64_MIN;
    sqlite3_finalize(row);
    sqlite3_close(db);
    return value;
}

const char *
probe_text(const char *file, const char *sql)
{
    static char text[4096];
    sqlite3 *db;
    sqlite3_stmt *row = first_row(file, sql, &db);
    const unsigned char *value =
        row != NULL ? sqlite3_column_text(row, 0) : NULL;
    snprintf(text, sizeof text, "%s",
             value != NULL ? (const char *) value : "");
    sqlite3_finalize(row);
    sqlite3_close(db);
    return text;
}

void
probe_exec(const char *file, const char *sql)
{
    sqlite3 *db = open_file(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        tap_bail("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

struct gl_store_event
probe_event(int64_t at_ms, uint64_t visitor)
{
    return (struct gl_store_event){.site = PROBE_SITE,
                                   .at_ms = at_ms,
                                   .visitor = visitor,
                                   .kind = GL_PAGEVIEW};
}

struct gl_text
probe_word(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}
