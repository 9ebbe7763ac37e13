/*
 * The summary of a site's week, in the language in use:
 *
 *     {"site": "example.com", "week": "2026-W47", "first": "2026-11-16",
 *      "last": "2026-11-22", "timezone": "Europe/Berlin", "weeks_before": 8,
 *      "method": text, "sentences": [...], "facts": [...]}
 *
 * SENTENCES are as tell.h has them, FACTS as ledger.h.  All is asked of one
 * commit, within GL_QUERY_DEADLINE_MS.  Query thread.
 */

#ifndef GL_SUMMARY_SUMMARY_H
#define GL_SUMMARY_SUMMARY_H

#include <jansson.h>

#include "calls/query.h"
#include "store/meta/sites.h"

/* WEEK is "2026-W47"; NULL or "" = the last one that is over.  200 and *ANSWER;
 * or a status and a sentence: 400 there is no such week, or it is not over,
 * else as of any query (answer/asking.h).  Whoever asks must be allowed to see
 * the site. */
int gl_summary(const struct gl_query_view *view,
               const struct gl_meta_site *site, const char *week,
               json_t **answer);

#endif
