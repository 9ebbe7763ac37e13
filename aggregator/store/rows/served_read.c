/* Pages served, as they are asked for; see served.h. */

#include "store/rows/served.h"

#include "store/account/account_internal.h"

#include <string.h>

/* ---- asked ---- */

int
gl_account_has_served(struct gl_account *account, int64_t site)
{
    return gl_db_says(&account->db,
                      gl_account_ask_days_(account, GL_SQL_HAS_SERVED,
                                           GL_VALUES(gl_as_int(site))));
}

static struct gl_served_replies
replies_at(sqlite3_stmt *ask, int at)
{
    return (struct gl_served_replies){
        sqlite3_column_int64(ask, at), sqlite3_column_int64(ask, at + 1),
        sqlite3_column_int64(ask, at + 2), sqlite3_column_int64(ask, at + 3)};
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
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_SERVED_PAGES,
        GL_VALUES(gl_as_int(site), gl_as_int(first), gl_as_int(last)));
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_served_page page = {.replies = replies_at(ask, 2),
                                      .bytes = sqlite3_column_int64(ask, 6),
                                      .asked = sqlite3_column_int64(ask, 7)};
        page.upstream_ms = sqlite3_column_int64(ask, 8);
        page.cacheable = sqlite3_column_int64(ask, 9);
        page.cached = sqlite3_column_int64(ask, 10);
        take(arg, sqlite3_column_int64(ask, 0), gl_db_column_text(ask, 1),
             &page, sqlite3_column_blob(ask, 11),
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
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_SERVED_VISITORS,
        GL_VALUES(gl_as_int(site), gl_as_int(first), gl_as_int(last)));
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
        gl_account_ask_(account, GL_SQL_SERVED_BOTS,
                        GL_VALUES(gl_as_int(site), gl_as_int(first),
                                  gl_as_int(last), gl_as_int(limit)));
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_store_bot bot = {.reason = gl_db_column_text(ask, 2),
                                   .family = gl_db_column_text(ask, 1),
                                   .page = "",
                                   .operator= gl_db_column_text(ask, 4),
                                   .kind = gl_db_column_text(ask, 5),
                                   .identity = gl_db_column_text(ask, 10)};
        struct gl_served_replies to = replies_at(ask, 6);
        take(arg, sqlite3_column_int64(ask, 0), &bot,
             gl_db_column_text(ask, 3), &to);
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
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_SERVED_AI,
        GL_VALUES(gl_as_int(site), gl_as_int(first), gl_as_int(last),
                  gl_as_int(limit), gl_as_int(by_page)));
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_store_bot bot = {.family = gl_db_column_text(ask, 1),
                                   .operator= gl_db_column_text(ask, 0),
                                   .identity = gl_db_column_text(ask, 7)};
        struct gl_served_replies to = replies_at(ask, 3);
        take(arg, &bot, by_page ? gl_db_column_text(ask, 2) : NULL, &to);
    }
    sqlite3_reset(ask);
    return rc;
}
