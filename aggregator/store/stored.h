/*
 * What an account's file has of the people who were counted: proof, from the
 * rows, of what is said about them.
 */

#ifndef GL_STORE_STORED_H
#define GL_STORE_STORED_H

#include <stdatomic.h>
#include <stdint.h>

struct gl_meta;

/* Of a site; times in ms since 1970, 0 = none. */
struct gl_stored {
    int64_t events;
    int64_t first_ms;  /* its oldest event */
    int64_t campaigns; /* events with a campaign key or click id */
    int64_t props;     /* events with custom properties */
    int64_t links;     /* visitors known on both sides of a midnight, of which
                          nothing is unfinished any more */
    int64_t addresses; /* texts of the account that look like an address */
    char where[32];    /* the table of one of those, "" = none */
    char sha256[65];   /* of the texts of the account and the numbers above, in
                          hex: the same while nothing comes */
};

/* Of SITE in the file of ACCOUNT at NOW; it looks at every row, and ends when
 * STOPPING is not 0.  Only the folder of META is used.  0; -1: it ended, or
 * the file cannot be read now. */
int gl_stored_read(const struct gl_meta *meta, const char *account,
                   int64_t site, int64_t now_ms, const atomic_int *stopping,
                   struct gl_stored *stored);

#endif
