/*
 * What few questions ask for of their groups (struct gl_more), beside the
 * sums: a table of its own, so that those who do not ask pay nothing.  Pure.
 */

#ifndef GL_QUERY_TALLY_MORE_H
#define GL_QUERY_TALLY_MORE_H

#include "query/tally/groups.h"

struct gl_mores {
    struct gl_groups groups;
    GArray *rows; /* struct gl_more, as groups.tallies */
};

void gl_mores_init(struct gl_mores *mores, size_t keys_n);
void gl_mores_fini(struct gl_mores *mores);
/* That of KEYS, made when new; until the next one is. */
struct gl_more *gl_mores_at(struct gl_mores *mores, const uint32_t *keys);

/* A + B, the greatest number there is instead of more. */
int64_t gl_more_add(int64_t a, int64_t b);

#endif
