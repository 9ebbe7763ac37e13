/*
 * One site's rows as a whole: which sites are here, delete one.  In steps,
 * each its own transaction, so that the writer thread goes on in between; each
 * may be repeated.  Copying is copy.c.
 */

#include "store/account/account_internal.h"
#include "store/rows/sealed.h"
#include "store/site/sites.h"
#include "store/site/step.h"

static int
list_sites(struct gl_account *account, int number,
           int (*site)(void *arg, int64_t site), void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_account_ask_(account, number, NULL);
    account->reading++;
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1)
        stop = site(arg, sqlite3_column_int64(ask, 0));
    account->reading--;
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

int
gl_account_sites(struct gl_account *account,
                 int (*site)(void *arg, int64_t site), void *arg)
{
    int rc = account->db.transaction ? gl_account_flush_days_(account) : 0;
    return rc ? rc : list_sites(account, GL_SQL_SITES, site, arg);
}

int
gl_account_has_site(struct gl_account *account, int64_t site)
{
    return gl_db_says(
        &account->db,
        gl_account_ask_(account, GL_SQL_HAS_SITE, GL_VALUES(gl_as_int(site))));
}

int
gl_account_open_sites(struct gl_account *account,
                      int (*site)(void *arg, int64_t site), void *arg)
{
    return list_sites(account, GL_SQL_OPEN_SITES, site, arg);
}

int
gl_account_end_step_(struct gl_account *account, int rc)
{
    int committed = rc < 0 ? rc : gl_file_commit(&account->file);
    if (committed == 0)
        return rc;
    gl_file_close(&account->file);
    return committed;
}

/* ---- delete ---- */

/* The rows of DAY in RANGE, at most MOST rowids of it; *LAST is the last of
 * them. */
static int
delete_range(struct gl_account *account, int64_t site, int64_t day,
             struct gl_range range, int64_t most, int64_t *last,
             struct gl_deleted *deleted)
{
    *last =
        range.last - range.first < most ? range.last : range.first + most - 1;
    const struct gl_value *rows = GL_VALUES(
        gl_as_int(range.first), gl_as_int(*last), gl_as_int(site),
        gl_as_int(day * GL_DAY_MS), gl_as_int((day + 1) * GL_DAY_MS));
    int rc = gl_db_changed(&account->db, GL_SQL_DELETE_EVENTS, rows);
    if (rc < 0)
        return rc;
    deleted->events += rc;
    return gl_db_change(&account->db, GL_SQL_DELETE_VISITS, rows);
}

/* The first stretch of SPAN, at most *LEFT rowids of it; what is left of both
 * becomes spans of their own. */
static int
delete_stretch(struct gl_account *account, int64_t site, int64_t day,
               struct gl_span span, int64_t *left, struct gl_deleted *deleted)
{
    struct gl_range range = {span.first, span.last};
    int64_t last;
    int rc = gl_db_change(
        &account->db, GL_SQL_DELETE_SPAN,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_int(span.first)));
    gl_span_next_(&span, &range);
    if (deleted->days == 0 || deleted->day != day)
        deleted->days++;
    deleted->day = day;
    if (rc >= 0)
        rc = delete_range(account, site, day, range, *left, &last, deleted);
    if (rc == 0 && last < range.last)
        rc = gl_account_put_span_(
            account, site, day,
            (struct gl_span){.first = last + 1, .last = range.last}, 0);
    if (rc == 0 && span.first <= span.last)
        rc = gl_account_put_span_(account, site, day, span, 0);
    *left -= range.last - range.first + 1;
    return rc;
}

/* Of days before BEFORE: 1 = the step's rows are used up, 0 = no span is
 * left. */
static int
delete_rows(struct gl_account *account, int64_t site, int64_t before,
            int64_t left, struct gl_deleted *deleted)
{
    int rc = 0;
    uint8_t gaps[GL_SPAN_GAPS_MAX];
    while (rc == 0 && left > 0) {
        sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_FIRST_SPAN,
                                            GL_VALUES(gl_as_int(site)));
        rc = gl_db_step(&account->db, ask);
        if (rc != 1)
            return rc;
        struct gl_span span = gl_account_take_span_(ask, gaps);
        int64_t day = sqlite3_column_int64(ask, 3);
        sqlite3_reset(ask);
        if (day >= before)
            return 0;
        rc = delete_stretch(account, site, day, span, &left, deleted);
    }
    return rc ? rc : 1;
}

/* A piece is deleted as fast as that many rows. */
#define PIECE_ROWS 256

/* What is sealed goes before the rows it was made from: 1 = the step's rows
 * are used up, 0 = none is left. */
static int
delete_sealed(struct gl_account *account, int64_t site, int64_t before,
              int64_t *left)
{
    int pieces = (int) (*left / PIECE_ROWS) + 1;
    account->let_go.site = 0;
    /* without it nobody misses what was sealed */
    int rc = gl_db_change(&account->db, GL_SQL_DELETE_LET_GO_BEFORE,
                          GL_VALUES(gl_as_int(site), gl_as_int(before)));
    if (rc >= 0)
        rc = gl_account_unseal(account, site, INT64_MIN, before - 1, pieces);
    if (rc < 0)
        return rc;
    *left -= (int64_t) rc * PIECE_ROWS;
    return rc == pieces;
}

/* 1 = the step's rows are used up, 0 = no total is left. */
static int
delete_totals(struct gl_account *account, int64_t site, int64_t left)
{
    int rc = gl_db_changed(&account->db, GL_SQL_DELETE_TOTALS,
                           GL_VALUES(gl_as_int(site), gl_as_int(left)));
    return rc < 0 ? rc : rc == left;
}

/* What else a site has. */
static int
delete_rest(struct gl_account *account, int64_t site, int64_t before, int rows)
{
    static const int tables[] = {GL_SQL_DELETE_BOTS,
                                 GL_SQL_DELETE_DROPS,
                                 GL_SQL_DELETE_DIRTY,
                                 GL_SQL_DELETE_LATE,
                                 GL_SQL_DELETE_LINKS,
                                 GL_SQL_DELETE_IMPORTS,
                                 GL_SQL_DELETE_NEW_WORDS,
                                 GL_SQL_DELETE_TOTAL_IMPORTS,
                                 GL_SQL_DELETE_LET_GO_ROWS,
                                 GL_SQL_DELETE_SERVED_PAGES,
                                 GL_SQL_DELETE_SERVED_VISITORS,
                                 GL_SQL_DELETE_SERVED_BOTS,
                                 GL_SQL_DELETE_SERVED_WORDS};
    int rc = delete_totals(account, site, rows);
    (void) before;
    return rc != 0 ? rc
                   : gl_db_change_all(&account->db, tables,
                                      sizeof tables / sizeof tables[0],
                                      GL_VALUES(gl_as_int(site)));
}

/* What else its days before BEFORE have. */
static int
delete_rest_before(struct gl_account *account, int64_t site, int64_t before,
                   int rows)
{
    static const int tables[] = {GL_SQL_DELETE_BOTS_BEFORE,
                                 GL_SQL_DELETE_DROPS_BEFORE,
                                 GL_SQL_DELETE_DIRTY_BEFORE,
                                 GL_SQL_DELETE_LATE_BEFORE,
                                 GL_SQL_DELETE_NEW_WORDS_BEFORE,
                                 GL_SQL_DELETE_TOTALS_BEFORE,
                                 GL_SQL_DELETE_LET_GO_ROWS_BEFORE,
                                 GL_SQL_DELETE_SERVED_PAGES_BEFORE,
                                 GL_SQL_DELETE_SERVED_VISITORS_BEFORE,
                                 GL_SQL_DELETE_SERVED_BOTS_BEFORE,
                                 GL_SQL_DELETE_SERVED_WORDS_BEFORE};
    (void) rows;
    return gl_db_change_all(&account->db, tables,
                            sizeof tables / sizeof tables[0],
                            GL_VALUES(gl_as_int(site), gl_as_int(before)));
}

/* A step of days before BEFORE; REST is deleted when no row is left. */
static int
delete_step(struct gl_account *account, int64_t site, int64_t before, int rows,
            int (*rest)(struct gl_account *account, int64_t site,
                        int64_t before, int rows),
            struct gl_deleted *deleted)
{
    struct gl_deleted after = *deleted;
    int64_t left = rows;
    int rc = gl_file_begin(&account->file, GL_COMMIT_FULL);
    if (rc != 0)
        return rc;
    gl_days_clear_(&account->days);
    rc = delete_sealed(account, site, before, &left);
    if (rc == 0)
        rc = delete_rows(account, site, before, left, &after);
    if (rc == 0)
        rc = rest(account, site, before, rows);
    rc = gl_account_end_step_(account, rc);
    if (rc >= 0)
        *deleted = after;
    return rc;
}

int
gl_account_delete_site(struct gl_account *account, int64_t site, int rows,
                       struct gl_deleted *deleted)
{
    return delete_step(account, site, INT64_MAX, rows, delete_rest, deleted);
}

int
gl_account_delete_days(struct gl_account *account, int64_t site,
                       int64_t before, int rows, struct gl_deleted *deleted)
{
    return delete_step(account, site, before, rows, delete_rest_before,
                       deleted);
}
