/* Pages served; see served.h. */

#include "store/rows/served.h"

#include "count/times.h"
#include "store/account/account_internal.h"
#include "store/words/words_internal.h"

#include <string.h>

enum kind { OF_PAGES = 1, OF_BOTS = 2 }; /* served_words.kind */

/* ---- caps ---- */

static int
new_words(struct gl_account *account, int64_t site, int64_t day,
          enum kind kind, int64_t *n, int64_t *bytes)
{
    int rc;
    sqlite3_stmt *ask = gl_db_change(&account->db, GL_SQL_SERVED_WORDS, &rc);
    *n = *bytes = 0;
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    gl_db_bind_int(ask, 2, day);
    gl_db_bind_int(ask, 3, kind);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1) {
        *n = sqlite3_column_int64(ask, 0);
        *bytes = sqlite3_column_int64(ask, 1);
    }
    sqlite3_reset(ask);
    return rc < 0 ? rc : 0;
}

/* A row with PATH is new: it is counted, or PATH becomes "(other)", and the
 * row may be there. */
static int
cap(struct gl_account *account, int64_t site, int64_t day, enum kind kind,
    struct gl_text *path)
{
    int64_t n, bytes;
    int rc = new_words(account, site, day, kind, &n, &bytes);
    if (rc < 0)
        return rc;
    if (n >= account->pool->caps[GL_WORD_PATH] ||
        bytes + path->len > (int64_t) account->pool->text_max) {
        *path = gl_word_other_;
        return 0;
    }
    rc = gl_account_change_(account, GL_SQL_ADD_SERVED_WORDS, 5,
                            (int64_t[]){site, day, kind, 1, path->len});
    return rc < 0 ? rc : 0;
}

/* ---- pages ---- */

/* The times of PATH: 1, or 0 = there is no row. */
static int
read_times(struct gl_account *account, int64_t site, int64_t day,
           struct gl_text path, struct gl_times *times)
{
    int rc;
    sqlite3_stmt *ask = gl_db_change(&account->db, GL_SQL_SERVED_TIMES, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    gl_db_bind_int(ask, 2, day);
    gl_db_bind_text(ask, 3, path);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        gl_times_read(times, sqlite3_column_blob(ask, 0),
                      (size_t) sqlite3_column_bytes(ask, 0));
    sqlite3_reset(ask);
    return rc;
}

static void
bind_replies(sqlite3_stmt *put, int at, const struct gl_served_replies *to)
{
    gl_db_bind_int(put, at, to->views);
    gl_db_bind_int(put, at + 1, to->refused);
    gl_db_bind_int(put, at + 2, to->missing);
    gl_db_bind_int(put, at + 3, to->failed);
}

static int
put_page(struct gl_account *account, int64_t site, int64_t day,
         struct gl_text path, const struct gl_served_page *page,
         const struct gl_times *times)
{
    uint8_t bytes[GL_TIMES_BYTES_MAX];
    int rc;
    sqlite3_stmt *put =
        gl_db_change(&account->db, GL_SQL_ADD_SERVED_PAGE, &rc);
    if (put == NULL)
        return rc;
    gl_db_bind_int(put, 1, site);
    gl_db_bind_int(put, 2, day);
    gl_db_bind_text(put, 3, path);
    bind_replies(put, 4, &page->replies);
    gl_db_bind_int(put, 8, page->bytes);
    gl_db_bind_int(put, 9, page->asked);
    gl_db_bind_int(put, 10, page->upstream_ms);
    gl_db_bind_int(put, 11, page->cacheable);
    gl_db_bind_int(put, 12, page->cached);
    gl_db_bind_blob(put, 13, bytes, gl_times_write(times, bytes));
    return gl_db_done(&account->db, put);
}

int
gl_account_add_served(struct gl_account *account, int64_t site, int64_t day,
                      struct gl_text path, const struct gl_served_page *page,
                      uint64_t ms)
{
    struct gl_times times = {0};
    int rc = read_times(account, site, day, path, &times);
    if (rc == 0) {
        rc = cap(account, site, day, OF_PAGES, &path);
        if (rc == 0 && path.data == gl_word_other_.data)
            rc = read_times(account, site, day, path, &times);
    }
    if (rc < 0)
        return rc;
    if (page->replies.views > 0)
        gl_times_add(&times, ms);
    return put_page(account, site, day, path, page, &times);
}

/* ---- bots ---- */

static void
bind_bot(sqlite3_stmt *bound, int64_t site, int64_t day,
         const struct gl_store_bot *bot, struct gl_text path)
{
    gl_db_bind_int(bound, 1, site);
    gl_db_bind_int(bound, 2, day);
    gl_db_bind_string(bound, 3, bot->family);
    gl_db_bind_string(bound, 4, bot->reason);
    gl_db_bind_text(bound, 5, path);
    gl_db_bind_string(bound, 6, bot->identity);
    gl_db_bind_string(bound, 7, bot->operator);
}

static int
has_bot(struct gl_account *account, int64_t site, int64_t day,
        const struct gl_store_bot *bot, struct gl_text path)
{
    int rc;
    sqlite3_stmt *ask = gl_db_change(&account->db, GL_SQL_HAS_SERVED_BOT, &rc);
    if (ask == NULL)
        return rc;
    bind_bot(ask, site, day, bot, path);
    rc = gl_db_step(&account->db, ask);
    sqlite3_reset(ask);
    return rc;
}

int
gl_account_add_served_bot(struct gl_account *account, int64_t site,
                          int64_t day, const struct gl_store_bot *bot,
                          struct gl_text path,
                          const struct gl_served_replies *replies)
{
    int rc = has_bot(account, site, day, bot, path);
    if (rc == 0)
        rc = cap(account, site, day, OF_BOTS, &path);
    if (rc < 0)
        return rc;
    sqlite3_stmt *put = gl_db_change(&account->db, GL_SQL_ADD_SERVED_BOT, &rc);
    if (put == NULL)
        return rc;
    bind_bot(put, site, day, bot, path);
    gl_db_bind_string(put, 8, bot->kind);
    bind_replies(put, 9, replies);
    return gl_db_done(&account->db, put);
}

/* ---- visitors ---- */

int
gl_account_add_served_visitor(struct gl_account *account, int64_t site,
                              int64_t day, uint64_t visitor, int64_t views,
                              int64_t told, int has)
{
    int rc = gl_account_change_(
        account, GL_SQL_ADD_SERVED_VISITOR, 6,
        (int64_t[]){site, day, (int64_t) visitor, views, told, has});
    return rc < 0 ? rc : 0;
}

int
gl_account_served_visitor(struct gl_account *account, int64_t site,
                          int64_t day, uint64_t visitor,
                          struct gl_served_visitors *found)
{
    int rc;
    sqlite3_stmt *ask = gl_db_change(&account->db, GL_SQL_SERVED_VISITOR, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    gl_db_bind_int(ask, 2, day);
    gl_db_bind_int(ask, 3, (int64_t) visitor);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        *found = (struct gl_served_visitors){sqlite3_column_int(ask, 0), 1,
                                             sqlite3_column_int64(ask, 1),
                                             sqlite3_column_int64(ask, 2)};
    sqlite3_reset(ask);
    return rc;
}
