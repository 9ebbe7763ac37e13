/* Between grow.c and grow_runs.c. */

#ifndef GL_COLUMNS_GROW_INTERNAL_H
#define GL_COLUMNS_GROW_INTERNAL_H

#include "columns/build_internal.h"
#include "columns/compose.h"

/* A visit of both sets. */
struct gl_grow_joint {
    uint32_t visit;      /* of what is composed */
    uint32_t was, added; /* of each */
};

struct gl_growing {
    const struct gl_build *build;
    const struct gl_columns *was, *added;
    struct gl_building b;
    struct gl_composing c;
    uint32_t visitors, visits, events; /* of WAS, which have been put */
    GArray *joints;                    /* struct gl_grow_joint */
};

/* The first visit of VISITOR of SET; visitors_n = after the last one. */
static inline uint32_t
gl_grow_first_visit_(const struct gl_columns *set, uint32_t visitor)
{
    return gl_place_from(set->visit_visitor, 0, set->visits_n, visitor);
}

/* All of both sets become runs; visits of both are joints. */
void gl_grow_put_(struct gl_growing *g);
/* Engagement of what came since is told of pageviews of before. */
void gl_grow_tell_(struct gl_growing *g);

#endif
