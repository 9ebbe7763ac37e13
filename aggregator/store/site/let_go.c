/* Days whose rows are let go; see let_go.h. */

#include "store/site/let_go.h"

#include "store/account/account_internal.h"
#include "store/rows/rows_internal.h"
#include "store/rows/rows.h"
#include "store/site/step.h"

/* The number that statement NUMBER says: as gl_db_first(). */
static int
ask_number(struct gl_account *account, int number,
           const struct gl_value *values, int64_t *is)
{
    return gl_db_first(&account->db, gl_account_ask_(account, number, values),
                       is);
}

int
gl_account_let_go_day(struct gl_account *account, int64_t site, int64_t *day)
{
    int rc;
    if (account->let_go.site == site && account->db.transaction) {
        *day = account->let_go.day;
        return account->let_go.is;
    }
    rc = ask_number(account, GL_SQL_LET_GO_DAY, GL_VALUES(gl_as_int(site)),
                    day);
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
    return ask_number(account, GL_SQL_NEXT_LET_GO,
                      GL_VALUES(gl_as_int(site), gl_as_int(from)), day);
}

int
gl_account_has_rows_(struct gl_account *account, int64_t site, int64_t day)
{
    int64_t one;
    int rc = ask_number(account, GL_SQL_IS_LET_GO,
                        GL_VALUES(gl_as_int(site), gl_as_int(day)), &one);
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
        rc = ask_number(account, GL_SQL_LETTING_GO, GL_VALUES(gl_as_int(site)),
                        day);
    if (rc != 0)
        return rc < 0 ? rc : GL_LET_GO_ROWS;
    rc = ask_number(account, GL_SQL_NEXT_KEPT,
                    GL_VALUES(gl_as_int(site), gl_as_int(INT64_MIN)), day);
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
    static const int deletes[] = {GL_SQL_DELETE_EVENTS, GL_SQL_DELETE_VISITS};
    const struct gl_value first = gl_as_int(range.first),
                          last = gl_as_int(range.last),
                          from = gl_as_int(day * GL_DAY_MS),
                          to = gl_as_int((day + 1) * GL_DAY_MS);
    int rc = gl_db_change(
        &account->db, GL_SQL_ADD_LET_GO,
        GL_VALUES(first, last, gl_as_int(site), from, to, gl_as_int(day)));
    return rc < 0 ? rc
                  : gl_db_change_all(
                        &account->db, deletes, 2,
                        GL_VALUES(first, last, gl_as_int(site), from, to));
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
    account->let_go.site = 0;
    return gl_db_changed(
        &account->db, GL_SQL_LET_GO,
        GL_VALUES(gl_as_int(day->site), gl_as_int(day->day),
                  gl_as_int(gl_sealed_token(day->token, GL_SEALED_FORMAT)),
                  gl_as_string(what->words)));
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
    return ask_number(account, GL_SQL_FIRST_ROW,
                      GL_VALUES(gl_as_int(range.first), gl_as_int(range.last),
                                gl_as_int(site), gl_as_int(day * GL_DAY_MS),
                                gl_as_int((day + 1) * GL_DAY_MS)),
                      id);
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
    GArray *ranges;
    int rc = gl_file_begin(&account->file, GL_COMMIT_FULL);
    if (rc != 0)
        return rc;
    rc = gl_account_ranges_(account, site, day, day, 0, &ranges);
    for (guint i = 0; rc == 0 && i < ranges->len; i++)
        rc = delete_some(account, site, day, gl_range_at(ranges, i), &left);
    g_array_free(ranges, TRUE);
    if (rc == 0)
        rc = gl_db_change(&account->db, GL_SQL_LET_GO_DONE,
                          GL_VALUES(gl_as_int(site), gl_as_int(day)));
    return gl_account_end_step_(account, rc);
}

int
gl_account_is_loose(struct gl_account *account)
{
    return gl_db_says(&account->db,
                      gl_account_ask_(account, GL_SQL_FREE_PAGES, NULL));
}
