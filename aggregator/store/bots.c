/* See bots.h. */

#include "store/bots.h"

#include "store/account/reader.h"
#include "store/meta/meta_internal.h"

static const char rows[] =
    "SELECT day, reason, family, page, operator, kind, n FROM bots "
    "WHERE site = ?1 AND day >= ?2 ORDER BY day DESC, n DESC, reason, family, "
    "page LIMIT ?3";

static const char *
text(sqlite3_stmt *ask, int at)
{
    const char *found = (const char *) sqlite3_column_text(ask, at);

    return found != NULL ? found : "";
}

static int
read_rows(sqlite3_stmt *ask,
          void (*each)(void *arg, int64_t day, const struct gl_store_bot *bot,
                       int64_t n),
          void *arg)
{
    struct gl_store_bot bot;
    int rc;

    while ((rc = sqlite3_step(ask)) == SQLITE_ROW) {
        bot = (struct gl_store_bot){.reason = text(ask, 1),
                                    .family = text(ask, 2),
                                    .page = text(ask, 3),
                                    .operator= text(ask, 4),
                                    .kind = text(ask, 5)};
        each(arg, sqlite3_column_int64(ask, 0), &bot,
             sqlite3_column_int64(ask, 6));
    }
    return rc == SQLITE_DONE ? 0 : -1;
}

int
gl_bots_read(const struct gl_meta *meta, const char *account, int64_t site,
             int64_t from, int limit,
             void (*each)(void *arg, int64_t day,
                          const struct gl_store_bot *bot, int64_t n),
             void *arg)
{
    sqlite3 *file = gl_meta_open_account_(meta, account);
    sqlite3_stmt *ask = NULL;
    int result = -1;

    if (file != NULL &&
        sqlite3_prepare_v2(file, rows, -1, &ask, NULL) == SQLITE_OK &&
        sqlite3_bind_int64(ask, 1, site) == SQLITE_OK &&
        sqlite3_bind_int64(ask, 2, from) == SQLITE_OK &&
        sqlite3_bind_int(ask, 3, limit) == SQLITE_OK)
        result = read_rows(ask, each, arg);
    sqlite3_finalize(ask);
    gl_reader_close_(file);
    return result;
}
