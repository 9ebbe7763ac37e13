/*
 * A day set made from an account's rows and visits.
 *
 * Any one thread, with a reader of its own.
 */

#ifndef GL_COLUMNS_BUILD_H
#define GL_COLUMNS_BUILD_H

#include "columns/columns.h"
#include "columns/late.h"
#include "store/account/account.h"

/* Events of one set: while it is made, 100 bytes each. */
#define GL_BUILD_ROWS_MAX (4u << 20)
#define GL_BUILD_MANY 1 /* there are more */
#define GL_BUILD_STOPPED 2
#define GL_BUILD_ANEW 3 /* of gl_columns_grow(): it is not but added to */

struct gl_build {
    struct gl_account *reader;
    int64_t site, day;
    int newest;                 /* 1 = no row is of a later day */
    const struct gl_late *late; /* NULL = no row is late */
    int (*stop)(void *arg);     /* 1 = give up */
    void *arg;
};

/* 0 and *SET; a number from above; or -enum gl_store_error. */
int gl_columns_build(const struct gl_build *build, struct gl_columns **set);

/* As gl_columns_build(), from WAS, a set of the day at another commit, and
 * what came since: *SET is another one, or WAS itself when nothing did and it
 * is MINE. */
int gl_columns_grow(const struct gl_build *build, struct gl_columns *was,
                    int mine, struct gl_columns **set);

#endif
