/*
 * Who came again in which week: visitors by the week in which they were first
 * seen, and how many of them were seen in each week since.  Pure.
 *
 * An id that Glinto makes is that of one UTC day, so that nobody can tell who
 * came again the next week.  Those visitors are counted apart, and week by
 * week are those whose id is the same on every day: imported ones.
 */

#ifndef GL_QUERY_WALK_RETENTION_H
#define GL_QUERY_WALK_RETENTION_H

#include "query/execute/execute.h"

#define GL_RETENTION_WEEKS_MAX 104        /* two years: 5,460 rows */
#define GL_RETENTION_KNOWN_MAX (1u << 21) /* 160 MiB */

struct gl_retention {
    const GArray *edges; /* int64_t, UTC ms: the weeks begin, the last ends */
    size_t weeks_n;
    GHashTable *known;     /* imported visitors */
    uint64_t of_one_day;   /* visitors of the weeks whose id is of one day */
    uint64_t known_before; /* imported ones seen in the weeks and before */
    uint64_t known_since;  /* and those who were not seen before */
    int many;              /* 1 = more than are remembered */
    /* [first week * weeks_n + week]: of KNOWN_SINCE; gl_retention_end() */
    uint64_t *seen;
};

/* EDGES are of GL_RETENTION_WEEKS_MAX weeks at most. */
void gl_retention_init(struct gl_retention *retention, const GArray *edges);
void gl_retention_fini(struct gl_retention *retention);
/* For gl_execute_walk(): of all that there is until the last week ends, with
 * the weeks as time that is grouped by. */
void gl_retention_step(void *retention, const struct gl_walk *walk);
/* After the last step: the sums. */
void gl_retention_end(struct gl_retention *retention);

#endif
