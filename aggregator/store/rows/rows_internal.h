/* Where the rows of a site lie, and a pass over them.  Inside this room
 * only. */

#ifndef GL_STORE_ROWS_ROWS_INTERNAL_H
#define GL_STORE_ROWS_ROWS_INTERNAL_H

#include "store/account/account_internal.h"

/* Rowid ranges, sorted, apart, that hold all rows of SITE of the days FROM <=
 * day <= TO with last >= FIRST_ID: 0 or an error.  *RANGES, of struct
 * gl_range, is the caller's to free, whatever comes of it. */
int gl_account_ranges_(struct gl_account *account, int64_t site, int64_t from,
                       int64_t to, int64_t first_id, GArray **ranges);

static inline struct gl_range
gl_range_at(const GArray *ranges, guint i)
{
    return g_array_index(ranges, struct gl_range, i);
}

/*
 * A pass over what a site has from one time to another, by rowid
 * from FIRST_ID on.  STATEMENT's parameters are first and last rowid, site and
 * both times; TAKE has each row: 0 to go on, another value ends the pass and
 * is returned.  It may not begin another one of this statement.
 */
struct gl_pass {
    int statement;
    int64_t site, from_ms, to_ms, first_id;
    int (*take)(void *arg, sqlite3_stmt *ask);
    void *arg;
};
int gl_account_pass_(struct gl_account *account, const struct gl_pass *pass);

#endif
