/*
 * What is counted by one dimension, value by value in an array: a loop a
 * dimension over what select.h lists.  A visitor is new to a value when the
 * value's last one is another; those that may come in several sets are
 * remembered (groups.h).  Pure.
 */

#ifndef GL_QUERY_TALLY_DENSE_H
#define GL_QUERY_TALLY_DENSE_H

#include "query/tally/groups.h"
#include "query/tally/select.h"

/* Values of all dimensions of an answer that are counted so: 100 MiB.  Beyond,
 * by groups.h. */
#define GL_DENSE_MAX (1u << 20)

/* The other sums: those of visits that were entered. */
struct gl_entered {
    uint64_t sums[GL_SUM_N];
};

struct gl_dense {
    uint32_t n;
    gl_lanes *lanes;
    struct gl_dense_last {
        uint32_t visitor, visit; /* 1 + number since the start; 0 = none */
    } * last;
    uint64_t (*wide)[4];        /* what lanes had when they were nearly full */
    uint64_t rows;              /* in the lanes at most */
    struct gl_entered *entered; /* NULL: not asked */
    uint32_t visitors, visits;  /* of the sets before */
    struct gl_groups *known;    /* imported visitors */
};

/* KNOWN: a value is a group there. */
void gl_dense_init(struct gl_dense *dense, uint32_t n, int entered,
                   struct gl_groups *known);
void gl_dense_fini(struct gl_dense *dense);
/* SET comes, and has gone. */
void gl_dense_begin(struct gl_dense *dense, const struct gl_columns *set);
void gl_dense_end(struct gl_dense *dense, const struct gl_columns *set);

/* Values of what is selected, GL_DENSE_NONE = at none. */
#define GL_DENSE_NONE UINT32_MAX
/* Each visit with all its events at its value; OF_VISITOR 1 = all visits of a
 * visitor have the same one. */
void gl_dense_visits(struct gl_dense *dense, const struct gl_selection *s,
                     const uint32_t *values, int of_visitor);
/* Each event at its value; a visit once at each of its events'. */
void gl_dense_events(struct gl_dense *dense, const struct gl_selection *s,
                     const uint32_t *values);
/* Each event at its value, and each visit at its own: of time. */
void gl_dense_times(struct gl_dense *dense, const struct gl_selection *s,
                    const uint32_t *values, const uint32_t *visit_values);
/* What visits that count were, at their values. */
void gl_dense_entered(struct gl_dense *dense, const struct gl_selection *s,
                      const uint32_t *values);
/* What it has is what it lacks, and SET comes once more: what is counted until
 * it is turned again is taken out.  There must be as much. */
void gl_dense_turn(struct gl_dense *dense, const struct gl_columns *set);
/* What FROM has of other sets, of visitors who are in none of these. */
void gl_dense_add(struct gl_dense *dense, const struct gl_dense *from);
/* The sums of VALUE: 1, or 0 when there is nothing. */
int gl_dense_sums(const struct gl_dense *dense, uint32_t value,
                  uint64_t sums[GL_SUM_N]);

#endif
