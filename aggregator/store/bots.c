/* See bots.h. */

#include "store/bots.h"

#include "store/account/account_internal.h"
#include "store/meta/meta_internal.h"

static int
read_rows(struct gl_db *db, sqlite3_stmt *ask,
          void (*each)(void *arg, int64_t day, const struct gl_store_bot *bot,
                       int64_t n),
          void *arg)
{
    int rc;

    while ((rc = gl_db_step(db, ask)) == 1) {
        const struct gl_store_bot bot = {.reason = gl_db_column_text(ask, 1),
                                         .family = gl_db_column_text(ask, 2),
                                         .page = gl_db_column_text(ask, 3),
                                         .operator= gl_db_column_text(ask, 4),
                                         .kind = gl_db_column_text(ask, 5)};

        each(arg, sqlite3_column_int64(ask, 0), &bot,
             sqlite3_column_int64(ask, 6));
    }
    return rc;
}

int
gl_bots_read(const struct gl_meta *meta, const char *account, int64_t site,
             int64_t from, int limit,
             void (*each)(void *arg, int64_t day,
                          const struct gl_store_bot *bot, int64_t n),
             void *arg)
{
    struct gl_account *file = gl_meta_open_account_(meta, account, NULL);
    int rc;

    if (file == NULL)
        return -1;
    rc = read_rows(&file->db,
                   gl_account_ask_(file, GL_SQL_SINCE_BOTS,
                                   GL_VALUES(gl_as_int(site), gl_as_int(from),
                                             gl_as_int(limit))),
                   each, arg);
    gl_account_reader_free(file);
    return rc == 0 ? 0 : -1;
}
