/*
 * The Stats API v1, which exporters and badges still call: its parameters
 * become a query of v2, v2's answer becomes v1's.  Pure.
 *
 *     GET /api/v1/stats/aggregate?site_id=example.com&period=7d
 *         &metrics=visitors,pageviews&filters=event:page==/blog*
 *     {"results": {"visitors": {"value": 812}, "pageviews": {"value": 2031}}}
 *
 * Periods are v1's own: "7d" has DATE and the six days before, "30d" the
 * thirty before, "6mo" and "12mo" the month of DATE, too; "realtime" is v2's,
 * a timeseries of it has the minutes of "realtime_30m".
 */

#ifndef GL_QUESTION_V1_H
#define GL_QUESTION_V1_H

#include <jansson.h>

#include "question/range.h"

enum gl_v1 { GL_V1_AGGREGATE, GL_V1_TIMESERIES, GL_V1_BREAKDOWN, GL_V1_N };

/* "aggregate" and so on; GL_V1_N: there is no such one. */
enum gl_v1 gl_v1_kind(const char *word);

/* PARAMS is an object of texts.  The query, the caller's; or NULL and *WHY, a
 * sentence that names the parameter and is the caller's (g_free). */
json_t *gl_v1_query(enum gl_v1 kind, json_t *params,
                    const struct gl_range_site *site, char **why);

/* ANSWER is v2's to that query.  The caller's. */
json_t *gl_v1_answer(enum gl_v1 kind, const json_t *answer);

#endif
