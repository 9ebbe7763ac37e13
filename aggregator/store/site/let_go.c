/* Days whose rows are let go; see let_go.h. */

#include "store/site/let_go.h"

#include <stdlib.h>

#include "store/account/account_internal.h"
#include "store/rows/ranges.h"
#include "store/rows/rows.h"
#include "store/site/step.h"

/* The number that statement NUMBER says, which may be NULL: 1, 0 = it says
 * none, or an error. */
static int
ask_day(struct gl_account *account, int number, int64_t site, int64_t other,
        int64_t *day)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(account, number, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    if (sqlite3_bind_parameter_count(ask) > 1)
        gl_db_bind_int(ask, 2, other);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1) {
        rc = sqlite3_column_type(ask, 0) != SQLITE_NULL;
        *day = sqlite3_column_int64(ask, 0);
        sqlite3_reset(ask);
    }
    return rc;
}

int
gl_account_let_go_day(struct gl_account *account, int64_t site, int64_t *day)
{
    int rc;
    if (account->let_go.site == site && account->db.transaction) {
        *day = account->let_go.day;
        return account->let_go.is;
    }
    *day = 0;
    rc = ask_day(account, GL_SQL_LET_GO_DAY, site, 0, day);
    if (rc < 0 || !account->db.transaction)
        return rc;
    account->let_go.site = site;
    account->let_go.day = *day;
    account->let_go.is = rc;
    return rc;
}

int
gl_account_next_let_go(struct gl_account *account, int64_t site, int64_t from,
                       int64_t *day)
{
    return ask_day(account, GL_SQL_NEXT_LET_GO, site, from, day);
}

int
gl_account_has_rows_(struct gl_account *account, int64_t site, int64_t day)
{
    int64_t one;
    int rc = ask_day(account, GL_SQL_IS_LET_GO, site, day, &one);
    return rc <= 0 ? rc
                   : gl_db_refuse(&account->db, GL_STORE_CORRUPT,
                                  "a day whose rows were let go cannot be "
                                  "read; put back a backup");
}

int
gl_account_let_go_next(struct gl_account *account, int64_t site,
                       int64_t before, int64_t *day)
{
    int rc = gl_account_flush_days_(account);
    if (rc == 0)
        rc = ask_day(account, GL_SQL_LETTING_GO, site, 0, day);
    if (rc != 0)
        return rc < 0 ? rc : GL_LET_GO_ROWS;
    rc = ask_day(account, GL_SQL_NEXT_KEPT, site, INT64_MIN, day);
    if (rc <= 0 || *day >= before)
        return rc < 0 ? rc : GL_LET_GO_NOTHING;
    return GL_LET_GO_DAY;
}

/* ---- let go ---- */

/* Rows FIRST to LAST of SITE and DAY, counted and deleted: 0 or an error. */
static int
delete_rows(struct gl_account *account, int64_t site, int64_t day,
            struct gl_range range)
{
    static const int all[] = {GL_SQL_ADD_LET_GO, GL_SQL_DELETE_EVENTS,
                              GL_SQL_DELETE_VISITS};
    const int64_t parameters[] = {
        range.first,           range.last, site, day * GL_DAY_MS,
        (day + 1) * GL_DAY_MS, day};
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof all / sizeof all[0]; i++)
        rc = gl_account_change_(
            account, all[i], all[i] == GL_SQL_ADD_LET_GO ? 6 : 5, parameters);
    return rc < 0 ? rc : 0;
}

/* The head is of the token that the day has: 1, 0 or an error. */
static int
put(struct gl_account *account, const struct gl_let_go_day *what)
{
    const struct gl_sealed_day *day = &what->day;
    uint64_t token;
    int rc =
        gl_account_day_tokens(account, day->site, day->day, day->day, &token);
    if (rc != 0 || token != day->token)
        return rc;
    sqlite3_stmt *let_go = gl_db_change(&account->db, GL_SQL_LET_GO, &rc);
    if (let_go == NULL)
        return rc;
    gl_db_bind_int(let_go, 1, day->site);
    gl_db_bind_int(let_go, 2, day->day);
    gl_db_bind_int(let_go, 3,
                   (int64_t) gl_sealed_token(day->token, GL_SEALED_FORMAT));
    gl_db_bind_string(let_go, 4, what->words);
    account->let_go.site = 0;
    return gl_db_changed(&account->db, let_go);
}

int
gl_account_let_go(struct gl_account *account, const struct gl_let_go_day *what)
{
    int rc = gl_file_begin(&account->file, GL_COMMIT_FULL);
    if (rc != 0)
        return rc;
    rc = put(account, what);
    for (size_t i = 0; rc == 1 && i < what->rows_n; i++) {
        struct gl_range row = {what->rows[i], what->rows[i]};
        int failed =
            delete_rows(account, what->day.site, what->day.day + 1, row);
        rc = failed < 0 ? failed : 1;
    }
    return gl_account_end_step_(account, rc);
}

/* The first row of the day in RANGE: 1 and *ID, 0 or an error. */
static int
find_row(struct gl_account *account, int64_t site, int64_t day,
         struct gl_range range, int64_t *id)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_FIRST_ROW, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, range.first);
    gl_db_bind_int(ask, 2, range.last);
    gl_db_bind_int(ask, 3, site);
    gl_db_bind_int(ask, 4, day * GL_DAY_MS);
    gl_db_bind_int(ask, 5, (day + 1) * GL_DAY_MS);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        *id = sqlite3_column_int64(ask, 0);
    sqlite3_reset(ask);
    return rc;
}

/* 1 = *LEFT rowids are used up. */
static int
delete_some(struct gl_account *account, int64_t site, int64_t day,
            struct gl_range range, int64_t *left)
{
    int64_t id = 0;
    int rc = find_row(account, site, day, range, &id);
    if (rc != 1)
        return rc;
    struct gl_range some = {id, range.last - id < *left ? range.last
                                                        : id + *left - 1};
    rc = delete_rows(account, site, day, some);
    *left -= some.last - some.first + 1;
    return rc < 0 ? rc : *left <= 0;
}

int
gl_account_let_go_rows(struct gl_account *account, int64_t site, int64_t day,
                       int rows)
{
    int64_t left = rows;
    struct gl_range *ranges;
    size_t n;
    int rc = gl_file_begin(&account->file, GL_COMMIT_FULL);
    if (rc != 0)
        return rc;
    rc = gl_account_ranges_(account, site, day, day, 0, &ranges, &n);
    if (rc == 0) {
        for (size_t i = 0; rc == 0 && i < n; i++)
            rc = delete_some(account, site, day, ranges[i], &left);
        free(ranges);
    }
    if (rc == 0) {
        rc = gl_account_change_(account, GL_SQL_LET_GO_DONE, 2,
                                (int64_t[]){site, day});
        rc = rc < 0 ? rc : 0;
    }
    return gl_account_end_step_(account, rc);
}

int
gl_account_is_loose(struct gl_account *account)
{
    int rc, loose = 0;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_FREE_PAGES, &rc);
    if (ask == NULL)
        return rc;
    rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        loose = sqlite3_column_int(ask, 0);
    sqlite3_reset(ask);
    return rc < 0 ? rc : loose;
}
