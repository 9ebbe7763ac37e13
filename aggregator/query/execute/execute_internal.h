/*
 * What execute.c (questions, day after day), execute_parts.c (questions of one
 * filter) and aside.c (some days in another thread) share.  Names end in _:
 * nobody else's.
 */

#ifndef GL_QUERY_EXECUTE_EXECUTE_INTERNAL_H
#define GL_QUERY_EXECUTE_EXECUTE_INTERNAL_H

#include "query/execute/execute.h"
#include "query/execute/source.h"
#include "query/tally/tally.h"

/* Those with one filter, which a set is passed over for once. */
struct gl_part_ {
    struct gl_plans plans;
    struct gl_tallying tallying;
    const struct gl_question **questions;
    size_t *at; /* which they are of all */
    size_t n;
};

/* Who counts a day. */
enum { GL_DAY_FREE, GL_DAY_TAKEN, GL_DAY_LEFT /* by the other thread */ };

/* The days of an answer. */
struct gl_days_ {
    int64_t from, to;       /* the last one */
    const uint64_t *tokens; /* of those, and of ten days after */
    const struct gl_late *late;
    atomic_uchar *state;
};

struct gl_execute_ {
    struct gl_execution *run;
    struct gl_part_ *parts;
    size_t parts_n;
    uint64_t number; /* gl_shelf_question() */
    void (*step)(void *arg, const struct gl_walk *walk); /* NULL: tally */
    void *arg;
};

static inline int
gl_execute_is_cancelled_(const struct gl_execution *run)
{
    return run->cancelled != NULL && atomic_load(run->cancelled);
}

/* ARG is a struct gl_execution: 1 = nobody waits for the answer any more. */
static inline int
gl_execute_is_over_(void *arg)
{
    const struct gl_execution *run = arg;

    return gl_execute_is_cancelled_(run) ||
           (run->deadline_us != 0 &&
            g_get_monotonic_time() >= run->deadline_us);
}

/* ---- execute_parts.c ---- */

/* Questions with one filter (the same tree) in one part. */
void gl_execute_divide_(struct gl_execute_ *x,
                        const struct gl_question *const *questions, size_t n);
enum gl_executed gl_execute_plan_(struct gl_execute_ *x);
/* HOW, and WHY is kept. */
enum gl_executed gl_execute_fail_(struct gl_execution *run,
                                  enum gl_executed how, const char *why);
/* Cancelled, or too late. */
enum gl_executed gl_execute_stopped_(struct gl_execution *run);
/* What the reader says. */
enum gl_executed gl_execute_storage_(struct gl_execution *run);

/* ---- aside.c ---- */

struct gl_aside_;

/* Begin to count days from the last one on, in a thread; NULL: one is enough,
 * or there is none to be had. */
struct gl_aside_ *gl_aside_start_(struct gl_execute_ *x,
                                  const struct gl_days_ *days);
/* When it has ended, what it counted is added to X: NULL is allowed. */
void gl_aside_end_(struct gl_aside_ *aside, struct gl_execute_ *x);

#endif
