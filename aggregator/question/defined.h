/*
 * What a site's owner has defined for questions: goals, segments.  Kept in
 * meta.db as JSON (store/meta/definitions.h), understood here.  Pure.
 *
 *     segment     {"filters": [...]}, as in a query
 *     funnel      {"steps": [STEP, ...], "strict": true?}; a step is a goal's
 *                 name, or what a goal is
 *     annotation  {"date": "2026-01-31", "text": TEXT}: for people alone
 *     goal  {"event": NAME} or {"page": PATTERN, "scroll": PERCENT?},
 *           "props": {KEY: VALUE}?, "currency": "EUR"?
 *
 * A goal is reached by a custom event of that name; by a pageview whose path
 * fits the pattern ('*' is anything but a '/', '**' anything); or by such a
 * pageview that was scrolled down that far.  With properties the event must
 * have them, too.  CURRENCY: its revenue is told, as far as it is in that one.
 */

#ifndef GL_QUESTION_DEFINED_H
#define GL_QUESTION_DEFINED_H

#include <jansson.h>

#include "question/question.h"

#define GL_GOAL_PROPS_MAX 3
#define GL_DEFINED_NAME_MAX 120 /* characters, as an event's */

struct gl_goal {
    int64_t id;
    char *name; /* as it is shown */
    char *event, *page;
    uint32_t scroll;   /* percent, 0 = not asked */
    GPtrArray *props;  /* char *: key, value, key ... */
    uint32_t currency; /* 0 = none */
};

/* NAME may be NULL: one is made.  NULL and *WHY, a sentence that is the
 * caller's: BODY is none. */
struct gl_goal *gl_goal_new(const char *name, const json_t *body, char **why);
struct gl_goal *gl_goal_copy(const struct gl_goal *goal);
void gl_goal_free(struct gl_goal *goal);
/* What an event passes that reaches GOAL; the caller's. */
struct gl_predicate *gl_goal_predicate(const struct gl_goal *goal);
/* What one passes that reaches one of GOALS at least; the caller's. */
struct gl_predicate *gl_goals_predicate(const GPtrArray *goals);

struct gl_segment {
    int64_t id;
    json_t *filters;
};

struct gl_kept_funnel {
    int64_t id;
    json_t *body;
};

struct gl_defined {
    GPtrArray *goals;    /* struct gl_goal, the oldest first */
    GPtrArray *segments; /* struct gl_segment */
    GPtrArray *funnels;  /* struct gl_kept_funnel */
};

/* *WHY, the caller's: 0, so that it can be returned. */
int gl_defined_refuse_(char **why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct gl_defined *gl_defined_new(void);
/* What BODY, not JSON of that KIND, says is left out. */
void gl_defined_add(struct gl_defined *defined, int64_t id, const char *kind,
                    const char *name, const char *body);
/* NULL is allowed. */
void gl_defined_free(struct gl_defined *defined);

/* 1 = QUERY, JSON, cannot be understood without what is defined. */
int gl_defined_needed(const json_t *query);

#endif
