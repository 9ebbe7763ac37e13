/*
 * How many visitors went how far through steps, one after the other.  Pure.
 *
 * What counts is the order of a visitor's events in the visits of one UTC day:
 * that is as long as one is known.  An event is one step at most.  Strict: no
 * other event that counts is between two steps.
 */

#ifndef GL_QUERY_WALK_FUNNEL_H
#define GL_QUERY_WALK_FUNNEL_H

#include "query/execute/execute.h"

#define GL_FUNNEL_STEPS_MAX 8
#define GL_FUNNEL_KNOWN_MAX (1u << 21) /* 128 MiB */

struct gl_funnel {
    size_t steps_n;
    int strict;
    uint64_t visitors;                     /* in all */
    uint64_t reached[GL_FUNNEL_STEPS_MAX]; /* visitors, so far at least */
    GHashTable *imported; /* how far who may come on several days went + 1 */
    int many;             /* 1 = more of those than are remembered */
};

void gl_funnel_init(struct gl_funnel *funnel, size_t steps_n, int strict);
void gl_funnel_fini(struct gl_funnel *funnel);
/* For gl_execute_walk(): the first question has the filter of all, the others
 * those of steps. */
void gl_funnel_step(void *funnel, const struct gl_walk *walk);

#endif
