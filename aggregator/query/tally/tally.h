/* One set counted for the questions of a plan.  Pure. */

#ifndef GL_QUERY_TALLY_TALLY_H
#define GL_QUERY_TALLY_TALLY_H

#include "query/plan/plan.h"
#include "query/tally/dense.h"
#include "query/tally/groups.h"
#include "query/tally/more.h"

/* What one question has of all sets so far. */
struct gl_tallied {
    const struct gl_plan *plan; /* NULL: no dimension */
    int done;                   /* 1 = it has the set that comes already */
    int over;      /* 1 = all of that: what is out of the range is taken out */
    int64_t until; /* it has those of days before this one */
    int is_dense;  /* by one dimension of not too many values */
    struct gl_dense dense;
    struct gl_groups groups; /* the others; and who was imported */
    struct gl_mores mores;   /* where the plan asks for more */
};

struct gl_tallying {
    const struct gl_plans *plans;
    struct gl_tallied *counts; /* [plans->n] */
    struct gl_tallied all;     /* no dimension: of all of them */
    uint64_t visitors, visits; /* of the sets so far */
    uint64_t rows;             /* scanned */
};

/* ROOM: values that may still be counted in arrays, GL_DENSE_MAX at first, for
 * all that is counted at once. */
void gl_tally_init(struct gl_tallying *tallying, const struct gl_plans *plans,
                   uint32_t *room);
void gl_tally_fini(struct gl_tallying *tallying);
/* Of each day once, in any order; for those that are not done. */
void gl_tally_set(struct gl_tallying *tallying, const struct gl_columns *set);
/* What FROM has of other sets, of the same plans, all counted in arrays. */
void gl_tally_add(struct gl_tallying *tallying,
                  const struct gl_tallying *from);
/* 1 = the set need not come. */
int gl_tally_is_done(const struct gl_tallying *tallying);
/* DAY comes: nothing of it is done, but what was with days before. */
void gl_tally_next(struct gl_tallying *tallying, int64_t day);
/* The bucket of all from FROM_MS until TO_MS, GL_DENSE_NONE = in none, or in
 * several. */
uint32_t gl_tally_one_bucket(const GArray *edges, int64_t from_ms,
                             int64_t to_ms);
/* What is remembered of all that is counted at once. */
struct gl_tally_load {
    size_t groups, known;
};
/* Added to LOAD: 1 = more groups or visitors than there may be, no answer. */
int gl_tally_many(const struct gl_tallying *tallying,
                  struct gl_tally_load *load);

#endif
