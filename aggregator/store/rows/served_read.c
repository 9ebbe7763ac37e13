/* Pages served, as they are asked for; see served.h. */

#include "store/rows/served.h"

#include "store/account/account_internal.h"

#include <string.h>

/* ---- asked ---- */

int
gl_account_has_served(struct gl_account *account, int64_t site)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_HAS_SERVED, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        rc = sqlite3_column_int(ask, 0);
    sqlite3_reset(ask);
    return rc;
}

static sqlite3_stmt *
ask_days(struct gl_account *account, int number, int64_t site, int64_t first,
         int64_t last, int *rc)
{
    sqlite3_stmt *ask = gl_account_ask_(account, number, rc);
    if (ask == NULL)
        return NULL;
    gl_db_bind_int(ask, 1, site);
    gl_db_bind_int(ask, 2, first);
    gl_db_bind_int(ask, 3, last);
    return ask;
}

static struct gl_served_replies
replies_at(sqlite3_stmt *ask, int at)
{
    return (struct gl_served_replies){
        sqlite3_column_int64(ask, at), sqlite3_column_int64(ask, at + 1),
        sqlite3_column_int64(ask, at + 2), sqlite3_column_int64(ask, at + 3)};
}

static const char *
text_at(sqlite3_stmt *ask, int at)
{
    const char *text = (const char *) sqlite3_column_text(ask, at);
    return text != NULL ? text : "";
}

int
gl_account_served_pages(struct gl_account *account, int64_t site,
                        int64_t first, int64_t last,
                        void (*take)(void *arg, int64_t day, const char *path,
                                     const struct gl_served_page *page,
                                     const uint8_t *times, size_t times_len),
                        void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        ask_days(account, GL_SQL_SERVED_PAGES, site, first, last, &rc);
    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_served_page page = {.replies = replies_at(ask, 2),
                                      .bytes = sqlite3_column_int64(ask, 6),
                                      .asked = sqlite3_column_int64(ask, 7)};
        page.upstream_ms = sqlite3_column_int64(ask, 8);
        page.cacheable = sqlite3_column_int64(ask, 9);
        page.cached = sqlite3_column_int64(ask, 10);
        take(arg, sqlite3_column_int64(ask, 0), text_at(ask, 1), &page,
             sqlite3_column_blob(ask, 11),
             (size_t) sqlite3_column_bytes(ask, 11));
    }
    sqlite3_reset(ask);
    return rc;
}

int
gl_account_served_visitors(
    struct gl_account *account, int64_t site, int64_t first, int64_t last,
    void (*take)(void *arg, int64_t day,
                 const struct gl_served_visitors *visitors),
    void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        ask_days(account, GL_SQL_SERVED_VISITORS, site, first, last, &rc);
    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_served_visitors visitors = {
            sqlite3_column_int(ask, 1), sqlite3_column_int64(ask, 2),
            sqlite3_column_int64(ask, 3), sqlite3_column_int64(ask, 4)};
        take(arg, sqlite3_column_int64(ask, 0), &visitors);
    }
    sqlite3_reset(ask);
    return rc;
}

int
gl_account_served_bots(struct gl_account *account, int64_t site, int64_t first,
                       int64_t last, int limit,
                       void (*take)(void *arg, int64_t day,
                                    const struct gl_store_bot *bot,
                                    const char *path,
                                    const struct gl_served_replies *to),
                       void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        ask_days(account, GL_SQL_SERVED_BOTS, site, first, last, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 4, limit);
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_store_bot bot = {.reason = text_at(ask, 2),
                                   .family = text_at(ask, 1),
                                   .page = "",
                                   .operator= text_at(ask, 4),
                                   .kind = text_at(ask, 5),
                                   .identity = text_at(ask, 10)};
        struct gl_served_replies to = replies_at(ask, 6);
        take(arg, sqlite3_column_int64(ask, 0), &bot, text_at(ask, 3), &to);
    }
    sqlite3_reset(ask);
    return rc;
}

int
gl_account_served_ai(struct gl_account *account, int64_t site, int64_t first,
                     int64_t last, int limit, int by_page,
                     void (*take)(void *arg, const struct gl_store_bot *bot,
                                  const char *path,
                                  const struct gl_served_replies *to),
                     void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        ask_days(account, GL_SQL_SERVED_AI, site, first, last, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 4, limit);
    gl_db_bind_int(ask, 5, by_page);
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_store_bot bot = {.family = text_at(ask, 1),
                                   .operator= text_at(ask, 0),
                                   .identity = text_at(ask, 7)};
        struct gl_served_replies to = replies_at(ask, 3);
        take(arg, &bot, by_page ? text_at(ask, 2) : NULL, &to);
    }
    sqlite3_reset(ask);
    return rc;
}
