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
    sqlite3_stmt *ask = gl_db_to_change(
        &account->db, GL_SQL_SERVED_WORDS,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_int(kind)));
    int rc = gl_db_step(&account->db, ask);
    *n = rc == 1 ? sqlite3_column_int64(ask, 0) : 0;
    *bytes = rc == 1 ? sqlite3_column_int64(ask, 1) : 0;
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
    return gl_db_change(&account->db, GL_SQL_ADD_SERVED_WORDS,
                        GL_VALUES(gl_as_int(site), gl_as_int(day),
                                  gl_as_int(kind), gl_as_int(1),
                                  gl_as_int(path->len)));
}

/* ---- pages ---- */

/* The times of PATH: 1, or 0 = there is no row. */
static int
read_times(struct gl_account *account, int64_t site, int64_t day,
           struct gl_text path, struct gl_times *times)
{
    sqlite3_stmt *ask = gl_db_to_change(
        &account->db, GL_SQL_SERVED_TIMES,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_text(path)));
    int rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        gl_times_read(times, sqlite3_column_blob(ask, 0),
                      (size_t) sqlite3_column_bytes(ask, 0));
    sqlite3_reset(ask);
    return rc;
}

/* In memory, PATH or "(other)": 0 or an error. */
static int
hold_page(struct gl_account *account, int64_t site, int64_t day,
          struct gl_text path, struct gl_page_added **held)
{
    struct gl_times times = {0};
    int rc;
    *held = gl_page_added_(account, site, day, path);
    if (*held != NULL)
        return 0;
    rc = read_times(account, site, day, path, &times);
    if (rc == 0) {
        rc = cap(account, site, day, OF_PAGES, &path);
        if (rc == 0 && path.data == gl_word_other_.data) {
            *held = gl_page_added_(account, site, day, path);
            if (*held != NULL)
                return 0;
            rc = read_times(account, site, day, path, &times);
        }
    }
    return rc < 0 ? rc : gl_page_hold_(account, site, day, path, &times, held);
}

int
gl_account_add_served(struct gl_account *account, int64_t site, int64_t day,
                      struct gl_text path, const struct gl_served_page *page,
                      uint64_t ms)
{
    const struct gl_served_replies *to = &page->replies;
    const int64_t more[GL_SERVED_SUMS_N] = {
        to->views,         to->refused,     to->missing,
        to->failed,        page->bytes,     page->asked,
        page->upstream_ms, page->cacheable, page->cached};
    struct gl_page_added *held;
    int rc = gl_db_writable(&account->db);
    if (rc == 0)
        rc = hold_page(account, site, day, path, &held);
    if (rc != 0)
        return rc;
    if (to->views > 0)
        gl_page_took_(held, ms);
    for (int i = 0; i < GL_SERVED_SUMS_N; i++)
        held->sums[i] += more[i];
    return 0;
}

/* ---- bots ---- */

static int
has_bot(struct gl_account *account, int64_t site, int64_t day,
        const struct gl_store_bot *bot, struct gl_text path)
{
    int64_t one;
    return gl_db_first(
        &account->db,
        gl_db_to_change(&account->db, GL_SQL_HAS_SERVED_BOT,
                        GL_VALUES(gl_as_int(site), gl_as_int(day),
                                  gl_as_string(bot->family),
                                  gl_as_string(bot->reason), gl_as_text(path),
                                  gl_as_string(bot->identity),
                                  gl_as_string(bot->operator))),
        &one);
}

int
gl_account_add_served_bot(struct gl_account *account, int64_t site,
                          int64_t day, const struct gl_store_bot *bot,
                          struct gl_text path,
                          const struct gl_served_replies *to)
{
    int rc = has_bot(account, site, day, bot, path);
    if (rc == 0)
        rc = cap(account, site, day, OF_BOTS, &path);
    if (rc < 0)
        return rc;
    return gl_db_change(
        &account->db, GL_SQL_ADD_SERVED_BOT,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_string(bot->family),
                  gl_as_string(bot->reason), gl_as_text(path),
                  gl_as_string(bot->identity), gl_as_string(bot->operator),
                  gl_as_string(bot->kind), gl_as_int(to->views),
                  gl_as_int(to->refused), gl_as_int(to->missing),
                  gl_as_int(to->failed)));
}

/* ---- visitors ---- */

int
gl_account_add_served_visitor(struct gl_account *account, int64_t site,
                              int64_t day, uint64_t visitor, int64_t views,
                              int64_t told, int has)
{
    struct gl_visitor_added *held;
    int rc = gl_db_writable(&account->db);
    if (rc == 0)
        rc = gl_visitor_hold_(account, site, day, visitor, &held);
    if (rc != 0)
        return rc;
    held->views += views;
    held->told += told;
    held->has |= has;
    held->changed = 1;
    return 0;
}

/* What is written of HELD: 0 or an error. */
static int
read_visitor(struct gl_account *account, struct gl_visitor_added *held)
{
    sqlite3_stmt *ask =
        gl_db_to_change(&account->db, GL_SQL_SERVED_VISITOR,
                        GL_VALUES(gl_as_int(held->site), gl_as_int(held->day),
                                  gl_as_int(held->visitor)));
    int rc = gl_db_step(&account->db, ask);
    if (rc == 1) {
        held->row.found = 1;
        held->row.has = sqlite3_column_int(ask, 0);
        held->row.views = sqlite3_column_int64(ask, 1);
        held->row.told = sqlite3_column_int64(ask, 2);
    }
    sqlite3_reset(ask);
    held->read = rc >= 0;
    return rc < 0 ? rc : 0;
}

int
gl_account_served_visitor(struct gl_account *account, int64_t site,
                          int64_t day, uint64_t visitor,
                          struct gl_served_visitors *found)
{
    struct gl_visitor_added *held;
    int rc = gl_db_writable(&account->db);
    if (rc == 0)
        rc = gl_visitor_hold_(account, site, day, visitor, &held);
    if (rc == 0 && !held->read)
        rc = read_visitor(account, held);
    if (rc != 0)
        return rc;
    *found = (struct gl_served_visitors){held->row.has | held->has, 1,
                                         held->row.views + held->views,
                                         held->row.told + held->told};
    return held->row.found || held->changed;
}
