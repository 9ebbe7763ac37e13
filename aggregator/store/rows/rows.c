/*
 * Event rows: insert in order of arrival, read those of one site.
 *
 * There is no index on time or site: day_rows says where the rows of a day
 * lie, and they are read in rowid order.
 */

#include "store/account/account_internal.h"
#include "store/rows/ranges.h"
#include "store/rows/rows.h"
#include "store/words/words_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Positions of GL_SQL_INSERT. */
enum insert_at {
    AT_ID = 1,
    AT_SITE,
    AT_AT,
    AT_KIND,
    AT_VISITOR,
    AT_MARK,
    AT_HOST,
    AT_PATH,
    AT_REFERRER,
    AT_AGENT,
    AT_PLACE,
    AT_NAME,
    AT_TITLE,
    AT_LANGUAGE,
    AT_SCREEN,
    AT_SCROLL_DEPTH,
    AT_ENGAGEMENT,
    AT_SERVER,
    AT_PASSIVE,
    AT_EVIDENCE,
    AT_AMOUNT,
    AT_CURRENCY,
    AT_PROPS
};
_Static_assert(AT_PROPS == GL_INSERT_N, "account->bound has them all");

int
gl_account_next_id(struct gl_account *account, int64_t *id)
{
    int rc = gl_db_writable(&account->db);
    if (rc == 0 && account->next_id == 0) {
        sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_LAST_ID, &rc);
        if (ask == NULL)
            return rc;
        rc = gl_db_step(&account->db, ask);
        if (rc == 1)
            account->next_id = sqlite3_column_int64(ask, 0) + 1;
        sqlite3_reset(ask);
    }
    *id = account->next_id;
    return rc < 0 ? rc : 0;
}

/* A parameter keeps its value, and a row is mostly like the one before: it is
 * bound only when it changes.  A connection begins with none: NULL. */
static void
bind_code(struct gl_account *account, sqlite3_stmt *insert, enum insert_at at,
          int64_t value)
{
    if (account->bound[at - 1] == value)
        return;
    account->bound[at - 1] = value;
    gl_db_bind_code(insert, (int) at, value);
}

static void
bind_text(struct gl_account *account, sqlite3_stmt *insert, enum insert_at at,
          struct gl_text text)
{
    bind_code(account, insert, at, text.len != 0);
    if (text.len)
        gl_db_bind_text(insert, (int) at, text);
}

static void
bind_event(struct gl_account *account, sqlite3_stmt *insert,
           const struct gl_store_event *event)
{
    if (account->bound_in != account->db.opened) {
        memset(account->bound, 0, sizeof account->bound);
        account->bound_in = account->db.opened;
    }
    gl_db_bind_int(insert, AT_ID, account->next_id);
    gl_db_bind_int(insert, AT_AT, event->at_ms);
    gl_db_bind_int(insert, AT_VISITOR, (int64_t) event->visitor);
    bind_code(account, insert, AT_SITE, event->site);
    bind_code(account, insert, AT_KIND, event->kind);
    bind_code(account, insert, AT_MARK, event->mark);
    bind_code(account, insert, AT_HOST, event->host);
    bind_code(account, insert, AT_PATH, event->path);
    bind_code(account, insert, AT_REFERRER, event->referrer);
    bind_code(account, insert, AT_AGENT, event->agent);
    bind_code(account, insert, AT_PLACE, event->place);
    bind_code(account, insert, AT_NAME, event->name);
    bind_code(account, insert, AT_TITLE, event->title);
    bind_code(account, insert, AT_LANGUAGE, event->language);
    bind_code(account, insert, AT_SCREEN, event->screen);
    bind_code(account, insert, AT_SCROLL_DEPTH, event->scroll_depth);
    if (event->scroll_depth) /* on the wire: percent + 1 */
        gl_db_bind_int(insert, AT_SCROLL_DEPTH, event->scroll_depth - 1);
    bind_code(account, insert, AT_ENGAGEMENT, event->engagement_ms);
    bind_code(account, insert, AT_SERVER, event->server);
    bind_code(account, insert, AT_PASSIVE, event->passive);
    bind_code(account, insert, AT_EVIDENCE, event->evidence);
    bind_text(account, insert, AT_AMOUNT, event->amount);
    bind_text(account, insert, AT_CURRENCY, event->currency);
}

int
gl_account_insert(struct gl_account *account,
                  const struct gl_store_event *event)
{
    int64_t id;
    char props[GL_PROPS_TEXT_MAX];
    int rc = gl_account_next_id(account, &id);
    sqlite3_stmt *insert =
        rc ? NULL : gl_db_change(&account->db, GL_SQL_INSERT, &rc);
    if (insert == NULL)
        return rc;
    bind_event(account, insert, event);
    bind_text(account, insert, AT_PROPS,
              gl_props_write_(&event->props, props));
    rc = gl_db_done(&account->db, insert);
    if (rc == 0)
        rc = gl_account_day_row_(account, event->site, gl_day_of(event->at_ms),
                                 id);
    if (rc == 0)
        account->next_id = id + 1;
    return rc;
}

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
    if (rc != 0)
        return rc;
    sqlite3_stmt *set = gl_db_change(&account->db, GL_SQL_SET_MARK, &rc);
    if (set == NULL)
        return rc;
    gl_db_bind_int(set, 1, event_id);
    gl_db_bind_code(set, 2, mark);
    return gl_db_done(&account->db, set);
}

int
gl_account_set_visitor(struct gl_account *account, int64_t site, int64_t at_ms,
                       int64_t event_id, uint64_t visitor)
{
    int rc = renew_days(account, site, at_ms);
    if (rc != 0)
        return rc;
    sqlite3_stmt *set = gl_db_change(&account->db, GL_SQL_SET_VISITOR, &rc);
    if (set == NULL)
        return rc;
    gl_db_bind_int(set, 1, event_id);
    gl_db_bind_int(set, 2, (int64_t) visitor);
    return gl_db_done(&account->db, set);
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
