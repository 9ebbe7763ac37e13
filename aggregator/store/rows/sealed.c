/* Sealed days in an account's file; see sealed.h. */

#include "store/rows/sealed.h"

#include <string.h>

#include "crc32c.h"
#include "store/account/account_internal.h"

/* How it is stored: of another format it is another one. */
static uint64_t
stored(uint64_t token)
{
    return gl_sealed_token(token, GL_SEALED_FORMAT);
}

/* ---- looking for work ---- */

/* The row that ASK stands on is another day than DAY. */
static int
is_other(sqlite3_stmt *ask, const struct gl_sealed_day *day)
{
    return sqlite3_column_int64(ask, 0) != day->site ||
           sqlite3_column_int64(ask, 1) != day->day;
}

/* All spans of the day that ASK stands on: 1 = it is sealed as it is. */
static int
take_day(struct gl_account *account, sqlite3_stmt *ask,
         struct gl_sealed_day *day, int *rc)
{
    int sealed = sqlite3_column_type(ask, 3) != SQLITE_NULL;
    uint64_t token = (uint64_t) sqlite3_column_int64(ask, 3);
    *day = (struct gl_sealed_day){sqlite3_column_int64(ask, 0),
                                  sqlite3_column_int64(ask, 1), 0};
    do
        day->token =
            gl_day_token(day->token, (uint64_t) sqlite3_column_int64(ask, 2));
    while ((*rc = gl_db_step(&account->db, ask)) == 1 && !is_other(ask, day));
    return sealed && token == stored(day->token);
}

int
gl_account_next_unsealed(struct gl_account *account, int64_t before,
                         struct gl_sealed_day *day)
{
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_UNSEALED,
                        GL_VALUES(gl_as_int(day->site), gl_as_int(day->day),
                                  gl_as_int(before)));
    int rc = gl_db_step(&account->db, ask);
    while (rc == 1) {
        if (take_day(account, ask, day, &rc))
            continue;
        sqlite3_reset(ask);
        return rc < 0 ? rc : 1;
    }
    return rc;
}

/* 1 = they are asked for in a turn. */
static int
are_few(struct gl_account *account)
{
    return gl_db_says(&account->db,
                      gl_account_ask_(account, GL_SQL_FEW_DAYS, NULL));
}

int
gl_account_look_for_unsealed(struct gl_account *account)
{
    struct gl_sealed_day day = {INT64_MIN, 0, 0};
    int64_t earliest = INT64_MAX;
    int found = are_few(account);
    if (found != 1)
        return found;
    while ((found = gl_account_next_unsealed(account, INT64_MAX, &day)) == 1)
        if (day.day < earliest)
            earliest = day.day;
    if (found == 0)
        account->changed_day = earliest;
    return found;
}

int
gl_account_unsettled(struct gl_account *account, int64_t site, int64_t day)
{
    return gl_db_says(
        &account->db,
        gl_account_ask_(account, GL_SQL_UNSETTLED,
                        GL_VALUES(gl_as_int(site), gl_as_int(day - 1),
                                  gl_as_int(day + 1),
                                  gl_as_int((day + 1) * GL_DAY_MS))));
}

/* ---- reading ---- */

int
gl_account_sealed_head(struct gl_account *account,
                       const struct gl_sealed_day *day,
                       uint8_t head[GL_SEALED_HEAD_MAX], size_t *len)
{
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_SEALED_DAY,
                        GL_VALUES(gl_as_int(day->site), gl_as_int(day->day),
                                  gl_as_int(stored(day->token))));
    int rc = gl_db_step(&account->db, ask);
    if (rc != 1)
        return rc;
    const void *bytes = sqlite3_column_blob(ask, 0);
    *len = (size_t) sqlite3_column_bytes(ask, 0);
    if (*len > GL_SEALED_HEAD_MAX)
        *len = 0;
    if (*len > 0)
        memcpy(head, bytes, *len);
    sqlite3_reset(ask);
    return 1;
}

/* The pieces of the part that ASK stands on. */
static int
take_pieces(struct gl_account *account, sqlite3_stmt *ask,
            void (*take)(void *arg, const void *bytes, size_t len), void *arg)
{
    int rc;
    for (int64_t piece = 0; (rc = gl_db_step(&account->db, ask)) == 1;
         piece++) {
        const void *bytes = sqlite3_column_blob(ask, 2);
        size_t len = (size_t) sqlite3_column_bytes(ask, 2);
        if (sqlite3_column_int64(ask, 0) != piece || bytes == NULL ||
            gl_crc32c(0, bytes, len) != sqlite3_column_int64(ask, 1)) {
            sqlite3_reset(ask);
            return 1;
        }
        take(arg, bytes, len);
    }
    return rc;
}

int
gl_account_sealed_part(struct gl_account *account,
                       const struct gl_sealed_day *day, int part,
                       void (*take)(void *arg, const void *bytes, size_t len),
                       void *arg)
{
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_SEALED_PART,
        GL_VALUES(gl_as_int(day->site), gl_as_int(day->day), gl_as_int(part)));
    return take_pieces(account, ask, take, arg);
}

/* ---- writing ---- */

int
gl_account_seal_piece(struct gl_account *account,
                      const struct gl_sealed_day *day,
                      const struct gl_sealed_piece *piece)
{
    return gl_db_change(
        &account->db, GL_SQL_SEAL_PIECE,
        GL_VALUES(gl_as_int(day->site), gl_as_int(day->day),
                  gl_as_int(piece->part), gl_as_int(piece->piece),
                  gl_as_int(gl_crc32c(0, piece->bytes, piece->len)),
                  gl_as_blob(piece->bytes, (int) piece->len)));
}

int
gl_account_seal_day(struct gl_account *account,
                    const struct gl_sealed_day *day, int pieces,
                    const void *head, size_t len)
{
    return gl_db_change(&account->db, GL_SQL_SEAL_DAY,
                        GL_VALUES(gl_as_int(day->site), gl_as_int(day->day),
                                  gl_as_int(stored(day->token)),
                                  gl_as_int(pieces),
                                  gl_as_blob(head, (int) len)));
}

int
gl_account_unseal(struct gl_account *account, int64_t site, int64_t from,
                  int64_t to, int pieces)
{
    int rc = gl_db_change(
        &account->db, GL_SQL_UNSEAL_DAYS,
        GL_VALUES(gl_as_int(site), gl_as_int(from), gl_as_int(to)));
    return rc < 0 ? rc
                  : gl_db_changed(&account->db, GL_SQL_UNSEAL_PIECES,
                                  GL_VALUES(gl_as_int(site), gl_as_int(from),
                                            gl_as_int(to), gl_as_int(pieces)));
}

/* ---- what has changed ---- */

int64_t
gl_account_changed_day(const struct gl_account *account)
{
    return account->changed_day;
}

void
gl_account_looked(struct gl_account *account, int64_t from)
{
    account->changed_day = from;
}
