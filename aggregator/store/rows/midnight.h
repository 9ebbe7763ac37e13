/* Visitors with two ids, until the night is over. */

#ifndef GL_STORE_ROWS_MIDNIGHT_H
#define GL_STORE_ROWS_MIDNIGHT_H

#include <stdint.h>

struct gl_account;

/* One visitor, two ids: BEFORE until the UTC day DAY began, VISITOR since. */
struct gl_link {
    uint64_t visitor, before;
    int64_t day;
};
/* Told once or often; the first word holds. */
int gl_account_add_link(struct gl_account *account, int64_t site,
                        const struct gl_link *link);
/* Those of SITE, by visitor. */
int gl_account_links(struct gl_account *account, int64_t site,
                     int (*link)(void *arg, const struct gl_link *link),
                     void *arg);
/* 1 = some site has one, 0 = none. */
int gl_account_any_link(struct gl_account *account);
/* Delete all, in a transaction: pages of a table that is emptied are zeroed
 * whole. */
int gl_account_clear_links(struct gl_account *account);
/* After that, outside of one: no old page is left in the log.  0, or an error:
 * a reader is in the way, try again. */
int gl_account_cut_log(struct gl_account *account);

#endif
