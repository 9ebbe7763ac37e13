/*
 * Questions about what came after what, which have no metrics:
 *
 *     {"site_id": "example.com", "date_range": "7d", "filters": [...],
 *      "funnel": {"steps": ["Signup", {"page": "/buy"}], "strict": true}}
 *
 * Of a funnel that is kept, "funnel" is its id.  In its place there may be
 *
 *      "retention": "week"
 *      "journey": {"from": ["/", "/buy"], "direction": "next", "steps": 2},
 *      "pagination": {...}
 *
 * The answer looks as any other: rows with metrics and dimensions, which
 * "query" names.
 */

#ifndef GL_ANSWER_STEPS_H
#define GL_ANSWER_STEPS_H

#include "query/execute/execute.h"
#include "question/parse.h"

/* 1 = QUERY is one of these. */
int gl_steps_asked(const json_t *query);
/* *ANSWER is the caller's; RUN->why says why there is none. */
enum gl_executed gl_steps_answer(struct gl_execution *run,
                                 const struct gl_parse_site *site,
                                 const json_t *query, json_t **answer);

/* BODY can be kept as a funnel: 1, or 0 and *WHY, the caller's. */
int gl_steps_check(const json_t *body, const struct gl_defined *defined,
                   char **why);

#endif
