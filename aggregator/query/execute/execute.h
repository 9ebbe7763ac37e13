/*
 * Questions are answered from day sets (columns/): each set is passed over
 * once a filter, whatever their number, and sums are added up over all of
 * them.
 *
 * Any one thread, with a read-only connection of its own: all of an answer is
 * of one commit, late rows included.
 */

#ifndef GL_QUERY_EXECUTE_EXECUTE_H
#define GL_QUERY_EXECUTE_EXECUTE_H

#include <stdatomic.h>

#include "columns/shelf.h"
#include "count/count.h"
#include "query/tally/mask.h"
#include "question/question.h"
#include "store/account/account.h"

enum gl_executed {
    GL_EXECUTED = 0,
    GL_EXECUTE_BAD,  /* the question cannot be understood: 400 */
    GL_EXECUTE_MUCH, /* more than the budget allows: 400 */
    GL_EXECUTE_LATE, /* the deadline passed: 503 */
    GL_EXECUTE_CANCELLED,
    GL_EXECUTE_STORAGE /* the file cannot be read: 507 */
};

struct gl_execution {
    struct gl_account *reader;   /* after gl_account_read() */
    struct gl_count_rules rules; /* of the site, for rows that came late */
    struct gl_shelf *shelf;      /* sets of questions before */
    int64_t deadline_us;         /* g_get_monotonic_time(); 0 = none */
    const atomic_int *cancelled; /* set by another thread; NULL = never */
    char why[256];               /* out: a sentence, unless GL_EXECUTED */
};

/* N questions that have site and range in common; those that have the filter,
 * too (the same tree), are counted together.  COUNTED[n] is the caller's,
 * unless it failed. */
enum gl_executed gl_execute(struct gl_execution *run,
                            const struct gl_question *const *questions,
                            size_t n, struct gl_counted **counted);

/* A set of the days asked about, beside what of it passes each question's
 * filter. */
struct gl_walk {
    const struct gl_columns *set;
    const struct gl_mask *masks; /* [n], as the questions */
    size_t n;
    /* of what the first question is grouped by; NULL: of nothing, or time */
    const struct gl_values *values;
};

/* Not sums but sets: STEP is called for each, its days in order.  No two of
 * the N questions have one filter; beside it their site and range are looked
 * at, and of the first by what it is grouped. */
enum gl_executed gl_execute_walk(
    struct gl_execution *run, const struct gl_question *const *questions,
    size_t n, void (*step)(void *arg, const struct gl_walk *walk), void *arg);

#endif
