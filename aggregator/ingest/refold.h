/*
 * Dirty days: the visits of some UTC days of one site made again from their
 * rows.  What to fold and when is dirty.c's business.
 */

#ifndef GL_REFOLD_H
#define GL_REFOLD_H

#include <glib.h>

#include "count/count.h"
#include "store/account.h"

#define GL_REFOLD_ROWS_MAX (1 << 19) /* at a time: 36 MiB, visits 76 MiB */

struct gl_refold {
    int64_t site;
    int64_t from_day, to_day; /* UTC days, to_day not among them */
    int64_t now_ms;
    size_t rows_max; /* in memory at a time */
    struct gl_words words;
    struct gl_count_rules rules;
    size_t rows; /* out: read in all */
};

/*
 * Fold the days and clear their marks, inside ACCOUNT's transaction.  Days
 * that together have more than rows_max rows are left for later: to_day comes
 * nearer, at least one day is folded.  0 or -enum gl_store_error.
 */
int gl_refold(struct gl_account *account, struct gl_refold *job);

#endif
