/*
 * Visits on disk: a row at the first event, completed at the end, or made
 * again by a refold.  A visit's key is the rowid of its first event, so
 * day_rows of the day it began finds it without an index.
 */

#include "store/account/account_internal.h"
#include "store/rows/rows_internal.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"

#include <stdlib.h>

/* Step a change of one row: 1 changed, 0 there is none, or an error. */
static int
changed(struct gl_account *account, sqlite3_stmt *statement)
{
    int rc = gl_db_run(&account->db, statement);
    return rc < 0 ? rc : rc > 0;
}

/* Step a change of VISIT, which a copy may have already: as changed(). */
static int
noted(struct gl_account *account, sqlite3_stmt *statement,
      const struct gl_visit *visit)
{
    if (account->copy != NULL)
        account->note(account->copy, visit->id);
    return changed(account, statement);
}

int
gl_account_open_visit(struct gl_account *account, const struct gl_visit *visit,
                      const struct gl_store_event *event)
{
    sqlite3_stmt *put = gl_db_to_change(&account->db, GL_SQL_OPEN_VISIT, NULL);
    gl_db_bind_int(put, 1, visit->id);
    gl_db_bind_int(put, 2, event->site);
    gl_db_bind_int(put, 3, (int64_t) visit->visitor);
    gl_db_bind_code(put, 4, (int64_t) visit->alias);
    gl_db_bind_code(put, 5, visit->server);
    gl_db_bind_int(put, 6, visit->start_ms);
    gl_db_bind_code(put, 7, event->referrer);
    gl_db_bind_code(put, 8, event->agent);
    gl_db_bind_code(put, 9, event->place);
    gl_db_bind_code(put, 10, event->language);
    gl_db_bind_code(put, 11, event->screen);
    return gl_db_done(&account->db, put);
}

/* What a visit that is over has come to, from parameter AT on. */
static void
bind_end(sqlite3_stmt *put, int at, const struct gl_visit *visit)
{
    gl_db_bind_int(put, at, visit->last_ms);
    gl_db_bind_int(put, at + 1, visit->seen_ms);
    gl_db_bind_int(put, at + 2, visit->pageviews);
    gl_db_bind_int(put, at + 3, visit->refreshes);
    gl_db_bind_int(put, at + 4, visit->events);
    gl_db_bind_int(put, at + 5, visit->interactive);
    gl_db_bind_int(put, at + 6, (int64_t) visit->engagement_ms);
    gl_db_bind_code(put, at + 7, visit->entry_host);
    gl_db_bind_code(put, at + 8, visit->entry_path);
    gl_db_bind_code(put, at + 9, visit->exit_host);
    gl_db_bind_code(put, at + 10, visit->exit_path);
}

int
gl_account_close_visit(struct gl_account *account,
                       const struct gl_visit *visit)
{
    sqlite3_stmt *set =
        gl_db_to_change(&account->db, GL_SQL_CLOSE_VISIT, NULL);
    gl_db_bind_int(set, 1, visit->id);
    bind_end(set, 2, visit);
    return noted(account, set, visit);
}

int
gl_account_alias_visit(struct gl_account *account,
                       const struct gl_visit *visit)
{
    sqlite3_stmt *set = gl_db_to_change(
        &account->db, GL_SQL_ALIAS_VISIT,
        GL_VALUES(gl_as_int(visit->id), gl_as_code(visit->alias)));
    return noted(account, set, visit);
}

static int
delete_row(struct gl_account *account, int64_t id)
{
    return gl_db_change(&account->db, GL_SQL_DELETE_VISIT,
                        GL_VALUES(gl_as_int(id)));
}

int
gl_account_delete_visit(struct gl_account *account, int64_t site,
                        int64_t start_ms, int64_t id)
{
    int rc = gl_account_day_renew_(account, site, start_ms);
    return rc != 0 ? rc : delete_row(account, id);
}

/* ---- made again ---- */

/* Of an open one only what its first event tells. */
static void
bind_visit(sqlite3_stmt *put, const struct gl_visit *visit, int open)
{
    gl_db_bind_int(put, 1, visit->id);
    gl_db_bind_int(put, 3, (int64_t) visit->visitor);
    gl_db_bind_code(put, 4, open ? (int64_t) visit->alias : 0);
    gl_db_bind_code(put, 5, visit->server);
    gl_db_bind_int(put, 6, visit->start_ms);
    gl_db_bind_int(put, 7, open);
    for (int at = 8; open && at <= 18; at++)
        sqlite3_bind_null(put, at);
    if (!open)
        bind_end(put, 8, visit);
}

int
gl_account_put_visit(struct gl_account *account, int64_t site,
                     const struct gl_visit *visit, int open)
{
    int rc = gl_account_day_renew_(account, site, visit->start_ms);
    if (rc == 0)
        rc = gl_rows_flush_(account);
    if (rc != 0)
        return rc;
    sqlite3_stmt *put = gl_db_to_change(&account->db, GL_SQL_PUT_VISIT, NULL);
    bind_visit(put, visit, open);
    gl_db_bind_int(put, 2, site);
    rc = changed(account, put);
    if (rc == 0 && (rc = delete_row(account, visit->id)) == 0)
        rc = changed(account, put); /* there was one */
    if (rc == 0)
        return gl_db_refuse(&account->db, GL_STORE_DATA,
                            "a visit without its first event");
    if (rc == 1 && !open && account->copy != NULL)
        account->note(account->copy, visit->id);
    return rc < 0 ? rc : 0;
}

/* ---- reading ---- */

/* The first columns of GL_SQL_OPEN_VISITS and GL_SQL_VISITS. */
static void
take_open(sqlite3_stmt *ask, struct gl_visit *visit)
{
    *visit = (struct gl_visit){
        .id = sqlite3_column_int64(ask, 0),
        .start_ms = sqlite3_column_int64(ask, 1),
        .visitor = (uint64_t) sqlite3_column_int64(ask, 2),
        .alias = (uint64_t) sqlite3_column_int64(ask, 3),
        .server = sqlite3_column_int(ask, 4) != 0,
    };
}

static void
take_rest(sqlite3_stmt *ask, struct gl_visit *visit)
{
    visit->last_ms = sqlite3_column_int64(ask, 6);
    visit->seen_ms = sqlite3_column_int64(ask, 7);
    visit->pageviews = gl_db_column_code(ask, 8);
    visit->refreshes = gl_db_column_code(ask, 9);
    visit->events = gl_db_column_code(ask, 10);
    visit->interactive = gl_db_column_code(ask, 11);
    visit->engagement_ms = (uint64_t) sqlite3_column_int64(ask, 12);
    visit->entry_host = gl_db_column_code(ask, 13);
    visit->entry_path = gl_db_column_code(ask, 14);
    visit->exit_host = gl_db_column_code(ask, 15);
    visit->exit_path = gl_db_column_code(ask, 16);
}

int
gl_account_open_visits(struct gl_account *account, int64_t site,
                       int (*visit)(void *arg, const struct gl_visit *visit),
                       void *arg)
{
    int rc, stop = 0;
    struct gl_visit one;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_OPEN_VISITS,
                                        GL_VALUES(gl_as_int(site)));
    account->reading++;
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1) {
        take_open(ask, &one);
        stop = visit(arg, &one);
    }
    account->reading--;
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

static int
take_count(void *arg, sqlite3_stmt *ask)
{
    uint32_t *n = arg;
    *n += (uint32_t) sqlite3_column_int64(ask, 0);
    return 0;
}

int
gl_account_count_visits(struct gl_account *account, int64_t site,
                        int64_t from_ms, int64_t to_ms, uint32_t *n)
{
    struct gl_pass pass = {.statement = GL_SQL_COUNT_VISITS,
                           .site = site,
                           .from_ms = from_ms,
                           .to_ms = to_ms,
                           .take = take_count,
                           .arg = n};
    *n = 0;
    return gl_account_pass_(account, &pass);
}

struct taker {
    int (*visit)(void *arg, const struct gl_visit *visit, int open);
    void *arg;
};

static int
take_visit(void *arg, sqlite3_stmt *ask)
{
    const struct taker *taker = arg;
    struct gl_visit visit;
    int open = sqlite3_column_int(ask, 5);
    take_open(ask, &visit);
    if (!open)
        take_rest(ask, &visit);
    return taker->visit(taker->arg, &visit, open);
}

int
gl_account_visits(struct gl_account *account, int64_t site, int64_t from_ms,
                  int64_t to_ms, int64_t after,
                  int (*visit)(void *arg, const struct gl_visit *visit,
                               int open),
                  void *arg)
{
    struct taker taker = {visit, arg};
    struct gl_pass pass = {.statement = GL_SQL_VISITS,
                           .site = site,
                           .from_ms = from_ms,
                           .to_ms = to_ms,
                           .first_id = after + 1,
                           .take = take_visit,
                           .arg = &taker};
    return gl_account_pass_(account, &pass);
}
