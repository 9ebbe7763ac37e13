/*
 * What tally.c (a set), tally_dense.c (by one dimension) and tally_groups.c
 * (by several) share.  Names end in _: nobody else's.
 */

#ifndef GL_QUERY_TALLY_TALLY_INTERNAL_H
#define GL_QUERY_TALLY_TALLY_INTERNAL_H

#include "query/tally/tally.h"

/* A question's columns of the set. */
struct gl_tally_place_ {
    const struct gl_column *column;
    struct gl_column *own;
};

struct gl_tally_pass_ {
    struct gl_tallying *t;
    const struct gl_columns *set;
    struct gl_mask mask, entry_mask;
    int over; /* who is counted: struct gl_tallied */
    struct gl_selection selection, entry_selection;
    struct gl_tally_place_ (
        *places)[GL_QUESTION_DIMENSIONS_MAX]; /* [plans->n] */
    uint32_t *values, *visit_values;          /* of a block */
    uint32_t values_max;
};

/* The bucket of a time, GL_DENSE_NONE = in none. */
uint32_t gl_tally_bucket_(const GArray *edges, int64_t at_ms);

/* The keys of an event's group: 1, or 0 = it is at no time that is asked
 * for. */
int gl_tally_keys_(const struct gl_tally_pass_ *c, const struct gl_plan *plan,
                   const struct gl_tally_place_ *places, uint32_t event,
                   uint32_t visit, uint32_t *keys);

/* What is selected of a block, for one question. */
void gl_tally_dense_(struct gl_tally_pass_ *c, struct gl_tallied *count,
                     const struct gl_tally_place_ *places);
void gl_tally_all_(struct gl_tally_pass_ *c);
void gl_tally_groups_(struct gl_tally_pass_ *c, struct gl_tallied *count,
                      const struct gl_tally_place_ *places);
void gl_tally_more_(struct gl_tally_pass_ *c, struct gl_tallied *count,
                    const struct gl_tally_place_ *places);

#endif
