/* One set counted into groups.  Pure. */

#ifndef GL_QUERY_TALLY_H
#define GL_QUERY_TALLY_H

#include "query/groups.h"
#include "query/plan.h"

struct gl_tallying {
    const struct gl_plan *plan;
    struct gl_groups groups;
    struct gl_groups all;      /* no keys: one group */
    uint64_t visitors, visits; /* of the sets so far */
    uint64_t rows;             /* scanned */
};

/* Of each day once, in any order. */
void gl_tally_set(struct gl_tallying *tallying, const struct gl_columns *set);

#endif
