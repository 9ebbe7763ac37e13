/*
 * Event rows: what changes of them, and reading those of one site.
 *
 * There is no index on time or site: day_rows says where the rows of a day
 * lie, and they are read in rowid order.
 */

#include "store/account/account_internal.h"
#include "store/rows/rows.h"
#include "store/rows/rows_internal.h"
#include "store/words/words_internal.h"

#include <string.h>

/* A row at that time changes: its day, or the one before, when a visit of that
 * went on until then. */
static int
renew_days(struct gl_account *account, int64_t site, int64_t at_ms)
{
    int rc = gl_account_day_renew_(account, site, at_ms - GL_DAY_MS);
    return rc ? rc : gl_account_day_renew_(account, site, at_ms);
}

int
gl_account_set_mark(struct gl_account *account, int64_t site, int64_t at_ms,
                    int64_t event_id, enum gl_mark mark)
{
    int rc = renew_days(account, site, at_ms);
    if (rc == 0)
        rc = gl_rows_flush_(account);
    if (rc != 0)
        return rc;
    return gl_db_change(&account->db, GL_SQL_SET_MARK,
                        GL_VALUES(gl_as_int(event_id), gl_as_code(mark)));
}

int
gl_account_set_visitor(struct gl_account *account, int64_t site, int64_t at_ms,
                       int64_t event_id, uint64_t visitor)
{
    int rc = renew_days(account, site, at_ms);
    if (rc == 0)
        rc = gl_rows_flush_(account);
    if (rc != 0)
        return rc;
    return gl_db_change(&account->db, GL_SQL_SET_VISITOR,
                        GL_VALUES(gl_as_int(event_id), gl_as_int(visitor)));
}

/* ---- reading ---- */

/* Who has the rows of a pass. */
struct taker {
    int (*row)(void *arg, const struct gl_row *row);
    int (*full_row)(void *arg, const struct gl_store_row *row);
    void *arg;
};

static struct gl_row
read_row(sqlite3_stmt *ask)
{
    return (struct gl_row){
        .id = sqlite3_column_int64(ask, 0),
        .at_ms = sqlite3_column_int64(ask, 1),
        .kind = (uint8_t) sqlite3_column_int(ask, 2),
        .visitor = (uint64_t) sqlite3_column_int64(ask, 3),
        .mark = (uint8_t) sqlite3_column_int(ask, 4),
        .host = gl_db_column_code(ask, 5),
        .path = gl_db_column_code(ask, 6),
        .engagement_ms = gl_db_column_code(ask, 7),
        .server = sqlite3_column_int(ask, 8) != 0,
        .passive = (uint8_t) sqlite3_column_int(ask, 9),
    };
}

static int
take_row(void *arg, sqlite3_stmt *ask)
{
    const struct taker *taker = arg;
    struct gl_row row = read_row(ask);
    return taker->row(taker->arg, &row);
}

/* What few rows have is not asked of all. */
static void
read_rare(struct gl_store_row *full, sqlite3_stmt *ask)
{
    full->scroll_depth = 0;
    full->amount = full->currency = NULL;
    if (full->row.kind == GL_ENGAGEMENT) {
        if (sqlite3_column_type(ask, 16) != SQLITE_NULL)
            full->scroll_depth = 1 + gl_db_column_code(ask, 16);
    } else if (sqlite3_column_type(ask, 17) != SQLITE_NULL) {
        full->amount = (const char *) sqlite3_column_text(ask, 17);
        full->currency = (const char *) sqlite3_column_text(ask, 18);
    }
}

static int
take_full_row(void *arg, sqlite3_stmt *ask)
{
    const struct taker *taker = arg;
    struct gl_store_row full;
    full.row = read_row(ask);
    if (full.row.server)
        return 0;
    full.referrer = gl_db_column_code(ask, 10);
    full.agent = gl_db_column_code(ask, 11);
    full.place = gl_db_column_code(ask, 12);
    full.name = gl_db_column_code(ask, 13);
    full.screen = gl_db_column_code(ask, 14);
    full.language = gl_db_column_code(ask, 19);
    gl_props_read_(&full.props, (const char *) sqlite3_column_text(ask, 15));
    read_rare(&full, ask);
    return taker->full_row(taker->arg, &full);
}

int
gl_account_rows(struct gl_account *account, int64_t site, int64_t from_ms,
                int64_t to_ms, int (*row)(void *arg, const struct gl_row *row),
                void *arg)
{
    struct taker taker = {.row = row, .arg = arg};
    struct gl_pass pass = {.statement = GL_SQL_ROWS,
                           .site = site,
                           .from_ms = from_ms,
                           .to_ms = to_ms,
                           .take = take_row,
                           .arg = &taker};
    return gl_account_pass_(account, &pass);
}

int
gl_account_full_rows(struct gl_account *account, int64_t site, int64_t from_ms,
                     int64_t to_ms, int64_t after,
                     int (*row)(void *arg, const struct gl_store_row *row),
                     void *arg)
{
    struct taker taker = {.full_row = row, .arg = arg};
    struct gl_pass pass = {.statement = GL_SQL_FULL_ROWS,
                           .site = site,
                           .from_ms = from_ms,
                           .to_ms = to_ms,
                           .first_id = after + 1,
                           .take = take_full_row,
                           .arg = &taker};
    return gl_account_pass_(account, &pass);
}
