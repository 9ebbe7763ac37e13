/*
 * Dirty days: the visits of some UTC days of one site made again from their
 * rows.  What to fold and when is dirty.c's business.
 */

#ifndef GL_REFOLD_H
#define GL_REFOLD_H

#include <glib.h>

#include "count/count.h"
#include "store/account.h"

#define GL_REFOLD_ROWS_MAX (1 << 20) /* 72 MiB of rows at a time */
#define GL_REFOLD_PARTS_MAX 4096
#define GL_REFOLD_FULL 1

struct gl_refold {
    int64_t site;
    int64_t from_day, to_day; /* UTC days, to_day not among them */
    int64_t now_ms;
    uint32_t parts; /* of the visitors, by hash */
    size_t rows_max;
    struct gl_words words;
    struct gl_count_rules rules;
};

/*
 * Fold one part, inside ACCOUNT's transaction.  *ROWS = how many rows it had.
 * 0; GL_REFOLD_FULL = more than ROWS_MAX rows, nothing was changed (never
 * with GL_REFOLD_PARTS_MAX parts); or -enum gl_store_error.
 */
int gl_refold_part(struct gl_account *account, const struct gl_refold *job,
                   uint32_t part, size_t *rows);

#endif
