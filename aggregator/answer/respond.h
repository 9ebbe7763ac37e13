/*
 * Counts → the answer of the Stats API v2: rounded, in order, the page of it
 * that was asked for.  Pure.
 *
 *     {"results": [{"metrics": [12, 3.5], "dimensions": ["Google"]}],
 *      "meta": {"total_rows": 1}, "query": {...}}
 *
 * Compared, each row has beside it what the earlier time had:
 *
 *     "comparison": {"metrics": [10, 3], "change": [20, 17],
 *                    "dimensions": ["Google"]}
 */

#ifndef GL_ANSWER_RESPOND_H
#define GL_ANSWER_RESPOND_H

#include <jansson.h>

#include "question/parse.h"
#include "question/question.h"

/* The caller's.  BEFORE is what is compared with, NULL when nothing is.  MS:
 * how long both took, told when it was asked for. */
json_t *gl_respond(const struct gl_asked *asked,
                   const struct gl_counted *counted,
                   const struct gl_counted *before, double ms);

#endif
