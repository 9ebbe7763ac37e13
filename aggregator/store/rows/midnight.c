/*
 * Visitors who have two ids, one until midnight and one since.
 *
 * The link is erased when the night is over, from the file and from its log.
 * Freed space is zeroed (secure_delete), but a page that was split keeps
 * copies in its gap; so the table goes as a whole, page by page, and holds
 * nothing but links.
 */

#include "store/account/account_internal.h"
#include "store/rows/midnight.h"

int
gl_account_add_link(struct gl_account *account, int64_t site,
                    const struct gl_link *link)
{
    return gl_db_change(&account->db, GL_SQL_ADD_LINK,
                        GL_VALUES(gl_as_int(site), gl_as_int(link->visitor),
                                  gl_as_int(link->before),
                                  gl_as_int(link->day)));
}

int
gl_account_links(struct gl_account *account, int64_t site,
                 int (*link)(void *arg, const struct gl_link *link), void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_LINKS, GL_VALUES(gl_as_int(site)));
    account->reading++;
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_link found = {(uint64_t) sqlite3_column_int64(ask, 0),
                                (uint64_t) sqlite3_column_int64(ask, 1),
                                sqlite3_column_int64(ask, 2)};
        stop = link(arg, &found);
    }
    account->reading--;
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

int
gl_account_any_link(struct gl_account *account)
{
    int64_t one;
    return gl_db_first(&account->db,
                       gl_account_ask_(account, GL_SQL_ANY_LINK, NULL), &one);
}

int
gl_account_clear_links(struct gl_account *account)
{
    return gl_db_change(&account->db, GL_SQL_CLEAR_LINKS, NULL);
}

int
gl_account_cut_log(struct gl_account *account)
{
    if (account->db.handle == NULL && gl_db_log_is_empty_(&account->db))
        return 0; /* not opened for that: there may be ten thousand */
    int rc = gl_account_connect_(account);
    if (rc == 0)
        rc = gl_db_truncate(&account->db);
    return rc < 0 ? rc : 0;
}
