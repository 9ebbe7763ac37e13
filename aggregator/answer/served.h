/*
 * Pages served beside what scripts tell (counting.md, "Two views"): of some
 * UTC days of a site.  Query thread.
 */

#ifndef GL_ANSWER_SERVED_H
#define GL_ANSWER_SERVED_H

#include <jansson.h>
#include <stdint.h>

struct gl_account;

#define GL_SERVED_LIMIT_MAX 1000

/*
 * Of the days FIRST to LAST of SITE, lists of at most LIMIT rows:
 *
 *     {from, to,
 *      visitors: {served, script, blocks_script, unexplained, script_alone},
 *      views: {served, script, blocks_script, unexplained, told},
 *      replies: {views, refused, missing, failed}, bytes,
 *      by_day: [{day, visitors, views}, ...],
 *      missing, failed: [{page, n}, ...], the most first,
 *      slow: [{page, views, p50_ms, p95_ms, upstream_ms, bytes, cached}, ...],
 *      slow_days: [{page, day, views, p50_ms, p95_ms}, ...],
 *      bots: [{bot, operator, kind, reason, page, day, views, refused,
 *              missing, failed}, ...],
 *      error_percent}
 *
 * Times are of views and at most error_percent from it; upstream_ms is a mean
 * of those that asked one, cached a share of those that nginx's cache might
 * have, null where there are none.  NULL: the file cannot be read.
 */
json_t *gl_served_answer(struct gl_account *account, int64_t site,
                         int64_t first, int64_t last, int limit);

#endif
