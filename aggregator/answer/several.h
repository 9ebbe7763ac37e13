/*
 * A question of the API as those that the engine counts, put all at once, and
 * their counts as one: each goal of "event:goal" is a question of its own; a
 * conversion rate is beside what its filters without goals and properties
 * count; an exit rate, beside the pageviews of each page.
 */

#ifndef GL_ANSWER_SEVERAL_H
#define GL_ANSWER_SEVERAL_H

#include "query/execute/execute.h"
#include "question/parse.h"

struct gl_several_ask {
    const struct gl_asked *asked;
    const struct gl_question *question; /* its own, or its earlier one */
};

/* Who counts them: the engine, or who counts again (recount.h). */
struct gl_several_counter {
    /* as gl_execute() */
    enum gl_executed (*count)(void *arg,
                              const struct gl_question *const *questions,
                              size_t n, struct gl_counted **counted);
    void *arg;
};

/* N questions that have site, range and filter in common.  COUNTED[n] is the
 * caller's, unless it failed. */
enum gl_executed gl_several_count(const struct gl_several_counter *counter,
                                  const struct gl_several_ask *asks, size_t n,
                                  struct gl_counted **counted);

#endif
