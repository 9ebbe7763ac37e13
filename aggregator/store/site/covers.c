/*
 * Is what one file has of a site in another, too?  Only then may it be
 * deleted: of two files with rows of a site one has a copy, cut short or not
 * yet deleted, or meta.db is an older one and sends events where the rows are
 * not.
 *
 *   OTHER    5  7  8          each row of it is found in ACCOUNT, in the same
 *            |  |  '----.     order: a copy keeps the order of rowids, and
 *   ACCOUNT  5  7  7  9  8    rows that came later lie between or behind
 *
 * One pass over both, as long as a copy takes to be read.
 */

#include "store/account/account_internal.h"
#include "store/rows/rows_internal.h"
#include "store/site/sites.h"

#include <string.h>

/* Reads what one statement gives of a site. */
struct cursor {
    struct gl_account *account;
    int64_t site;
    int number;        /* of the statement */
    GArray *ranges;    /* struct gl_range of rowids; NULL = a table without */
    guint at;          /* ranges that were begun */
    sqlite3_stmt *ask; /* NULL = none is begun */
};

/* 1 = there was one more range, 0 = no. */
static int
next_range(struct cursor *cursor)
{
    const struct gl_value site = gl_as_int(cursor->site);
    struct gl_range range = {0, 0};
    if (cursor->at == (cursor->ranges == NULL ? 1 : cursor->ranges->len))
        return 0;
    if (cursor->ranges != NULL)
        range = gl_range_at(cursor->ranges, cursor->at);
    cursor->at++;
    cursor->ask = gl_account_ask_(
        cursor->account, cursor->number,
        cursor->ranges == NULL
            ? GL_VALUES(site)
            : GL_VALUES(gl_as_int(range.first), gl_as_int(range.last), site));
    return cursor->ask == NULL ? cursor->account->db.none : 1;
}

/* 1 = on a row, 0 = there is none left. */
static int
next_row(struct cursor *cursor)
{
    int rc;
    do {
        if (cursor->ask != NULL &&
            (rc = gl_db_step(&cursor->account->db, cursor->ask)) != 0)
            return rc;
        cursor->ask = NULL; /* at its end it is reset */
        rc = next_range(cursor);
    } while (rc == 1);
    return rc;
}

static int
same_number(sqlite3_stmt *left, sqlite3_stmt *right, int at)
{
    return sqlite3_column_int64(left, at) == sqlite3_column_int64(right, at);
}

static int
same_text(sqlite3_stmt *left, sqlite3_stmt *right, int at)
{
    int n = sqlite3_column_bytes(left, at);
    return n == sqlite3_column_bytes(right, at) &&
           (n == 0 || memcmp(sqlite3_column_text(left, at),
                             sqlite3_column_text(right, at), (size_t) n) == 0);
}

/* GL_SQL_COPY_EVENTS: time, kind, visitor, engagement, revenue.  Marks may
 * change and codes are a file's own. */
static int
same_event(sqlite3_stmt *mine, sqlite3_stmt *other)
{
    return same_number(mine, other, 2) && same_number(mine, other, 3) &&
           same_number(mine, other, 4) && same_number(mine, other, 16) &&
           same_text(mine, other, 20);
}

/* GL_SQL_COPY_BOTS: day, reason, family, page; at least as many. */
static int
enough_bots(sqlite3_stmt *mine, sqlite3_stmt *other)
{
    return same_number(mine, other, 1) && same_text(mine, other, 2) &&
           same_text(mine, other, 3) && same_text(mine, other, 4) &&
           sqlite3_column_int64(mine, 7) >= sqlite3_column_int64(other, 7);
}

/* GL_SQL_COPY_DROPS: day, reason; at least as many. */
static int
enough_drops(sqlite3_stmt *mine, sqlite3_stmt *other)
{
    return same_number(mine, other, 1) && same_text(mine, other, 2) &&
           sqlite3_column_int64(mine, 3) >= sqlite3_column_int64(other, 3);
}

typedef int covers_row(sqlite3_stmt *mine, sqlite3_stmt *other);

static int
covers_rows(struct cursor *mine, struct cursor *other, covers_row *covers)
{
    int rc, found = 1;
    while ((rc = next_row(other)) == 1) {
        do
            found = next_row(mine);
        while (found == 1 && !covers(mine->ask, other->ask));
        if (found != 1)
            break;
    }
    if (mine->ask != NULL)
        sqlite3_reset(mine->ask);
    if (other->ask != NULL)
        sqlite3_reset(other->ask);
    return rc < 0 ? rc : found;
}

static int
covers_events(struct gl_account *account, struct gl_account *other,
              int64_t site)
{
    struct cursor mine = {account, site, .number = GL_SQL_COPY_EVENTS};
    struct cursor theirs = {other, site, .number = GL_SQL_COPY_EVENTS};
    int rc = gl_account_ranges_(other, site, INT64_MIN, INT64_MAX, 0,
                                &theirs.ranges);
    int mine_rc = gl_account_ranges_(account, site, INT64_MIN, INT64_MAX, 0,
                                     &mine.ranges);
    if (rc == 0)
        rc = mine_rc;
    if (rc == 0)
        rc = covers_rows(&mine, &theirs, same_event);
    g_array_free(mine.ranges, TRUE);
    g_array_free(theirs.ranges, TRUE);
    return rc;
}

static int
covers_table(struct gl_account *account, struct gl_account *other,
             int64_t site, int number, covers_row *covers)
{
    struct cursor mine = {account, site, .number = number};
    struct cursor theirs = {other, site, .number = number};
    return covers_rows(&mine, &theirs, covers);
}

int
gl_account_covers(struct gl_account *account, struct gl_account *other,
                  int64_t site)
{
    account->reading++;
    other->reading++;
    int rc = covers_events(account, other, site);
    if (rc == 1)
        rc = covers_table(account, other, site, GL_SQL_COPY_BOTS, enough_bots);
    if (rc == 1)
        rc = covers_table(account, other, site, GL_SQL_COPY_DROPS,
                          enough_drops);
    account->reading--;
    other->reading--;
    return rc;
}
