/* How much an account's file has, before it goes: for questions. */

#ifndef GL_STORE_EXTENT_H
#define GL_STORE_EXTENT_H

#include <stdint.h>

struct gl_meta;

struct gl_extent {
    int64_t events; /* of any kind */
    int64_t days;   /* UTC, with events */
};

/* Of SITE in the file of ACCOUNT; 0 = of all sites.  READER is of
 * gl_meta_reader().  It looks at every row: a second for some ten millions.
 * 0, or -1: the file cannot be read now. */
int gl_extent_read(struct gl_meta *reader, const char *account, int64_t site,
                   struct gl_extent *extent);

#endif
