/*
 * What all of a day's set sums up to by one dimension, or by none: a question
 * without a filter adds these and passes over no set.  Of sets without
 * imported visitors, who may come in others.  Pure.
 */

#ifndef GL_QUERY_SUMS_SUMS_H
#define GL_QUERY_SUMS_SUMS_H

#include "query/tally/tally.h"

/* Of a day, as event_at: FROM <= at < TO. */
struct gl_stretch {
    uint32_t from, to; /* ALL: to its end */
};
#define GL_STRETCH_ALL UINT32_MAX

struct gl_sums {
    struct gl_stretch of;
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
struct gl_sums *gl_sums_new(const struct gl_columns *set, struct gl_stretch of,
                            const struct gl_plan *plan, int entered);
void gl_sums_free(void *sums); /* NULL is allowed */
size_t gl_sums_bytes(const struct gl_sums *sums);

/* Those of so many days as one, by a dimension that is not time, of CODES_N
 * codes. */
#define GL_SUMS_DAYS_N 8
struct gl_sums *gl_sums_merge(const struct gl_sums *const *days,
                              uint32_t codes_n);

/* A number for what SUMS would be of, by the dimension of PLAN on a day until
 * EVENTS_END; which one of time is told by all the edges in it. */
uint64_t gl_sums_detail(struct gl_stretch of, const struct gl_plan *plan,
                        int entered, int64_t day, uint32_t events_end);
/* 1 = they are what is asked: OF that, of the edges that PLAN has on DAY. */
int gl_sums_fit(const struct gl_sums *sums, struct gl_stretch of,
                const struct gl_plan *plan, int64_t day);

/* ---- sums_pack.c ---- */

/* WHAT: a number that comes back, by which the reader knows of what they are.
 */
void gl_sums_pack(const struct gl_sums *sums, uint32_t what, GByteArray *to);
/* NULL: they are damaged, or of something else. */
struct gl_sums *gl_sums_unpack(GByteArray *bytes, uint32_t what);

/* ---- sums.c ---- */

/* Add to TALLIED, of DAY: 1; or 0, they are of other edges. */
int gl_sums_add(const struct gl_sums *sums, struct gl_tallied *tallied,
                int64_t day);
/* Add sums by no dimension to TALLIED, by time, as if all of DAY were where
 * its part in the range is: 1; or 0, that is in several buckets. */
int gl_sums_add_at_once(const struct gl_sums *sums, struct gl_tallied *tallied,
                        int64_t day);

#endif
