/*
 * Small counters of an account: bots, drops, dirty days, imports.
 */

#include "store/account/account_internal.h"
#include "store/rows/tallies.h"

#include <string.h>

int
gl_account_add_bot(struct gl_account *account, int64_t site, int64_t day,
                   const struct gl_store_bot *bot, uint64_t n)
{
    const char *const texts[GL_BOT_TEXTS_N] = {
        bot->reason, bot->family, bot->page, bot->operator, bot->kind };
    return gl_bots_added_(account, site, day, texts, n);
}

int
gl_account_add_drop(struct gl_account *account, int64_t site, int64_t day,
                    struct gl_text reason, uint64_t n)
{
    return gl_db_change(&account->db, GL_SQL_ADD_DROP,
                        GL_VALUES(gl_as_int(site), gl_as_int(day),
                                  gl_as_text(reason), gl_as_int(n)));
}

int
gl_account_uncounted(struct gl_account *account, int64_t site, int64_t first,
                     int64_t last,
                     void (*take)(void *arg, int of_bots, const char *reason,
                                  int64_t n),
                     void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_UNCOUNTED,
        GL_VALUES(gl_as_int(site), gl_as_int(first), gl_as_int(last)));
    while ((rc = gl_db_step(&account->db, ask)) == 1)
        take(arg, sqlite3_column_int(ask, 0),
             (const char *) sqlite3_column_text(ask, 1),
             sqlite3_column_int64(ask, 2));
    sqlite3_reset(ask);
    return rc;
}

/* ---- dirty days ---- */

int
gl_account_add_dirty(struct gl_account *account, int64_t site, int64_t day)
{
    return gl_db_change(&account->db, GL_SQL_ADD_DIRTY,
                        GL_VALUES(gl_as_int(site), gl_as_int(day)));
}

int
gl_account_clear_dirty(struct gl_account *account, int64_t site, int64_t day)
{
    return gl_db_change(&account->db, GL_SQL_CLEAR_DIRTY,
                        GL_VALUES(gl_as_int(site), gl_as_int(day)));
}

int
gl_account_dirty(struct gl_account *account, int64_t site,
                 int (*dirty)(void *arg, int64_t site, int64_t day), void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_DIRTY,
                        GL_VALUES(gl_as_int(site ? site : INT64_MIN),
                                  gl_as_int(site ? site : INT64_MAX)));
    account->reading++;
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1)
        stop = dirty(arg, sqlite3_column_int64(ask, 0),
                     sqlite3_column_int64(ask, 1));
    account->reading--;
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

/* ---- late visitors ---- */

int
gl_account_add_late(struct gl_account *account, int64_t site, int64_t day,
                    uint64_t visitor)
{
    return gl_db_change(
        &account->db, GL_SQL_ADD_LATE,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_int(visitor)));
}

int
gl_account_clear_late(struct gl_account *account, int64_t site, int64_t day,
                      uint64_t visitor)
{
    return gl_db_change(
        &account->db, GL_SQL_CLEAR_LATE,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_int(visitor)));
}

int
gl_account_late(struct gl_account *account, int64_t site,
                int (*late)(void *arg, int64_t site, int64_t day,
                            uint64_t visitor),
                void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_LATE,
                        GL_VALUES(gl_as_int(site ? site : INT64_MIN),
                                  gl_as_int(site ? site : INT64_MAX)));
    account->reading++;
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1)
        stop = late(arg, sqlite3_column_int64(ask, 0),
                    sqlite3_column_int64(ask, 1),
                    (uint64_t) sqlite3_column_int64(ask, 2));
    account->reading--;
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

/* ---- imports ---- */

int
gl_account_import(struct gl_account *account, const char *hash, int64_t site,
                  struct gl_store_import *import)
{
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_IMPORT,
                        GL_VALUES(gl_as_string(hash), gl_as_int(site)));
    int rc = gl_db_step(&account->db, ask);
    if (rc != 1)
        return rc;
    *import = (struct gl_store_import){
        .site = sqlite3_column_int64(ask, 1),
        .offset = sqlite3_column_int64(ask, 2),
        .lines = sqlite3_column_int64(ask, 3),
        .done = sqlite3_column_int(ask, 4),
        .at_ms = sqlite3_column_int64(ask, 5),
    };
    gl_db_column_string(ask, 0, import->hash, sizeof import->hash);
    if (sqlite3_column_bytes(ask, 6) == sizeof import->key)
        memcpy(import->key, sqlite3_column_blob(ask, 6), sizeof import->key);
    sqlite3_reset(ask);
    return 1;
}

int
gl_account_import_key(struct gl_account *account, int64_t site,
                      uint8_t key[16])
{
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_IMPORT_KEY,
                                        GL_VALUES(gl_as_int(site)));
    int rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        memcpy(key, sqlite3_column_blob(ask, 0), 16);
    sqlite3_reset(ask);
    return rc;
}

int
gl_account_put_import(struct gl_account *account,
                      const struct gl_store_import *import)
{
    return gl_db_change(
        &account->db, GL_SQL_PUT_IMPORT,
        GL_VALUES(gl_as_string(import->hash), gl_as_int(import->site),
                  gl_as_int(import->offset), gl_as_int(import->lines),
                  gl_as_int(import->done != 0), gl_as_int(import->at_ms),
                  gl_as_blob(import->key, sizeof import->key)));
}
