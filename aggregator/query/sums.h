/*
 * What all of a day's set sums up to by one dimension, or by none: a question
 * without a filter adds these and passes over no set.  Of sets without
 * imported visitors, who may come in others.  Pure.
 */

#ifndef GL_QUERY_SUMS_H
#define GL_QUERY_SUMS_H

#include "query/tally.h"

struct gl_sums {
    int usable;          /* 0 = there are imported visitors: no sums */
    uint32_t events_n;   /* of the set */
    uint32_t events_end; /* as the set's */
    GArray *edges;       /* uint32_t: of time, those within the day, as
                             event_at */
    uint32_t n;
    uint32_t *key; /* code; of time: bucket, from 0 */
    gl_lanes *lanes;
    struct gl_entered *entered; /* NULL: not asked */
};

/* Of SET, by the dimension of PLAN, NULL = by none; ENTERED 1 = also what
 * visits were. */
struct gl_sums *gl_sums_new(const struct gl_columns *set,
                            const struct gl_plan *plan, int entered);
void gl_sums_free(void *sums);
size_t gl_sums_bytes(const struct gl_sums *sums);

/* A number for what SUMS would be of, by the dimension of PLAN on a day until
 * EVENTS_END; which one of time is told by all the edges in it. */
uint64_t gl_sums_detail(const struct gl_plan *plan, int entered, int64_t day,
                        uint32_t events_end);
/* Add to TALLIED, of DAY: 1; or 0, they are of other edges. */
int gl_sums_add(const struct gl_sums *sums, struct gl_tallied *tallied,
                int64_t day);

#endif
