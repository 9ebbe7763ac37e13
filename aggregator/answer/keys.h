/*
 * Which custom properties the events of a range have: what a reader may choose
 * from before asking by "event:props:KEY".
 *
 *     {"site_id": "example.com", "date_range": "7d", "filters": [...]}
 *
 * The answer looks as any other: rows with the key as dimension and "events",
 * those that have it, as metric, the most first.  Query thread.
 */

#ifndef GL_ANSWER_KEYS_H
#define GL_ANSWER_KEYS_H

#include "query/execute/execute.h"
#include "question/parse.h"

/* *ANSWER is the caller's; RUN->why says why there is none. */
enum gl_executed gl_keys_answer(struct gl_execution *run,
                                const struct gl_parse_site *site,
                                const json_t *query, json_t **answer);

#endif
