/* How much an account's file has, before it goes: for questions. */

#ifndef GL_STORE_EXTENT_H
#define GL_STORE_EXTENT_H

#include <stdatomic.h>
#include <stdint.h>

struct gl_meta;

struct gl_extent {
    int64_t events; /* of any kind */
    int64_t days;   /* UTC, with events */
    int at_most;    /* 1 = there was no time to count all EVENTS */
};

/* Of SITE in the file of ACCOUNT; 0 = of all sites.  Only the folder of META
 * is used.  It looks at every row, for PATIENCE_MS at most; after that it says
 * how many there may be, by where the rows lie.  It ends when STOPPING is not
 * 0.  0; -1: it ended, or the file cannot be read now. */
int gl_extent_read(const struct gl_meta *meta, const char *account,
                   int64_t site, int64_t patience_ms,
                   const atomic_int *stopping, struct gl_extent *extent);

/* When SITE's first event of a script came: 1, 0 there is none, or -1 as
 * above.  It looks at every row, however long that takes. */
int gl_extent_live(const struct gl_meta *meta, const char *account,
                   int64_t site, const atomic_int *stopping,
                   int64_t *first_ms);

#endif
