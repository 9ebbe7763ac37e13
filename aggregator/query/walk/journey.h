/*
 * Where visits went after some pages, or came from before them: the next pages
 * of each, as far as is asked.  Pure.
 *
 * A visit's pages are those of its pageviews that count, in their order, one
 * that comes again at once left out.  What follows the first time that the
 * pages asked about come one after the other is told; backwards, what precedes
 * the last time.
 */

#ifndef GL_QUERY_WALK_JOURNEY_H
#define GL_QUERY_WALK_JOURNEY_H

#include "query/execute/execute.h"
#include "query/tally/groups.h"

#define GL_JOURNEY_STEPS_MAX 20 /* asked about, and told */

/* How far a visit went: a page, and what was before it. */
struct gl_journey_node {
    uint32_t before;  /* a node; 0 = the pages asked about, which is one */
    const char *page; /* NULL = there was none: the visit ended or began */
};

struct gl_journey {
    const char *pages[GL_JOURNEY_STEPS_MAX]; /* asked about, one by one as the
                                                walk comes to them */
    size_t pages_n;
    int back;       /* 1 = what was before */
    size_t steps_n; /* told */

    /* groups of [node that is before, page]; where a visit was last, and node
     * 0 of all, have GL_SUM_VISITORS and GL_SUM_VISITS */
    struct gl_groups groups;
    GArray *nodes;       /* struct gl_journey_node, as groups */
    GStringChunk *texts; /* of nodes */
    GArray *trail;       /* uint32_t: pages of one visit */
    uint32_t asked[GL_JOURNEY_STEPS_MAX]; /* PAGES as values */
    int found;         /* 1 = ASKED is known, -1 = nobody saw one of them */
    uint64_t visitors; /* of the sets before */
};

/* With PAGES, BACK and STEPS_N filled in. */
void gl_journey_init(struct gl_journey *journey);
void gl_journey_fini(struct gl_journey *journey);
/* For gl_execute_walk(), grouped by event:page. */
void gl_journey_step(void *journey, const struct gl_walk *walk);

#endif
