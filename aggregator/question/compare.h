/*
 * "comparisons" of a query's "include": which earlier time the one asked for
 * is compared with.  Pure.
 *
 *     {"mode": "previous_period", "match_day_of_week": true}
 *     {"mode": "year_over_year"}
 *     {"mode": "custom", "date_range": ["2026-01-01", "2026-01-31"]}
 *
 * A range that has not ended is compared up to now: the first ten hours of
 * today with the first ten of yesterday.  previous_period: as many days
 * earlier as the range has.  year_over_year: the same first date a year
 * earlier (29 February: the 28th), and as many days.  match_day_of_week: moved
 * to the nearest week, at least one back, so that it begins on the same day of
 * the week.
 */

#ifndef GL_QUESTION_COMPARE_H
#define GL_QUESTION_COMPARE_H

#include <jansson.h>

#include "question/range.h"

/* What RANGE is compared with, in *BEFORE: 0; or -1 and *WHY, a sentence that
 * names the key and is the caller's (g_free). */
int gl_compare_read(json_t *json, const struct gl_range_site *site,
                    const struct gl_time_range *range,
                    struct gl_time_range *before, char **why);

#endif
